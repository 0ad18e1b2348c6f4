"""Answers that are worked out by who takes them, not by the writer, which everybody waits for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Later:
    """A result that is not worked out yet.

    ``finish`` is a pure function at the top of its module and ``arguments`` are plain values: both
    may cross to another process.
    """

    finish: Callable[..., Any]
    arguments: tuple[Any, ...]


def finished(result: Any) -> Any:
    """Return a result worked out."""
    return result.finish(*result.arguments) if type(result) is Later else result
