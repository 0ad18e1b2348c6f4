"""Does an event match a pattern? (rules E1, E2, N12)

An array in the event stands for each of its elements: a leaf is right when any element is, an
object below must be right within one and the same element.
"""

from collections.abc import Iterator
from typing import Any

from messaging.patterns.clauses import ABSENT, Exists
from messaging.patterns.tree import Branch, Leaf, Pattern


def matches(pattern: Pattern, event: Any) -> bool:
    """Tell whether ``event`` (parsed JSON) matches."""
    return _branch_holds(pattern, event)


def leaf_holds(leaf: Leaf, value: Any) -> bool:
    """Tell whether what lies at a field, ABSENT included, satisfies one of the leaf's clauses."""
    found = list(scalars(value))
    if not found:
        # Nothing scalar is there: only "it does not exist" can hold.
        return any(isinstance(clause, Exists) and clause.holds(ABSENT) for clause in leaf.clauses)
    return any(clause.holds(each) for clause in leaf.clauses for each in found)


def field_of(event: Any, name: str) -> Any:
    """Return what lies at a field, or ABSENT; a name with dots in the event counts as nested."""
    if not isinstance(event, dict):
        return ABSENT
    if name in event:
        return event[name]
    head = f"{name}."
    below = {key[len(head) :]: value for key, value in event.items() if key.startswith(head)}
    return below or ABSENT


def scalars(value: Any) -> Iterator[Any]:
    """Return the scalars that a field stands for: itself, or its array's elements."""
    if isinstance(value, list):
        for each in value:
            yield from scalars(each)
    elif value is not ABSENT and not isinstance(value, dict):
        yield value


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Return the objects that a field stands for: itself, or its array's elements."""
    if isinstance(value, list):
        for each in value:
            yield from objects(each)
    elif isinstance(value, dict):
        yield value


def _branch_holds(branch: Branch, value: Any) -> bool:
    if any(_holds_in(branch, each) for each in objects(value)):
        return True
    # Without an object every field of it is absent.
    return next(objects(value), None) is None and _holds_in(branch, {})


def _holds_in(branch: Branch, event: dict[str, Any]) -> bool:
    for name, below in branch.fields.items():
        value = field_of(event, name)
        holds = leaf_holds(below, value) if isinstance(below, Leaf) else _branch_holds(below, value)
        if not holds:
            return False
    return all(any(_holds_in(each, event) for each in choice) for choice in branch.choices)
