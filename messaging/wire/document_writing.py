"""Results as JSON and CBOR documents; what needs no change is passed on as it is."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

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


@cache
def writers(model: ServiceModel, form: str) -> Composer:
    """Return the writers (result → document) of a service in ``form``; None is 'as it is'."""
    return Composer({**_WRITERS, **_WRITERS_OF_FORM[form]})


def _write_structure(composer: Composer, shape: StructureShape) -> Made | None:
    if getattr(shape, "is_document_type", False):
        return None
    changes = {}
    for name, member in body_members(shape).items():
        writer, new = composer.of(member), wire_name(name, member)
        if writer is not None or new != name:
            changes[name] = (new, writer or _as_it_is)
    if not changes:
        return None
    untouched = changes.keys().isdisjoint
    get = changes.get

    def write(value: Mapping[str, Any]) -> Mapping[str, Any]:
        if untouched(value):
            return value
        result = {}
        for name, item in value.items():
            change = get(name)
            if change is None:
                result[name] = item
            elif item is not None:
                result[change[0]] = change[1](item)
        return result

    return write


def _write_list(composer: Composer, shape: ListShape) -> Made | None:
    writer = composer.of(shape.member)
    if writer is None:
        return None
    return lambda value: [writer(item) for item in value]


def _write_map(composer: Composer, shape: MapShape) -> Made | None:
    writer = composer.of(shape.value)
    if writer is None:
        return None
    return lambda value: {key: writer(item) for key, item in value.items()}


def _same(composer: Composer, shape: Shape) -> None:
    return None


def _json_float(value: float) -> float | str:
    text = scalars.float_text(value)
    return text if text in {"NaN", "Infinity", "-Infinity"} else value


def _write_json_timestamp(composer: Composer, shape: Shape) -> Made:
    style = shape.serialization.get("timestampFormat", "unixtimestamp").lower()
    if style == "unixtimestamp":
        return scalars.seconds
    return lambda value: scalars.timestamp_text(value, style)


def _as_it_is(value: Any) -> Any:
    return value


_WRITERS: Final[dict[str, Maker]] = {
    "boolean": _same,
    "integer": _same,
    "list": _write_list,
    "long": _same,
    "map": _write_map,
    "string": _same,
    "structure": _write_structure,
}
_CBOR_NUMBERS: Final[dict[str, Maker]] = {
    "blob": _same,
    "double": fixed(float),
    "float": fixed(float),
}
_WRITERS_OF_FORM: Final[dict[str, dict[str, Maker]]] = {
    JSON: {
        "blob": fixed(scalars.blob_text),
        "double": fixed(_json_float),
        "float": fixed(_json_float),
        "timestamp": _write_json_timestamp,
    },
    CBOR: {**_CBOR_NUMBERS, "timestamp": fixed(cbor.stamp_seconds)},
    CBOR_MILLIS: {**_CBOR_NUMBERS, "timestamp": fixed(cbor.stamp_millis)},
}
