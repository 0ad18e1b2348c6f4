"""Rules of composite alarms: ``ALARM("a") AND NOT (OK(b) OR FALSE)``. Pure."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

_TOKEN: Final = re.compile(r"\s*(\(|\)|\"[^\"]*\"|[^\s()\"]+)")
_STATES: Final = ("ALARM", "OK", "INSUFFICIENT_DATA")
CHILDREN_MAX: Final = 100
_DEEPEST: Final = 32

Rule = Any
StateOf = Callable[[str], str]


class Flaw(ValueError):
    """What is wrong with a rule; ``unmodelled`` names a part that is not here."""

    unmodelled = ""


class Is(NamedTuple):
    state: str
    alarm: str


class Not(NamedTuple):
    rule: Rule


class Both(NamedTuple):
    sign: str
    left: Rule
    right: Rule


def parse(text: str) -> Rule:
    """Return the tree of a rule; raises Flaw."""
    reader = _Reader(_tokens(text))
    rule = reader.either()
    if reader.peek:
        raise Flaw(f"unexpected '{reader.peek}'")
    return rule


def holds(rule: Rule, state_of: StateOf) -> bool:
    """Tell whether a rule is true where ``state_of`` returns the state of each alarm."""
    if isinstance(rule, bool):
        return rule
    if isinstance(rule, Is):
        return state_of(rule.alarm) == rule.state
    if isinstance(rule, Not):
        return not holds(rule.rule, state_of)
    both = (rule.left, rule.right)
    if rule.sign == "AND":
        return all(holds(one, state_of) for one in both)
    return any(holds(one, state_of) for one in both)


def alarms_in(rule: Rule) -> Iterator[str]:
    """Yield the names or ARNs of the alarms that a rule looks at."""
    if isinstance(rule, Is):
        yield rule.alarm
    elif isinstance(rule, Not):
        yield from alarms_in(rule.rule)
    elif isinstance(rule, Both):
        yield from alarms_in(rule.left)
        yield from alarms_in(rule.right)


def _tokens(text: str) -> list[str]:
    place, found = 0, []
    text = text.strip()
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise Flaw(f"unexpected '{text[place]}'")
        found.append(token.group(1))
        place = token.end()
    return found


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek
        if not token or (wanted and token != wanted):
            raise Flaw(f"expected '{wanted or 'a condition'}', found '{token or 'the end'}'")
        self._at += 1
        return token

    def either(self) -> Rule:
        left = self._all()
        while self.peek == "OR":
            self.take()
            left = Both("OR", left, self._all())
        return left

    def _all(self) -> Rule:
        left = self._one()
        while self.peek == "AND":
            self.take()
            left = Both("AND", left, self._one())
        return left

    def _one(self) -> Rule:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Flaw("it is nested too deeply")
        rule = self._read()
        self._depth -= 1
        return rule

    def _read(self) -> Rule:
        token = self.take()
        if token == "NOT":
            return Not(self._one())
        if token in ("TRUE", "FALSE"):
            return token == "TRUE"
        if token == "(":
            rule = self.either()
            self.take(")")
            return rule
        if token == "AT_LEAST":
            flaw = Flaw("AT_LEAST")
            flaw.unmodelled = "AT_LEAST in rules of composite alarms"
            raise flaw
        if token not in _STATES:
            raise Flaw(f"unexpected '{token}'")
        self.take("(")
        alarm = self.take().strip('"')
        self.take(")")
        return Is(token, alarm)
