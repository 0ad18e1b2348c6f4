"""A locked, full or vanished database: a clear error, and nothing half-written."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

from messaging.kernel.batch import Batch
from messaging.kernel.errors import ServiceUnavailable
from messaging.sqs.models import Message
from tests.services.conftest import PATIENCE_S, Writer
from tests.services.sqs import invariants

pytestmark = pytest.mark.needs("sqlite")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a locked database for a moment only; for new connections, so before the writer."""
    monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "timeout", 0.1)


@pytest.fixture
def file(writer: Writer) -> Path:
    return Path(connection.settings_dict["NAME"])


@pytest.fixture
def other_program(file: Path) -> Iterator[sqlite3.Connection]:
    """Return another program's connection to the same file."""
    other = sqlite3.connect(file, timeout=0, isolation_level=None)
    yield other
    other.close()


def works(writer: Writer) -> None:
    before = Message.objects.count()
    assert writer.call("SendMessage", MessageBody="it works")
    assert Message.objects.count() == before + 1
    invariants.check(writer.sandbox.pk)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchone() == ("ok",)


def test_a_locked_database(writer: Writer, other_program: sqlite3.Connection) -> None:
    works(writer)
    before = Message.objects.count()
    other_program.execute("BEGIN IMMEDIATE")
    sent = [writer.start("SendMessage", MessageBody=str(n)) for n in range(3)]
    for future in sent:
        error = future.exception(PATIENCE_S)
        assert isinstance(error, ServiceUnavailable)
        assert (error.code, error.status) == ("ServiceUnavailable", 503)
        assert error.message == (
            "The database refused the change: database is locked. Nothing was kept; try again."
        )
    other_program.execute("ROLLBACK")
    assert Message.objects.count() == before
    works(writer)


def test_a_full_disk(writer: Writer) -> None:
    def fill_up(batch: Batch) -> None:
        [(pages,)] = batch.db.read("PRAGMA page_count")
        batch.db.read(f"PRAGMA max_page_count={pages + 2}")

    works(writer)
    writer.executor.run_sync(fill_up)
    with pytest.raises(ServiceUnavailable, match="full"):
        for _ in range(50):
            writer.call("SendMessage", MessageBody="x" * 200_000)
    kept = Message.objects.count()
    invariants.check(writer.sandbox.pk)
    works(writer)
    assert Message.objects.count() == kept + 1


def test_a_file_that_has_vanished_and_comes_back(writer: Writer, file: Path) -> None:
    works(writer)
    kept = Message.objects.count()
    aside = file.with_suffix(".aside")
    file.rename(aside)
    try:
        with pytest.raises(ServiceUnavailable, match="the database file has vanished"):
            writer.call("SendMessage", MessageBody="into nowhere")
        assert not file.exists(), "no empty database is made in its place"
    finally:
        aside.rename(file)
    assert Message.objects.count() == kept
    works(writer)


def test_a_file_that_was_replaced(writer: Writer, file: Path) -> None:
    works(writer)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    aside = file.with_suffix(".aside")
    file.rename(aside)
    try:
        file.touch()
        with pytest.raises(ServiceUnavailable, match="the database file has been replaced"):
            writer.call("SendMessage", MessageBody="into another")
        with pytest.raises(ServiceUnavailable, match="no such table"):
            writer.call("SendMessage", MessageBody="into another")
    finally:
        for left in file.parent.glob(f"{file.name}-*"):
            left.unlink()
        aside.replace(file)
        connection.close()
    works(writer)
