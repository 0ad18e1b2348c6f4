"""Our own server under load: ``manage.py start`` as a process, on a database to throw away."""

import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from django.conf import settings
from psycopg import sql

from dashboard.bench.signing import Credentials

READY: Final = "Ctrl-C stops it."
STOP_SECONDS: Final = 20
_EXPORT: Final = re.compile(r"^(?:export |\$env:)(AWS_\w+)=\"?(.*?)\"?$")


class NotServed(Exception):
    """The server did not start; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: its address, an issued key of its playground, its process."""

    url: str
    credentials: Credentials
    pid: int


@contextmanager
def served(server: str, home: Path, database_url: str, *, demo: bool = False) -> Iterator[Served]:
    """Start the server with its files in ``home`` and stop it at the end; raises NotServed."""
    complaints = home / "complaints.txt"
    with complaints.open("wb") as stderr:
        options = ["--port", "0", "--server", server, *([] if demo else ["--no-demo"])]
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start", *options],
            cwd=settings.BASE_DIR,
            env=environment(home, database_url),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        try:
            yield _greeted(process, complaints)
        finally:
            _stop(process)


@contextmanager
def scratch(database_url: str) -> Iterator[tuple[Path, str]]:
    """Give a folder, and a database address for PostgreSQL ("" for SQLite); both go at the end.

    The folder lies where the program keeps its own database, so that the same disk is measured. A
    PostgreSQL database is made beside the one that ``database_url`` names, which is not touched.
    """
    settings.HOME.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=settings.HOME) as folder:
        if not database_url:
            yield Path(folder), ""
            return
        name = f"signalbox_bench_{secrets.token_hex(6)}"
        _administer(database_url, "CREATE DATABASE {}", name)
        try:
            yield Path(folder), re.sub(r"/[^/?]*(\?|$)", f"/{name}\\1", database_url)
        finally:
            _administer(database_url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def environment(home: Path, database_url: str) -> dict[str, str]:
    """Return the environment of a process that is measured: its own home, nothing shared."""
    return {
        **os.environ,
        "SIGNALBOX_HOME": str(home),
        "SIGNALBOX_MODE": "single",
        "DATABASE_URL": database_url,
        "REDIS_URL": "",
        "DEBUG": "",
        "PYTHONUNBUFFERED": "1",
    }


def _greeted(process: "subprocess.Popen[str]", complaints: Path) -> Served:
    """Read what the server prints until it serves."""
    told: dict[str, str] = {}
    for line in process.stdout or ():
        if (found := _EXPORT.match(line.strip())) is not None:
            told[found[1]] = found[2]
        if READY in line:
            break
    else:
        process.wait()
        raise NotServed(f"The server did not start: {complaints.read_text().strip()}")
    key, secret = told["AWS_ACCESS_KEY_ID"], told["AWS_SECRET_ACCESS_KEY"]
    credentials = Credentials(key, secret, told["AWS_DEFAULT_REGION"])
    return Served(told["AWS_ENDPOINT_URL"], credentials, process.pid)


def _stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.communicate(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _administer(database_url: str, statement: str, name: str) -> None:
    try:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
    except psycopg.Error as error:
        said = str(error).strip().splitlines()[0]
        raise NotServed(f"PostgreSQL gives no database to measure on: {said}") from error
