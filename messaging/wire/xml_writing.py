"""Results as XML text."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

from messaging.wire import scalars
from messaging.wire.shapes import Composer, Made, Maker, body_members, wire_name

DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'

# Carriage returns would be read as line feeds; other control characters have no form in XML 1.0.
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#xD;"}
_SPECIAL: Final = re.compile('[&<>"\r]')
_IMPOSSIBLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@cache
def writers(model: ServiceModel) -> Composer:
    """Return the writers of a service: each appends a member's XML to a list of texts."""
    return Composer(_WRITERS)


def escape(text: str) -> str:
    """Write text so that a parser reads the same text; what XML cannot hold becomes U+FFFD."""
    if _IMPOSSIBLE.search(text):
        text = _IMPOSSIBLE.sub("\ufffd", text)
    if _SPECIAL.search(text):
        text = _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text)
    return text


def namespace(shape: Shape) -> str:
    """Return the ``xmlns`` attribute that a shape declares, with a space before it."""
    declared = shape.serialization.get("xmlNamespace")
    if not declared:
        return ""
    uri, prefix = (
        (declared, "") if isinstance(declared, str) else (declared["uri"], declared.get("prefix"))
    )
    return f' xmlns{":" + prefix if prefix else ""}="{escape(uri)}"'


def _write_structure(composer: Composer, shape: StructureShape) -> Made:
    table: dict[str, tuple[str, Made]] = {}
    attributes: dict[str, str] = {}
    for name, member in body_members(shape).items():
        if member.serialization.get("xmlAttribute"):
            attributes[name] = wire_name(name, member)
        else:
            table[name] = (_tag(name, member), composer.need(member))
    opening = namespace(shape)

    def write(out: list[str], tag: str, value: Mapping[str, Any]) -> None:
        written = "".join(
            f' {attributes[name]}="{escape(str(item))}"'
            for name, item in value.items()
            if name in attributes and item is not None
        )
        out.append(f"<{tag}{opening}{written}>")
        for name, item in value.items():
            entry = table.get(name)
            if entry is not None and item is not None:
                entry[1](out, entry[0], item)
        out.append(f"</{tag}>")

    return write


def _tag(name: str, member: Shape) -> str:
    own = wire_name(name, member)
    if isinstance(member, ListShape) and member.serialization.get("flattened"):
        flat: str = member.member.serialization.get("name", own)
        return flat
    return own


def _write_list(composer: Composer, shape: ListShape) -> Made:
    writer = composer.need(shape.member)
    item_tag = wire_name("member", shape.member)
    opening = namespace(shape)

    def write(out: list[str], tag: str, value: list[Any]) -> None:
        out.append(f"<{tag}{opening}>")
        for item in value:
            writer(out, item_tag, item)
        out.append(f"</{tag}>")

    def write_flat(out: list[str], tag: str, value: list[Any]) -> None:
        for item in value:
            writer(out, tag, item)

    return write_flat if shape.serialization.get("flattened") else write


def _write_map(composer: Composer, shape: MapShape) -> Made:
    write_key, write_value = composer.need(shape.key), composer.need(shape.value)
    key_tag, value_tag = wire_name("key", shape.key), wire_name("value", shape.value)

    def write_entries(out: list[str], tag: str, value: Mapping[str, Any]) -> None:
        for key, item in value.items():
            out.append(f"<{tag}>")
            write_key(out, key_tag, key)
            write_value(out, value_tag, item)
            out.append(f"</{tag}>")

    def write(out: list[str], tag: str, value: Mapping[str, Any]) -> None:
        out.append(f"<{tag}>")
        write_entries(out, "entry", value)
        out.append(f"</{tag}>")

    return write_entries if shape.serialization.get("flattened") else write


def _scalar(convert: Callable[[Any], str]) -> Maker:
    def write(out: list[str], tag: str, value: Any) -> None:
        out.append(f"<{tag}>{convert(value)}</{tag}>")

    return lambda composer, shape: write


def _write_timestamp(composer: Composer, shape: Shape) -> Made:
    style = shape.serialization.get("timestampFormat", "iso8601").lower()

    def write(out: list[str], tag: str, value: int) -> None:
        out.append(f"<{tag}>{scalars.timestamp_text(value, style)}</{tag}>")

    return write


def _number(value: float) -> str:
    return scalars.float_text(float(value))


_WRITERS: Final[dict[str, Maker]] = {
    "blob": _scalar(scalars.blob_text),
    "boolean": _scalar(lambda value: "true" if value else "false"),
    "double": _scalar(_number),
    "float": _scalar(_number),
    "integer": _scalar(str),
    "list": _write_list,
    "long": _scalar(str),
    "map": _write_map,
    "string": _scalar(lambda value: escape(str(value))),
    "structure": _write_structure,
    "timestamp": _write_timestamp,
}
