"""Migrations of the scheduler tables."""
