"""Messages and events with their verdicts, and counter-examples. Pure."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.matcher.marking import Line, lines
from messaging.patterns.matching import matches
from messaging.patterns.tree import Pattern
from messaging.patterns.verdicts import Failure, explain
from messaging.patterns.witnesses import matching, missing

_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that came by: its title, and what a pattern looks at (None: at nothing)."""

    title: str
    event: Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a pattern says of something that came by.

    ``before`` is what the saved pattern says; None where nothing is saved. ``event`` and
    ``pattern`` are both documents with the failing clause marked.
    """

    title: str
    holds: bool
    before: bool | None
    failure: Failure | None
    event: Sequence[Line]
    pattern: Sequence[Line]

    @property
    def would_change(self) -> bool:
        return self.before is not None and self.before != self.holds

    @property
    def path(self) -> str:
        return ".".join(self.failure.path) if self.failure else ""

    @property
    def asked(self) -> str:
        return ", ".join(map(_written, self.failure.asked)) if self.failure else ""

    @property
    def found(self) -> str:
        """What lies there instead; "" where nothing does."""
        if self.failure is None or self.failure.is_absent:
            return ""
        return _written(self.failure.found)


def judge(
    pattern: Pattern, text: str, passed: Iterable[Passed], *, saved: Pattern | None
) -> list[Verdict]:
    """Return the verdict on each."""
    document = json.loads(text)
    return [_verdict(pattern, document, each, saved) for each in passed]


def counter_examples(pattern: Pattern, saved: Pattern | None) -> dict[str, str]:
    """Return events that tell what a pattern does: by what they show, as JSON.

    ``new`` comes in now and did not, ``lost`` came in and does not, ``matching`` and ``missing``
    are small events that match and that just fail to.
    """
    found: dict[str, Any] = {"matching": matching(pattern), "missing": missing(pattern)}
    if saved is not None:
        found = {
            "new": matching(pattern, but_not=saved),
            "lost": matching(saved, but_not=pattern),
        } | found
    return {
        name: json.dumps(event, ensure_ascii=False)
        for name, event in found.items()
        if event is not None
    }


def _verdict(pattern: Pattern, document: Any, passed: Passed, saved: Pattern | None) -> Verdict:
    event = {} if passed.event is None else passed.event
    failure = explain(pattern, event)
    holds = passed.event is not None and failure is None
    before = None if saved is None else passed.event is not None and matches(saved, event)
    path = failure.path if failure is not None else None
    return Verdict(passed.title, holds, before, failure, lines(event, path), lines(document, path))


def _written(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
