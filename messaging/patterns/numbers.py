"""Numeric match expressions: one comparison, or two that make a range (rule E3)."""

from typing import Any, Final, NoReturn

from messaging.patterns.clauses import Numeric
from messaging.patterns.nodes import Node

_LOWER: Final = frozenset({">", ">="})
_UPPER: Final = frozenset({"<", "<="})
_ALONE: Final = frozenset({"=", "<", "<="})
_ONE_COMPARISON: Final = 2


class Misfit(ValueError):
    """What is wrong, and the place at which it was read."""

    def __init__(self, reason: str, place: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


def read_numeric(node: Node) -> Numeric:
    """Return the clause of ``["<", 5]`` or ``[">", 0, "<=", 5]``; raises Misfit."""
    if node.kind != "array":
        _refuse("Value of numeric must be an array.", node.opened)
    items = node.items
    if not items:
        _refuse("Invalid member in numeric match: ]", node.end)
    if items[0].kind != "string":
        _refuse(f"Invalid member in numeric match: {_written(items[0])}", items[0].end)
    sign = items[0].value
    if sign not in _LOWER | _ALONE:
        # The parser has read on by then.
        _refuse(f"Unrecognized numeric range operator: {sign}", _behind(items, node))
    low = _number(items, 1, sign, node)
    if len(items) == _ONE_COMPARISON:
        return Numeric(((sign, low),))
    if sign in _ALONE:
        _refuse("Too many elements in numeric expression", items[2].opened)
    return _range(items, sign, low, node)


def _behind(items: list[Node], node: Node) -> int:
    return items[1].opened if len(items) > 1 else node.end


def _range(items: list[Node], sign: str, low: float, node: Node) -> Numeric:
    _, _, upper, *more = items
    if upper.kind != "string":
        _refuse(f"Bad value in numeric range: {_written(upper)}", upper.opened)
    if upper.value not in _UPPER:
        _refuse(f"Bad numeric range operator: {upper.value}", upper.end)
    high = _number(items, 3, upper.value, node)
    if len(more) > 1:
        _refuse("Too many terms in numeric range expression", more[1].opened)
    if low > high or (low == high and (sign, upper.value) != (">=", "<=")):
        _refuse("Bottom must be less than top", node.end)
    return Numeric(((sign, low), (upper.value, high)))


def _number(items: list[Node], place: int, sign: str, node: Node) -> float:
    if len(items) <= place or items[place].kind != "number":
        name = "equals" if sign == "=" else sign
        end = items[place].opened if len(items) > place else node.end
        _refuse(f"Value of {name} must be numeric", end)
    number: float = items[place].value
    return number


def _written(node: Node) -> Any:
    if node.kind == "boolean":
        return "true" if node.value else "false"
    return {"null": "null", "array": "[", "object": "{"}.get(node.kind, node.value)


def _refuse(reason: str, place: int) -> NoReturn:
    raise Misfit(reason, place)
