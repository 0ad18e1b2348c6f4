"""Migrations of the events tables."""
