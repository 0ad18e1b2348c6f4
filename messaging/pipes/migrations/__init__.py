"""Migrations of the pipes tables."""
