"""What every test may count on: profiles, needed parts, and fixtures.

A test that drives another program says so: ``@pytest.mark.needs("chromium", "redis")``. Where a
part is missing the test is skipped, unless SIGNALBOX_REQUIRE lists the part: then a skip is a
failure. With SIGNALBOX_REQUIRE set, a skip for any other reason is a failure too.
"""

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from tests.fixtures import parts

pytest_plugins = [
    "tests.fixtures.workers",
    "tests.fixtures.engine",
    "tests.fixtures.server",
    "tests.fixtures.browser",
]

# Deadlines would measure the machine, not the code.
settings.register_profile("dev", deadline=None, max_examples=60)
settings.register_profile(
    "ci",
    deadline=None,
    max_examples=150,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Part with connections that view threads keep: PostgreSQL drops no database in use."""
    yield
    if parts.is_postgres():
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose parts are not here."""
    for part in _needs(item):
        reason = parts.missing(part)
        if reason:
            pytest.skip(f"needs {part}: {reason}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where every part was promised."""
    report = yield
    is_skip = report.skipped and not hasattr(report, "wasxfail")
    if is_skip and parts.required() and not parts.excused(_needs(item)):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Do the same for a module that skips itself as a whole."""
    report = yield
    if report.skipped and parts.required():
        _fail(report)
    return report


def _needs(item: pytest.Item) -> list[str]:
    return [part for marker in item.iter_markers("needs") for part in marker.args]


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"Skipped although SIGNALBOX_REQUIRE promises every part: {reason}"
