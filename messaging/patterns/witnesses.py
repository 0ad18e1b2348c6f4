"""The other way round: from a pattern to small events that match it, or just fail to.

What a person wants to see who asks "what would this let through that the old one did not?". Not
every pattern has a witness that is found here: clauses of one leaf are tried one by one, and the
result is checked with the matcher itself.
"""

from collections.abc import Iterator
from ipaddress import ip_network
from itertools import islice
from typing import Any, Final

from messaging.patterns.clauses import (
    ABSENT,
    AnythingBut,
    Cidr,
    Clause,
    EqualsIgnoreCase,
    Exact,
    Exists,
    Numeric,
    Prefix,
    Suffix,
    Wildcard,
)
from messaging.patterns.matching import leaf_holds, matches
from messaging.patterns.tree import Branch, Leaf, Pattern

_TRIED: Final = 200
_OTHERS: Final[tuple[Any, ...]] = ("other", "", 0, 1, -1, 10**6, True, None)


def matching(pattern: Pattern, *, but_not: Pattern | None = None) -> Any | None:
    """Return a small event that matches, and that ``but_not`` does not; None if none is found."""
    for event in islice(_events(pattern), _TRIED):
        if matches(pattern, event) and (but_not is None or not matches(but_not, event)):
            return event
    return None


def missing(pattern: Pattern) -> Any | None:
    """Return an event that fails at one leaf only; None where none is found."""
    whole = matching(pattern)
    if whole is None:
        return None
    for path, leaf in _leaves(pattern, ()):
        for value in (*_near(leaf), *_OTHERS, ABSENT):
            if not leaf_holds(leaf, value):
                event = _put(whole, path, value)
                if not matches(pattern, event):
                    return event
    return None


def _events(branch: Branch) -> Iterator[dict[str, Any]]:
    """Yield events for each choice of branches and clauses, simple ones first."""
    yield from _with_fields(list(branch.fields.items()), list(branch.choices))


def _with_fields(
    fields: list[tuple[str, "Leaf | Branch"]], choices: list[tuple[Branch, ...]]
) -> Iterator[dict[str, Any]]:
    if fields:
        (name, below), *rest = fields
        values = _values(below) if isinstance(below, Leaf) else _events(below)
        for value in values:
            for event in _with_fields(rest, choices):
                yield event if value is ABSENT else {name: value, **event}
    elif choices:
        first, *others = choices
        for chosen in first:
            for one in _events(chosen):
                for event in _with_fields([], others):
                    yield {**event, **one}
    else:
        yield {}


def _values(leaf: Leaf) -> Iterator[Any]:
    """Yield what satisfies a leaf, a value for each clause and a few more."""
    for clause in leaf.clauses:
        yield from (value for value in _of_clause(clause) if clause.holds(value))


def _near(leaf: Leaf) -> Iterator[Any]:
    """Yield values that nearly satisfy a leaf: the right ones with a letter or a number more."""
    for value in _values(leaf):
        if isinstance(value, str):
            yield f"{value}x"
            yield value.upper() if value != value.upper() else value.lower()
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield value - 1
            yield value + 1


def _of_clause(clause: Clause) -> Iterator[Any]:
    match clause:
        case Exact(value):
            yield value
        case Prefix(text) | Suffix(text) | EqualsIgnoreCase(text):
            yield text
        case Wildcard(text):
            yield text.replace("*", "")
            yield text.replace("*", "a")
        case Numeric(bounds):
            yield from _numbers([bound for _, bound in bounds])
        case Cidr(network):
            yield str(ip_network(network, strict=False)[0])
        case Exists(wanted):
            yield "anything" if wanted else ABSENT
        case AnythingBut(clauses):
            yield from _OTHERS
            yield from (f"not {value}" for each in clauses for value in _of_clause(each))


def _numbers(bounds: list[float]) -> Iterator[float]:
    yield sum(bounds) / len(bounds)
    for bound in bounds:
        yield from (bound, bound + 1, bound - 1)


def _leaves(branch: Branch, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Leaf]]:
    for name, below in branch.fields.items():
        if isinstance(below, Leaf):
            yield (*path, name), below
        else:
            yield from _leaves(below, (*path, name))


def _put(event: Any, path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Return the event with another value at a path; ABSENT takes it away."""
    name, *rest = path
    changed = dict(event) if isinstance(event, dict) else {}
    if rest:
        changed[name] = _put(changed.get(name), tuple(rest), value)
    elif value is ABSENT:
        changed.pop(name, None)
    else:
        changed[name] = value
    return changed
