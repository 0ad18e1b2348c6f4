"""The table of what is modelled is true, and what it calls missing says so itself."""

import re

import pytest

from dashboard.coverage import FILE, as_markdown, coverage
from messaging.dispatch import prepare
from messaging.kernel.context import Caller
from messaging.kernel.errors import NotModelled
from messaging.wire.catalogue import SERVICES


def test_the_table_is_true() -> None:
    """A newer botocore may know operations that the file does not name yet; none may be wrong."""
    sections = FILE.read_text().split("\n## ")[1:]
    rows = list(coverage())
    assert len(sections) == len(rows), "run manage.py coverage"
    for row, section in zip(rows, sections, strict=True):
        modelled = _names(section, "Modelled")
        assert section.startswith(f"{row.full_name}\n")
        assert modelled == row.modelled, "run manage.py coverage"
        assert not set(_names(section, "Not modelled")) & set(modelled)


def test_the_command_writes_what_the_table_says() -> None:
    text = as_markdown()
    assert "| Amazon Simple Queue Service (`sqs`) | 23 | 23 |" in text
    assert "Not modelled: none." in text


def test_every_service_of_the_wire_is_listed() -> None:
    assert [row.name for row in coverage()] == list(SERVICES)


def test_what_is_missing_answers_501_and_names_itself() -> None:
    caller = Caller(1, "123456789012", "us-east-1", "arn:aws:iam::123456789012:root", "client:test")
    for row in coverage():
        for operation in row.missing:
            with pytest.raises(NotModelled, match=f"{row.name}:{operation}") as refusal:
                prepare(caller, row.name, operation, {})
            assert refusal.value.status == 501


def _names(section: str, word: str) -> list[str]:
    found = re.search(rf"^{word}: (.*)\.$", section, re.MULTILINE)
    return found[1].split(", ") if found else []
