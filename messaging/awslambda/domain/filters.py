"""Which messages a mapping passes on. Pure.

A message passes that any of the patterns matches; its body counts as JSON where it is an object or
an array, and as text otherwise.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from messaging.patterns.dialects import PIPE
from messaging.patterns.matching import matches
from messaging.patterns.parsing import InvalidPattern, parse
from messaging.patterns.tree import Pattern


def find_flaw(pattern: str) -> str:
    """Return what is wrong with a pattern, or ""."""
    try:
        _read(pattern)
    except InvalidPattern as error:
        return error.reason
    return ""


def passes(patterns: Sequence[str], body: str) -> bool:
    """Tell whether a message passes; without patterns all do."""
    if not patterns:
        return True
    event = {"body": _content(body)}
    return any(matches(_read(pattern), event) for pattern in patterns)


@lru_cache(512)
def _read(pattern: str) -> Pattern:
    return parse(pattern, PIPE)


def _content(body: str) -> Any:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return body
    return found if isinstance(found, dict | list) else body
