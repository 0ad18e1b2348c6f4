"""What the environment says: home folder, database, secret key, lists of names."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
POSTGRES_SCHEMES = ("postgres", "postgresql", "pgsql")
# Rows are inserted by one statement for each number of them: Python keeps 128 by itself.
SQLITE_STATEMENTS = 1_000
SQLITE_START = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -64000;
PRAGMA wal_autocheckpoint = 4000;
"""
SQLITE_BUSY_SECONDS = 20
POSTGRES_CONNECT_SECONDS = 5


def flag(name: str) -> bool:
    """Return whether the environment switches ``name`` on."""
    return os.environ.get(name, "").strip().lower() in TRUE


def names(name: str) -> list[str]:
    """Return the comma-separated entries of the variable ``name``."""
    return [entry.strip() for entry in os.environ.get(name, "").split(",") if entry.strip()]


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """Return the variable ``name``, one of ``allowed``; the first is the default."""
    value = os.environ.get(name) or allowed[0]
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value} is not known: use {' or '.join(allowed)}.")
    return value


def database(home: Path) -> dict[str, Any]:
    """Return Django's entry for DATABASE_URL, or for an SQLite file in ``home`` without it."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{home / 'signalbox.sqlite3'}"
    scheme = url.partition(":")[0].lower()
    if scheme == "sqlite":
        return _sqlite(_parse(url))
    if scheme in POSTGRES_SCHEMES:
        return _postgres(_parse(url))
    raise ImproperlyConfigured(
        f"The database address {without_password(url)!r} is not understood: use "
        "sqlite:////folder/file.sqlite3 or postgres://user:password@host:5432/name."
    )


def secret_key(home: Path) -> str:
    """Return SIGNALBOX_SECRET_KEY, or the key kept in ``home``, made on first use."""
    given = os.environ.get("SIGNALBOX_SECRET_KEY")
    if given:
        return given
    path = home / "secret-key"
    try:
        return path.read_text(encoding="ascii") if path.exists() else _make_key(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The folder {home} cannot be used ({error.strerror or error}): make it writable, or "
            "set SIGNALBOX_HOME to another folder."
        ) from error


def without_password(url: str) -> str:
    """Return ``url`` as it may be shown to people."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return url.partition(":")[0] + "://…"
    return url.replace(f":{password}@", ":…@", 1) if password else url


def _parse(url: str) -> dict[str, Any]:
    try:
        parsed: Mapping[str, Any] = dj_database_url.parse(url)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"The database address {without_password(url)!r} is not understood: {error}."
        ) from error
    if not parsed["NAME"]:
        raise ImproperlyConfigured(
            f"The database address {without_password(url)!r} names no database."
        )
    return dict(parsed)


def _sqlite(entry: dict[str, Any]) -> dict[str, Any]:
    if entry["NAME"] == ":memory:":
        raise ImproperlyConfigured(
            "A database in memory cannot be shared by the server's threads: name a file."
        )
    entry["NAME"] = str(Path(entry["NAME"]).absolute())
    entry["CONN_MAX_AGE"] = None
    entry["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": SQLITE_BUSY_SECONDS,
        "cached_statements": SQLITE_STATEMENTS,
        "init_command": SQLITE_START,
    }
    return entry


def _postgres(entry: dict[str, Any]) -> dict[str, Any]:
    entry["CONN_MAX_AGE"] = 60
    entry["CONN_HEALTH_CHECKS"] = True
    entry["OPTIONS"] = {"connect_timeout": POSTGRES_CONNECT_SECONDS, **entry.get("OPTIONS", {})}
    return entry


def _make_key(path: Path) -> str:
    """Write a new key that only its owner may read; another process may win the race."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(48)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(key, encoding="ascii")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        key = path.read_text(encoding="ascii")
    finally:
        draft.unlink()
    return key
