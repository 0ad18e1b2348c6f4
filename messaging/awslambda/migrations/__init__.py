"""Migrations of the awslambda tables."""
