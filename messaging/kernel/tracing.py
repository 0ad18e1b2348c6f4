"""Trace headers: what messages of one trace have in common. Pure."""

from typing import Final

ROOT_CHARS: Final = 96


def root_of(header: str) -> str:
    """Return the root that an X-Ray trace header names, or the header where it names none."""
    parts = dict(part.strip().partition("=")[::2] for part in header.split(";"))
    return (parts.get("Root") or header.strip())[:ROOT_CHARS]
