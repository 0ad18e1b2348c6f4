"""Parameters from JSON and CBOR documents: both are trees of dicts and lists."""

from functools import cache
from typing import Any, Final

from botocore.model import ListShape, MapShape, ServiceModel, StructureShape

from messaging.wire import cbor, scalars
from messaging.wire.shapes import (
    CBOR,
    CBOR_MILLIS,
    JSON,
    Composer,
    Made,
    Maker,
    body_members,
    fixed,
    wire_name,
)
from messaging.wire.validate import Flaw, Missing, WrongType, read_items


@cache
def readers(model: ServiceModel, form: str) -> Composer:
    """Return the readers (document → parameters) of a service in ``form``."""
    return Composer({**_READERS, **_READERS_OF_FORM[form]})


def _read_structure(composer: Composer, shape: StructureShape) -> Made:
    if getattr(shape, "is_document_type", False):
        return _as_it_is
    read = _read_members(composer, shape)
    return _read_union(read) if shape.is_tagged_union else read


def _read_members(composer: Composer, shape: StructureShape) -> Made:
    members = body_members(shape)
    table = {
        wire_name(name, member): (name, _unless_string(composer.need(member)))
        for name, member in members.items()
    }
    required = tuple(name for name in shape.required_members if name in members)
    get = table.get

    def read(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise _mismatch(value, "Structure")
        result = {}
        for key, item in value.items():
            found = get(key)
            if found is None or item is None:
                continue
            name, reader = found
            try:
                # Most members are strings: they cost no call.
                if reader is not None:
                    result[name] = reader(item)
                elif type(item) is str:
                    result[name] = item
                else:
                    raise _mismatch(item, "String")
            except Flaw as flaw:
                flaw.path.append(name)
                raise
        for name in required:
            if name not in result:
                raise Missing([name for name in required if name not in result])
        return result

    return read


def _read_union(read: Made) -> Made:
    def read_one(value: Any) -> dict[str, Any]:
        result: dict[str, Any] = read(value)
        if len(result) > 1:
            raise WrongType("A union must have exactly one member set.")
        return result

    return read_one


def _unless_string(reader: Made) -> Made | None:
    return None if reader is _read_string else reader


def _read_list(composer: Composer, shape: ListShape) -> Made:
    reader = composer.need(shape.member)

    def read(value: Any) -> list[Any]:
        if type(value) is not list:
            raise _mismatch(value, "List")
        return read_items(value, reader)

    return read


def _read_map(composer: Composer, shape: MapShape) -> Made:
    reader = composer.need(shape.value)

    def read(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise _mismatch(value, "Map")
        result = {}
        for key, item in value.items():
            if item is None:
                continue
            if type(key) is not str:
                raise _mismatch(key, "String")
            try:
                result[key] = reader(item)
            except Flaw as flaw:
                flaw.path += ("member", key)
                raise
        return result

    return read


def _as_it_is(value: Any) -> Any:
    return value


def _read_string(value: Any) -> str:
    if type(value) is str:
        return value
    raise _mismatch(value, "String")


def _read_boolean(value: Any) -> bool:
    if type(value) is bool:
        return value
    raise _mismatch(value, "Boolean")


def _read_integer(value: Any) -> int:
    if type(value) is int and -(2**31) <= value < 2**31:
        return value
    return _whole(value, "integer")


def _read_long(value: Any) -> int:
    if type(value) is int and -(2**63) <= value < 2**63:
        return value
    return _whole(value, "long")


def _whole(value: Any, kind: str) -> int:
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise _mismatch(value, kind.title())
    try:
        return scalars.within(value, kind)
    except ValueError:
        raise WrongType(f"{value} is out of range for {kind.title()}") from None


def _read_float(value: Any) -> float:
    if type(value) is float:
        return value
    if type(value) is int:
        return float(value) if abs(value) < 2**1000 else _whole(value, "long")
    if type(value) is str and value in {"NaN", "Infinity", "-Infinity"}:
        return scalars.float_from(value)
    raise _mismatch(value, "Double")


def _read_base64(value: Any) -> bytes:
    if type(value) is not str:
        raise _mismatch(value, "Blob")
    try:
        return scalars.blob_from(value)
    except ValueError:
        raise WrongType("The value is not valid base64.") from None


def _read_bytes(value: Any) -> bytes:
    if type(value) is bytes:
        return value
    raise _mismatch(value, "Blob")


def _read_moment(value: Any) -> int:
    try:
        return scalars.timestamp_from(value)
    except (ValueError, OverflowError):
        raise _mismatch(value, "Timestamp") from None


def _read_stamp(value: Any) -> int:
    return _read_moment(value.value if isinstance(value, cbor.Stamp) else value)


def _read_stamp_millis(value: Any) -> int:
    value = value.value if isinstance(value, cbor.Stamp) else value
    return _read_moment(value / 1000 if type(value) in (int, float) else value)


def _mismatch(value: Any, wanted: str) -> WrongType:
    if isinstance(value, dict):
        return WrongType("Start of structure or map found where not expected.")
    if isinstance(value, list):
        return WrongType("Start of list found where not expected")
    found = _KINDS.get(type(value), type(value).__name__.upper())
    if isinstance(value, bool):
        found = f"{str(value).upper()}_VALUE"
    return WrongType(f"{found} can not be converted to {_article(wanted)} {wanted}")


_KINDS: Final = {
    bytes: "BINARY_VALUE",
    float: "DECIMAL_VALUE",
    int: "NUMBER_VALUE",
    str: "STRING_VALUE",
    type(None): "NULL_VALUE",
}


def _article(word: str) -> str:
    return "an" if word[0] in "AEIOU" else "a"


_READERS: Final[dict[str, Maker]] = {
    "boolean": fixed(_read_boolean),
    "double": fixed(_read_float),
    "float": fixed(_read_float),
    "integer": fixed(_read_integer),
    "list": _read_list,
    "long": fixed(_read_long),
    "map": _read_map,
    "string": fixed(_read_string),
    "structure": _read_structure,
}
_READERS_OF_FORM: Final[dict[str, dict[str, Maker]]] = {
    JSON: {"blob": fixed(_read_base64), "timestamp": fixed(_read_moment)},
    CBOR: {"blob": fixed(_read_bytes), "timestamp": fixed(_read_stamp)},
    CBOR_MILLIS: {"blob": fixed(_read_bytes), "timestamp": fixed(_read_stamp_millis)},
}
