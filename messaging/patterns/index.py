"""Which of many patterns match? Each is found by one of its exact values, then checked whole.

A thousand rules that ask for different values of a field cost one look at that field.
"""

from collections.abc import Hashable, Iterator
from typing import Any, Generic, TypeVar

from messaging.patterns.clauses import Exact, is_number
from messaging.patterns.matching import field_of, matches, objects, scalars
from messaging.patterns.tree import Branch, Pattern

K = TypeVar("K", bound=Hashable)
Path = tuple[str, ...]
Value = tuple[str, Any]


class PatternIndex(Generic[K]):
    """Patterns by key. Patterns without an exact value are checked for every event."""

    def __init__(self) -> None:
        self._patterns: dict[K, Pattern] = {}
        self._order: dict[K, int] = {}
        self._added = 0
        self._buckets: dict[Path, dict[Value, dict[K, None]]] = {}
        self._places: dict[K, tuple[Path, frozenset[Value]]] = {}
        self._rest: dict[K, None] = {}

    def __len__(self) -> int:
        return len(self._patterns)

    def put(self, key: K, pattern: Pattern) -> None:
        """Add a pattern, or replace the one of this key."""
        order = self._order.get(key)
        self.drop(key)
        self._patterns[key] = pattern
        self._added += 1
        self._order[key] = self._added if order is None else order
        place = self._rarest(pattern)
        if place is None:
            self._rest[key] = None
            return
        self._places[key] = place
        path, values = place
        buckets = self._buckets.setdefault(path, {})
        for value in values:
            buckets.setdefault(value, {})[key] = None

    def drop(self, key: K) -> None:
        """Remove a pattern, if it is there."""
        if self._patterns.pop(key, None) is None:
            return
        del self._order[key]
        self._rest.pop(key, None)
        place = self._places.pop(key, None)
        if place is None:
            return
        path, values = place
        buckets = self._buckets[path]
        for value in values:
            del buckets[value][key]
            if not buckets[value]:
                del buckets[value]
        if not buckets:
            del self._buckets[path]

    def find(self, event: Any) -> list[K]:
        """Return the keys of the patterns that match, in the order in which they were added."""
        candidates = dict(self._rest)
        for path, buckets in self._buckets.items():
            for value in _values_at(event, path):
                candidates.update(buckets.get(_known_as(value), {}))
        found = [key for key in candidates if matches(self._patterns[key], event)]
        found.sort(key=self._order.__getitem__)
        return found

    def _rarest(self, pattern: Pattern) -> tuple[Path, frozenset[Value]] | None:
        """Return the exact leaf that the fewest patterns share so far."""
        best, least = None, 0
        for path, leaf in _exact_leaves(pattern, ()):
            values = frozenset(_known_as(each.value) for each in leaf)
            buckets = self._buckets.get(path, {})
            crowd = max(len(buckets.get(value, ())) for value in values)
            if best is None or crowd < least:
                best, least = (path, values), crowd
        return best


def _exact_leaves(branch: Branch, path: Path) -> Iterator[tuple[Path, list[Exact]]]:
    for name, below in branch.fields.items():
        place = (*path, name)
        if isinstance(below, Branch):
            yield from _exact_leaves(below, place)
            continue
        exact = [clause for clause in below.clauses if isinstance(clause, Exact)]
        if len(exact) == len(below.clauses):
            yield place, exact


def _values_at(event: Any, path: Path) -> Iterator[Any]:
    *above, last = path
    found = [event]
    for name in above:
        found = [field_of(each, name) for value in found for each in objects(value)]
    for value in found:
        for each in objects(value):
            yield from scalars(field_of(each, last))


def _known_as(value: Any) -> Value:
    """Return a value so that it is found by what is the same: 1 and 1.0 are, 1 and true are not."""
    if isinstance(value, bool) or value is None:
        return "word", value
    return ("number", float(value)) if is_number(value) else ("text", value)
