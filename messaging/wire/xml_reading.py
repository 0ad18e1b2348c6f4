"""Parameters from XML elements."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape
from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from messaging.wire import scalars
from messaging.wire.shapes import Composer, Made, Maker, body_members, wire_name
from messaging.wire.validate import Flaw, Missing, WrongType, read_items

Nodes = list[Element]


def parse(body: bytes) -> Element:
    """Parse a document; raises ValueError for malformed XML and for any DTD or entity."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError) as error:
        raise ValueError("The XML is not well-formed.") from error
    return root


@cache
def readers(model: ServiceModel) -> Composer:
    """Return the readers of a service: each takes the elements of one member."""
    return Composer(_READERS)


def _read_structure(composer: Composer, shape: StructureShape) -> Made:
    table: dict[str, tuple[str, Made]] = {}
    attributes: dict[str, tuple[str, Made]] = {}
    members = body_members(shape)
    for name, member in members.items():
        entry = (name, composer.need(member))
        if member.serialization.get("xmlAttribute"):
            attributes[wire_name(name, member).rpartition(":")[2]] = entry
            continue
        for tag in _tags(name, member):
            table.setdefault(tag, entry)
    required = frozenset(shape.required_members) & frozenset(members)

    def read(nodes: Nodes) -> dict[str, Any]:
        node = nodes[-1]
        groups: dict[str, Nodes] = {}
        for child in node:
            groups.setdefault(_local(child.tag), []).append(child)
        result: dict[str, Any] = {}
        for tag, group in groups.items():
            _read_member(result, table.get(tag), group)
        for attribute, text in node.attrib.items():
            holder = Element("attribute")
            holder.text = text
            _read_member(result, attributes.get(_local(attribute)), [holder])
        if not required <= result.keys():
            raise Missing(
                [name for name in shape.required_members if name in required - result.keys()]
            )
        return result

    return read


def _read_member(result: dict[str, Any], entry: tuple[str, Made] | None, group: Nodes) -> None:
    if entry is None:
        return
    name, reader = entry
    try:
        result[name] = reader(group)
    except Flaw as flaw:
        flaw.path.append(name)
        raise


def _tags(name: str, member: Shape) -> list[str]:
    own = wire_name(name, member)
    if isinstance(member, ListShape) and member.serialization.get("flattened"):
        return [own, member.member.serialization.get("name", own)]
    return [own]


def _read_list(composer: Composer, shape: ListShape) -> Made:
    reader = composer.need(shape.member)
    flattened = shape.serialization.get("flattened")

    def read(nodes: Nodes) -> list[Any]:
        items = nodes if flattened else list(nodes[-1])
        return read_items(([item] for item in items), reader)

    return read


def _read_map(composer: Composer, shape: MapShape) -> Made:
    reader = composer.need(shape.value)
    key_tag = wire_name("key", shape.key)
    value_tag = wire_name("value", shape.value)
    flattened = shape.serialization.get("flattened")

    def read(nodes: Nodes) -> dict[str, Any]:
        result = {}
        for entry in nodes if flattened else nodes[-1]:
            parts = {_local(child.tag): child for child in entry}
            if key_tag not in parts or value_tag not in parts:
                raise WrongType("A map entry needs a key and a value.")
            result[parts[key_tag].text or ""] = reader([parts[value_tag]])
        return result

    return read


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _scalar(convert: Callable[[str], Any], wanted: str) -> Maker:
    def read(nodes: Nodes) -> Any:
        node = nodes[-1]
        if len(node):
            raise WrongType(f"{wanted} expected, not a structure.")
        try:
            return convert((node.text or "").strip())
        except (ValueError, OverflowError):
            raise WrongType(f"{wanted} expected.") from None

    return lambda composer, shape: read


def _read_string(nodes: Nodes) -> str:
    if len(nodes[-1]):
        raise WrongType("String expected, not a structure.")
    return nodes[-1].text or ""


_READERS: Final[dict[str, Maker]] = {
    "blob": _scalar(scalars.blob_from, "Base64"),
    "boolean": _scalar(scalars.boolean_from, "Boolean"),
    "double": _scalar(scalars.float_from, "Double"),
    "float": _scalar(scalars.float_from, "Float"),
    "integer": _scalar(lambda text: scalars.integer_from(text, "integer"), "Integer"),
    "list": _read_list,
    "long": _scalar(lambda text: scalars.integer_from(text, "long"), "Long"),
    "map": _read_map,
    "string": lambda composer, shape: _read_string,
    "structure": _read_structure,
    "timestamp": _scalar(scalars.timestamp_from, "Timestamp"),
}
