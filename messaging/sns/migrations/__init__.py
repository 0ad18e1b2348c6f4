"""Migrations of SNS."""
