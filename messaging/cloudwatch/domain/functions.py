"""Metric math: a tree and the series that it refers to → a series, or several. Pure."""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from statistics import pstdev
from typing import Any, Final

from messaging.cloudwatch.domain.expressions import (
    Array,
    Flaw,
    Function,
    Name,
    Number,
    Sign,
    Text,
    Tree,
)

# A metric's values by time (milliseconds).
Points = Mapping[int, float]


def _divide(one: float, other: float) -> float | None:
    return one / other if other else None


def _power(one: float, other: float) -> float | None:
    try:
        result = one**other
    except (OverflowError, ZeroDivisionError):
        return None
    return result if isinstance(result, float | int) else None


_SIGNS: Final[Mapping[str, Callable[[float, float], float | None]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": _divide, "^": _power,
    "==": lambda a, b: float(a == b), "!=": lambda a, b: float(a != b),
    "<": lambda a, b: float(a < b), ">": lambda a, b: float(a > b),
    "<=": lambda a, b: float(a <= b), ">=": lambda a, b: float(a >= b),
    "&&": lambda a, b: float(bool(a) and bool(b)), "AND": lambda a, b: float(bool(a) and bool(b)),
    "||": lambda a, b: float(bool(a) or bool(b)), "OR": lambda a, b: float(bool(a) or bool(b)),
}  # fmt: skip
_MEANS: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {
    "AVG": lambda values: sum(values) / len(values), "MAX": max, "MIN": min, "STDDEV": pstdev,
    "SUM": sum,
}  # fmt: skip
_EACH: Final[Mapping[str, Callable[[float], float]]] = {
    "ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor,
}  # fmt: skip


class Reckoning:
    """Evaluates expressions over ``known`` series; ``grid`` are the times of all periods."""

    def __init__(
        self, known: Mapping[str, Any], metrics: Sequence[str], grid: Sequence[int], period: int
    ) -> None:
        self._known = known
        self._metrics = metrics
        self._grid = grid
        self._length = period

    def value(self, tree: Tree) -> Any:
        """Return a number, the points of a series, or a list of series; raises Flaw."""
        if isinstance(tree, Number):
            return tree.value
        if isinstance(tree, Text):
            return tree.value
        if isinstance(tree, Name):
            if tree.text not in self._known:
                return self._word(tree.text)
            return self._known[tree.text]
        if isinstance(tree, Sign):
            return self._apply(_SIGNS[tree.sign], self.value(tree.left), self.value(tree.right))
        if isinstance(tree, Array):
            return [self.value(item) for item in tree.items]
        assert isinstance(tree, Function)
        return self._call(tree.name.upper(), tree.arguments)

    def series(self, tree: Tree) -> list[Points]:
        """Return what an expression comes to, as series."""
        found = self.value(tree)
        many = found if isinstance(found, list) else [found]
        return [one if isinstance(one, Mapping) else self._flat(one) for one in many]

    def _word(self, word: str) -> str:
        if word in ("REPEAT", "LINEAR"):
            return word
        raise Flaw(f"Unrecognized id '{word}'")

    def _flat(self, value: Any) -> Points:
        if not isinstance(value, int | float):
            raise Flaw("The expression does not return a time series")
        return dict.fromkeys(self._grid, float(value))

    def _call(self, name: str, arguments: Sequence[Tree]) -> Any:
        if name == "METRICS":
            wanted = self.value(arguments[0]) if arguments else ""
            return [self._known[key] for key in self._metrics if str(wanted) in key]
        if name not in FUNCTIONS:
            raise Flaw(f"Signalbox does not model the function {name}")
        values = [self.value(argument) for argument in arguments]
        if not values:
            raise Flaw(f"{name} needs an argument")
        if name in _MEANS:
            return _mean(_MEANS[name], values[0])
        if name in _EACH:
            return _map(lambda points: {at: _EACH[name](v) for at, v in points.items()}, values[0])
        return getattr(self, f"_{name.lower()}")(*values[: _MOST[name]])

    def _apply(self, sign: Callable[[float, float], float | None], one: Any, other: Any) -> Any:
        if isinstance(one, list) or isinstance(other, list):
            return self._apply_to_lists(sign, one, other)
        if isinstance(one, Mapping):
            rest = other if isinstance(other, Mapping) else dict.fromkeys(one, other)
            both = {at: sign(value, rest[at]) for at, value in one.items() if at in rest}
            return {at: value for at, value in both.items() if value is not None}
        if isinstance(other, Mapping):
            return self._apply(sign, dict.fromkeys(other, one), other)
        if isinstance(one, str) or isinstance(other, str):
            raise Flaw("A text is no operand")
        found = sign(one, other)
        return {} if found is None else found

    def _apply_to_lists(self, sign: Any, one: Any, other: Any) -> list[Any]:
        if not isinstance(one, list):
            return [self._apply(sign, one, each) for each in other]
        if not isinstance(other, list):
            return [self._apply(sign, each, other) for each in one]
        raise Flaw("Two arrays are no operands")

    def _fill(self, series: Any, filler: Any = 0) -> Any:
        return _map(lambda points: self._filled(points, filler), series)

    def _filled(self, points: Points, filler: Any) -> Points:
        if isinstance(filler, Mapping):
            return {at: filler[at] for at in self._grid if at in filler} | dict(points)
        if not isinstance(filler, str):
            return dict.fromkeys(self._grid, filler) | dict(points)
        known = sorted(points)
        found = dict(points)
        for at in self._grid:
            before = max((one for one in known if one < at), default=None)
            after = min((one for one in known if one > at), default=None)
            if at in found or before is None:
                continue
            if filler == "REPEAT":
                found[at] = points[before]
            elif after is not None:
                share = (at - before) / (after - before)
                found[at] = points[before] + (points[after] - points[before]) * share
        return found

    def _rate(self, series: Any) -> Any:
        return _map(lambda points: _steps(points, per_second=True), series)

    def _diff(self, series: Any) -> Any:
        return _map(lambda points: _steps(points, per_second=False), series)

    def _running_sum(self, series: Any) -> Any:
        return _map(_running, series)

    def _period(self, series: Any) -> float:
        return self._length / 1_000

    def _metric_count(self, series: Any) -> float:
        return float(len(series)) if isinstance(series, list) else 1.0

    def _if(self, condition: Any, then: Any, otherwise: Any = None) -> Any:
        if not isinstance(condition, Mapping):
            return then if condition else ({} if otherwise is None else otherwise)
        chosen = {at: then if yes else otherwise for at, yes in condition.items()}
        found = {
            at: value.get(at) if isinstance(value, Mapping) else value
            for at, value in chosen.items()
        }
        return {at: value for at, value in found.items() if value is not None}


# Functions with how many arguments they take.
_MOST: Final = {
    "DIFF": 1, "FILL": 2, "IF": 3, "METRIC_COUNT": 1, "PERIOD": 1, "RATE": 1, "RUNNING_SUM": 1,
}  # fmt: skip
FUNCTIONS: Final = frozenset({*_MEANS, *_EACH, *_MOST, "METRICS"})


def _map(function: Callable[[Points], Points], value: Any) -> Any:
    if isinstance(value, list):
        return [function(one) for one in value]
    if not isinstance(value, Mapping):
        raise Flaw("The function needs a time series")
    return function(value)


def _mean(function: Callable[[Sequence[float]], float], value: Any) -> Any:
    """Of one series a number, of several a series: what each time has."""
    if isinstance(value, Mapping):
        return float(function(list(value.values()))) if value else {}
    if not isinstance(value, list):
        return value
    times = sorted({at for points in value for at in points})
    return {at: function([points[at] for points in value if at in points]) for at in times}


def _steps(points: Points, *, per_second: bool) -> Points:
    times = sorted(points)
    return {
        at: (points[at] - points[before]) / ((at - before) / 1_000 if per_second else 1)
        for before, at in pairwise(times)
    }


def _running(points: Points) -> Points:
    total, found = 0.0, {}
    for at in sorted(points):
        total += points[at]
        found[at] = total
    return found
