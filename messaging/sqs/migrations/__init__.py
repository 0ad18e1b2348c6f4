"""Migrations of the sqs tables."""
