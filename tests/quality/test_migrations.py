"""Tables and migrations agree, and Django's own checks pass."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_django_checks_pass() -> None:
    call_command("check", fail_level="WARNING")
