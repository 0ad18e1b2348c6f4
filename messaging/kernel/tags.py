"""Tags: the rules that AWS's services share. Pure.

Services word these errors differently, so what is wrong comes as a ``TagProblem`` with the facts.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

KEY_CHARS_MAX = 128
VALUE_CHARS_MAX = 256
TAGS_MAX = 50
RESERVED_PREFIX = "aws:"

# Letters, digits and spaces of any script, and these signs: the set that most services allow
_ALLOWED = re.compile(r"[\w\s.:/=+\-@]*")


class TagProblem(NamedTuple):
    """Why tags are refused: ``kind`` is count, key-length, value-length, reserved or characters."""

    kind: str
    key: str
    text: str


def find_problem(
    tags: Mapping[str, str], *, existing: Mapping[str, str] | None = None, most: int = TAGS_MAX
) -> TagProblem | None:
    """Return the first thing wrong with adding ``tags`` to ``existing``, or None."""
    for key, value in tags.items():
        problem = _find_tag_problem(key, value)
        if problem:
            return problem
    count = len(merge_tags(existing or {}, tags))
    if count > most:
        return TagProblem("count", "", f"{count} tags exceed the maximum of {most}.")
    return None


def merge_tags(existing: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """Return both; a key that is in both takes the added value."""
    return {**existing, **added}


def remove_tags(existing: Mapping[str, str], keys: Iterable[str]) -> dict[str, str]:
    """Return ``existing`` without ``keys``; keys that are not there do not matter."""
    gone = frozenset(keys)
    return {key: value for key, value in existing.items() if key not in gone}


def _find_tag_problem(key: str, value: str) -> TagProblem | None:
    if not 1 <= len(key) <= KEY_CHARS_MAX:
        return TagProblem("key-length", key, f"Tag keys must have 1 to {KEY_CHARS_MAX} characters.")
    if len(value) > VALUE_CHARS_MAX:
        return TagProblem(
            "value-length",
            key,
            f"Tag values must have at most {VALUE_CHARS_MAX} characters.",
        )
    if key.lower().startswith(RESERVED_PREFIX):
        return TagProblem("reserved", key, f"Tag key {key} has the reserved prefix aws:")
    if not _ALLOWED.fullmatch(key) or not _ALLOWED.fullmatch(value):
        return TagProblem("characters", key, f"Tag {key} has characters that are not allowed.")
    return None
