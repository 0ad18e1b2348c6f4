"""Parameters from the query protocol's names: ``Entries.member.2.Id=b``."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

from messaging.wire import scalars
from messaging.wire.shapes import Composer, Made, Maker, wire_name
from messaging.wire.validate import Flaw, Missing, WrongType, read_items

# A node's own value stands under the empty name, beside the nodes below it.
Tree = dict[str, Any]
OWN: Final = ""
MAX_PARTS: Final = 24


def grow(pairs: list[tuple[str, str]]) -> Tree:
    """Turn dotted names into a tree; the last of equal names wins.

    Raises ValueError for a name of more parts than any shape has levels.
    """
    root: Tree = {}
    for name, value in pairs:
        parts = name.split(".")
        if len(parts) > MAX_PARTS:
            raise ValueError("A parameter name has too many parts.")
        node = root
        for part in parts:
            # An empty part (``A..B``) would be taken for a node's own value.
            node = node.setdefault(part or ".", {})
        node[OWN] = value
    return root


@cache
def readers(model: ServiceModel) -> Composer:
    """Return the readers of a service: each takes a node of the tree."""
    return Composer(_READERS)


def _read_structure(composer: Composer, shape: StructureShape) -> Made:
    table = [
        (_name(name, member), name, composer.need(member)) for name, member in shape.members.items()
    ]
    required = frozenset(shape.required_members)

    def read(node: Tree) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for part, name, reader in table:
            below = node.get(part)
            if below is None:
                continue
            try:
                result[name] = reader(below)
            except Flaw as flaw:
                flaw.path.append(name)
                raise
        if not required <= result.keys():
            raise Missing([name for name in shape.required_members if name not in result])
        return result

    return read


def _name(name: str, member: Shape) -> str:
    own = wire_name(name, member)
    if isinstance(member, ListShape) and member.serialization.get("flattened"):
        # Flattened lists are named after their members.
        flat: str = member.member.serialization.get("name", own)
        return flat
    return own


def _read_list(composer: Composer, shape: ListShape) -> Made:
    reader = composer.need(shape.member)
    flattened = bool(shape.serialization.get("flattened"))
    item_name = wire_name("member", shape.member)

    def read(node: Tree) -> list[Any]:
        below = _numbered(node if flattened else node.get(item_name, {}), flattened)
        return read_items(below, reader)

    return read


def _read_map(composer: Composer, shape: MapShape) -> Made:
    reader = composer.need(shape.value)
    key_name, value_name = wire_name("key", shape.key), wire_name("value", shape.value)
    flattened = bool(shape.serialization.get("flattened"))

    def read(node: Tree) -> dict[str, Any]:
        result = {}
        for entry in _numbered(node if flattened else node.get("entry", {}), flattened):
            if key_name not in entry:
                raise Missing([key_name])
            key = _text(entry[key_name])
            if value_name not in entry:
                raise Missing([value_name])
            result[key] = reader(entry[value_name])
        return result

    return read


def _numbered(node: Tree, flattened: bool) -> list[Tree]:
    """Return the nodes below 1, 2, 3 …; a flattened list of one may leave the number out."""
    numbers = sorted(int(part) for part in node if part.isascii() and part.isdecimal())
    if numbers:
        return [node[str(number)] for number in numbers if str(number) in node]
    # ``Attribute.Name=…&Attribute.Value=…`` and ``AttributeName=All`` stand in AWS's own examples.
    alone = flattened and (len(node) > 1 or node.get(OWN))
    return [node] if alone else []


def _text(node: Tree) -> str:
    value = node.get(OWN)
    if value is None:
        raise WrongType("A value was expected, not a structure.")
    return str(value)


def _scalar(convert: Callable[[str], Any], wanted: str) -> Maker:
    def read(node: Tree) -> Any:
        text = _text(node)
        try:
            return convert(text)
        except (ValueError, OverflowError):
            raise WrongType(f"Must be {wanted}.") from None

    return lambda composer, shape: read


_READERS: Final[dict[str, Maker]] = {
    "blob": _scalar(scalars.blob_from, "base64"),
    "boolean": _scalar(scalars.boolean_from, "true or false"),
    "double": _scalar(scalars.float_from, "a number"),
    "float": _scalar(scalars.float_from, "a number"),
    "integer": _scalar(lambda text: scalars.integer_from(text, "integer"), "an integer"),
    "list": _read_list,
    "long": _scalar(lambda text: scalars.integer_from(text, "long"), "an integer"),
    "map": _read_map,
    "string": _scalar(str, "a string"),
    "structure": _read_structure,
    "timestamp": _scalar(scalars.timestamp_from, "a timestamp"),
}
