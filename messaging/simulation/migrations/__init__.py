"""Migrations of the simulation tables."""
