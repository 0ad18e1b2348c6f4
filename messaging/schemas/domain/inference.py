"""What JSON values have in common: shapes that grow with what is seen. Pure.

A shape is JSON itself: for each kind of value that was seen, what is known of it. Joining shapes is
associative, commutative and idempotent, so what a shape has taken in changes it no more::

    {"string": {"format": "date-time"}, "null": {}, "array": {"items": <shape>},
     "object": {"properties": {"name": <shape>}, "required": ["name"]}}
"""

import re
from typing import Any, Final

Shape = dict[str, Any]

_MOMENT: Final = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?"
    r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)


def infer(value: Any) -> Shape:
    """Return the shape of a JSON value."""
    if isinstance(value, dict):
        properties = {}
        for name, each in value.items():
            properties[name] = infer(each)
        return {"object": {"properties": properties, "required": sorted(properties)}}
    if isinstance(value, list):
        items: Shape = {}
        for each in value:
            items = join(items, infer(each))
        return {"array": {"items": items}}
    if isinstance(value, str):
        return {"string": {"format": "date-time" if _MOMENT.fullmatch(value) else ""}}
    # True is an int, too.
    for kind, known in (("boolean", bool), ("integer", int), ("number", float)):
        if isinstance(value, known):
            return {kind: {}}
    return {"null": {}}


def join(one: Shape, other: Shape) -> Shape:
    """Return the shape of what has either shape."""
    joined = {**one, **other}
    for kind in one.keys() & other.keys():
        mine, theirs = one[kind], other[kind]
        if kind == "string" and mine != theirs:
            joined[kind] = {"format": ""}
        elif kind == "array":
            joined[kind] = {"items": join(mine["items"], theirs["items"])}
        elif kind == "object":
            known = {**mine["properties"], **theirs["properties"]}
            for name in mine["properties"].keys() & theirs["properties"].keys():
                known[name] = join(mine["properties"][name], theirs["properties"][name])
            required = sorted(set(mine["required"]) & set(theirs["required"]))
            joined[kind] = {"properties": known, "required": required}
    if "number" in joined:
        joined.pop("integer", None)
    return joined


def levels(value: Any) -> int:
    """Return how deep a JSON value is nested."""
    depth, layer = 0, [value]
    while layer:
        depth += 1
        below: list[Any] = []
        for each in layer:
            if isinstance(each, dict):
                below += each.values()
            elif isinstance(each, list):
                below += each
        layer = below
    return depth
