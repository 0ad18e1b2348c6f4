"""Why does an event not match? The first leaf that does not hold, and what lies there instead."""

from dataclasses import dataclass
from typing import Any

from messaging.patterns.clauses import ABSENT
from messaging.patterns.matching import field_of, leaf_holds, objects
from messaging.patterns.tree import Branch, Leaf, Pattern

Path = tuple[str, ...]


@dataclass(frozen=True)
class Failure:
    """A leaf that does not hold: where, what it asks for (as written), what is there.

    ``alternatives`` counts the branches of a ``$or`` of which none holds; the one that is told came
    furthest.
    """

    path: Path
    asked: tuple[Any, ...]
    found: Any
    alternatives: int = 0

    @property
    def is_absent(self) -> bool:
        return self.found is ABSENT


@dataclass(frozen=True)
class _Try:
    """One look at an object: how many fields held before the failure, if one did not."""

    held: int
    failure: Failure | None


def explain(pattern: Pattern, event: Any) -> Failure | None:
    """Return the first failure, or None where the event matches.

    Of several elements of an array the one is told that came furthest.
    """
    return _branch(pattern, event, ()).failure


def _branch(branch: Branch, value: Any, path: Path) -> _Try:
    found = list(objects(value)) or [{}]
    return _best([_object(branch, each, path) for each in found])


def _object(branch: Branch, event: dict[str, Any], path: Path) -> _Try:
    held = 0
    for name, below in branch.fields.items():
        value, place = field_of(event, name), (*path, name)
        if isinstance(below, Leaf):
            if not leaf_holds(below, value):
                return _Try(held, Failure(place, below.entries, value))
            held += 1
            continue
        tried = _branch(below, value, place)
        held += tried.held
        if tried.failure is not None:
            return _Try(held, tried.failure)
    for choice in branch.choices:
        tried = _best([_object(each, event, path) for each in choice])
        held += tried.held
        if tried.failure is not None:
            told = tried.failure
            return _Try(held, Failure(told.path, told.asked, told.found, len(choice)))
    return _Try(held, None)


def _best(tries: list[_Try]) -> _Try:
    """Return one that held, else the one that came furthest, else the first."""
    for tried in tries:
        if tried.failure is None:
            return tried
    return max(tries, key=lambda tried: tried.held)
