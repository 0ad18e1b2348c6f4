"""Statements that run for every event and every tick."""
