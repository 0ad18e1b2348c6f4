"""The database before the server runs: reachable, not newer than the program, migrated."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext

from dashboard.management.preflight import Refused
from dashboard.wording import later as _

PATIENCE_SECONDS = 3
# Any number will do, as long as every process that migrates uses the same.
MIGRATION_LOCK = 5_161_982

SQLITE_REASONS = {
    "is locked": _("is locked by another program: close that program and start again"),
    "unable to open": _("cannot be opened: make its folder, or make it readable and writable"),
    "readonly": _("cannot be written: make the file and its folder writable"),
    "not a database": _("is not an SQLite database: choose another file with --database-url"),
    "malformed": _("is damaged: restore a copy, or choose another file with --database-url"),
    "disk is full": _("cannot grow, as its disk is full: make room and start again"),
}


def sqlite_file() -> Path | None:
    """Return the SQLite file of the default database, or None where it is PostgreSQL."""
    entry = settings.DATABASES[DEFAULT_DB_ALIAS]
    return Path(entry["NAME"]) if entry["ENGINE"].endswith("sqlite3") else None


def describe() -> str:
    """Name the database as people know it, without its password."""
    path = sqlite_file()
    if path is not None:
        return f"SQLite, {path}"
    entry = settings.DATABASES[DEFAULT_DB_ALIAS]
    host, port = entry["HOST"] or gettext("its local socket"), entry["PORT"] or 5432
    return f"PostgreSQL, {entry['NAME']} at {host}:{port}"


def prepare() -> int:
    """Bring the tables up to date and return how many migrations that took.

    Raises Refused when the database cannot be used, or was written by a newer program.
    """
    try:
        with _impatient() as connection, _alone(connection):
            _refuse_newer(connection)
            executor = MigrationExecutor(connection)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if plan:
                call_command("migrate", verbosity=0, interactive=False)
            return len(plan)
    except DatabaseError as error:
        raise Refused(sentence(error)) from error


def sentence(error: DatabaseError) -> str:
    """Say in one sentence what the database refused, and what to do."""
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    path = sqlite_file()
    if path is None:
        if connections[DEFAULT_DB_ALIAS].connection is None:
            return gettext("The database (%(describe)s) cannot be reached: %(last_clause)s.") % {
                "describe": describe(),
                "last_clause": _last_clause(first),
            }
        return gettext("The database (%(describe)s) refuses to work: %(first)s.") % {
            "describe": describe(),
            "first": first,
        }
    for part, reason in SQLITE_REASONS.items():
        if part in first:
            return gettext("The database %(path)s %(reason)s.") % {"path": path, "reason": reason}
    return gettext("The database %(path)s does not work: %(first)s.") % {
        "path": path,
        "first": first,
    }


@contextmanager
def _impatient() -> Iterator[Any]:
    """Connect with a short patience for locks: somebody is looking at the screen."""
    connection: Any = connections[DEFAULT_DB_ALIAS]
    options = connection.settings_dict["OPTIONS"]
    patience = options.get("timeout")
    if connection.vendor == "sqlite":
        options["timeout"] = PATIENCE_SECONDS
    try:
        connection.close()
        connection.ensure_connection()
        yield connection
    finally:
        connection.close()
        if patience is not None:
            options["timeout"] = patience


@contextmanager
def _alone(connection: Any) -> Iterator[None]:
    """Let one process migrate a PostgreSQL database at a time; an SQLite file has one anyway."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", (MIGRATION_LOCK,))


def _refuse_newer(connection: Any) -> None:
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known |= set(migration.replaces)
    unknown = sorted(set(loader.applied_migrations) - known)
    if unknown:
        app, name = unknown[-1]
        raise Refused(
            gettext(
                "The database (%(describe)s) was written by a newer version of Signalbox "
                "(%(app)s.%(name)s is not known here): update the program, or choose another "
                "database with --database-url."
            )
            % {"describe": describe(), "app": app, "name": name}
        )


def _last_clause(text: str) -> str:
    return text.rpartition("failed: ")[2].removeprefix("FATAL:").strip().rstrip(".")
