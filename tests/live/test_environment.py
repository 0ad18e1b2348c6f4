"""What the environment says becomes settings, or one sentence."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment


def test_sqlite_in_the_home_folder_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    entry = environment.database(tmp_path)
    assert entry["ENGINE"] == "django.db.backends.sqlite3"
    assert entry["NAME"] == str(tmp_path / "signalbox.sqlite3")
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous = FULL" in entry["OPTIONS"]["init_command"]


def test_postgres_is_read_from_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://me:secret@db:5433/box?sslmode=require")
    entry = environment.database(tmp_path)
    assert entry["ENGINE"] == "django.db.backends.postgresql"
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("db", 5433, "box")
    assert entry["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("mysql://localhost/x", "The database address 'mysql://localhost/x' is not understood"),
        ("postgres://me:secret@h:port/x", "The database address 'postgres://me:…@h:port/x' is not"),
        ("postgres://localhost", "The database address 'postgres://localhost' names no database."),
        ("sqlite://:memory:", "A database in memory cannot be shared"),
        ("nonsense", "The database address 'nonsense' is not understood"),
        ("postgres://[::1/x", "The database address"),
    ],
)
def test_an_address_that_is_none_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, start: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.database(tmp_path)
    said = str(refused.value)
    assert said.startswith(start)
    assert "\n" not in said
    assert "secret" not in said


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIGNALBOX_SECRET_KEY", raising=False)
    home = tmp_path / "new"
    key = environment.secret_key(home)
    assert len(key) >= 64
    assert environment.secret_key(home) == key
    assert [path.name for path in home.iterdir()] == ["secret-key"]
    assert (home / "secret-key").stat().st_mode & 0o777 == 0o600
    assert environment.secret_key(tmp_path / "other") != key


def test_the_secret_key_may_come_from_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNALBOX_SECRET_KEY", "given")
    assert environment.secret_key(tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


def test_a_mode_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNALBOX_MODE", "party")
    with pytest.raises(ImproperlyConfigured, match="use single or classroom"):
        environment.choice("SIGNALBOX_MODE", ("single", "classroom"))
