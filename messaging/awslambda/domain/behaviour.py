"""What a function does in place of its code, as its tag says. Pure.

``seconds=0.2 errors=0.1 poison=bad result=done``; ``seconds=0.1-0.5`` throws a time in between,
``result=@`` returns what it was given.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

TAG: Final = "signalbox:behaviour"
ECHO: Final = "@"
USAGE: Final = (
    "Use seconds=0.2 (or seconds=0.1-0.5) errors=0.1 poison=word result=word, each of them at most"
    " once: seconds from 0.001 to 900, errors from 0 to 1."
)
_LONGEST_S: Final = 900.0
_SHORTEST_S: Final = 0.001
_NAMES: Final = ("errors", "poison", "result", "seconds")
FAILURE: Final = "failure"
POISON: Final = "poison"
TIMEOUT: Final = "timeout"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How long an invocation takes, how often it fails, on what always, and what it returns."""

    shortest_s: float = 0.1
    longest_s: float = 0.1
    errors: float = 0.0
    poison: str = ""
    result: str | None = None

    def answer(self, payload: str) -> Any:
        """Return what it makes of a payload: what it always returns, or the payload itself."""
        return json.loads(payload) if self.result == ECHO else self.result

    def lasts_ms(self, dice: float, timeout_s: int) -> int:
        """Return how long an invocation runs, for a throw from 0 to 1: no longer than allowed."""
        seconds = self.shortest_s + dice * (self.longest_s - self.shortest_s)
        return max(1, round(min(seconds, float(timeout_s)) * 1000))

    def is_too_slow(self, dice: float, timeout_s: int) -> bool:
        """Tell whether it would run longer than it is allowed to."""
        return self.shortest_s + dice * (self.longest_s - self.shortest_s) > timeout_s

    def why(self, text: str, dice: float) -> str:
        """Return why it fails on a text, "" where it does not."""
        if self.poison and self.poison in text:
            return POISON
        return FAILURE if dice < self.errors else ""


DEFAULT: Final = Behaviour()


def read(text: str) -> Behaviour:
    """Return what the tag's value says; raises ValueError with what is wrong."""
    found: dict[str, str] = {}
    for part in text.split():
        name, equals, value = part.partition("=")
        if name not in _NAMES or not equals or not value or name in found:
            raise ValueError(f"{part!r} says nothing. {USAGE}")
        found[name] = value
    shortest, longest = _seconds(found.get("seconds", "0.1"))
    return Behaviour(
        shortest, longest, _number("errors", found.get("errors", "0"), 0.0, 1.0),
        found.get("poison", ""), found.get("result"),
    )  # fmt: skip


def _seconds(text: str) -> tuple[float, float]:
    shortest, dash, longest = text.partition("-")
    low = _number("seconds", shortest, _SHORTEST_S, _LONGEST_S)
    high = _number("seconds", longest, low, _LONGEST_S) if dash else low
    return low, high


def _number(name: str, text: str, least: float, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{name}={text} is no number. {USAGE}") from None
    if not least <= value <= most:
        raise ValueError(f"{name}={text} is not from {least:g} to {most:g}. {USAGE}")
    return value
