"""Results into the places where REST protocols put them: status, headers, body."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from botocore.model import ListShape, OperationModel, Shape, StructureShape

from messaging.wire import scalars
from messaging.wire.request import Response
from messaging.wire.shapes import body_members, output_of, wire_name

ToText = Callable[[Any], str]
WriteBody = Callable[[Any, Shape], bytes]


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where the members of one result travel."""

    headers: Mapping[str, tuple[bytes, ToText]]
    header_maps: Mapping[str, str]
    payload: str | None
    members: Mapping[str, Shape]
    has_body: bool
    status: str | None


def write(result: Mapping[str, Any], operation: OperationModel, write_body: WriteBody) -> Response:
    """Spread a result over status, headers and body."""
    status = operation.http.get("responseCode", 200)
    shape = operation.output_shape
    if shape is None:
        return Response(status, [])
    outputs = outputs_of(operation)
    headers = [
        (header, _header_bytes(to_text(result[name])))
        for name, (header, to_text) in outputs.headers.items()
        if result.get(name) is not None
    ]
    for name, prefix in outputs.header_maps.items():
        for key, value in (result.get(name) or {}).items():
            headers.append((_header_bytes(f"{prefix}{key}".lower()), _header_bytes(value)))
    if outputs.status is not None:
        status = result.get(outputs.status, status)
    return Response(status, headers, _written_body(result, outputs, shape, write_body))


@cache
def outputs_of(operation: OperationModel) -> Outputs:
    """Return where the members of the result of ``operation`` travel."""
    shape = output_of(operation)
    headers, header_maps, status = {}, {}, None
    for name, member in shape.members.items():
        location, key = member.serialization.get("location"), wire_name(name, member)
        if location == "header":
            headers[name] = (key.lower().encode(), _to_text(member))
        elif location == "headers":
            header_maps[name] = key
        elif location == "statusCode":
            status = name
    body = body_members(shape)
    return Outputs(
        headers, header_maps, shape.serialization.get("payload"), body, bool(body), status
    )


def _written_body(
    result: Mapping[str, Any], outputs: Outputs, shape: StructureShape, write_body: WriteBody
) -> bytes:
    if outputs.payload is None:
        return write_body(_body_part(result, outputs), shape) if outputs.has_body else b""
    value = result.get(outputs.payload)
    if value is None:
        return b""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    return write_body(value, shape.members[outputs.payload])


def _body_part(result: Mapping[str, Any], outputs: Outputs) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name in outputs.members}


def _to_text(shape: Shape) -> ToText:
    if isinstance(shape, ListShape):
        item = _to_text(shape.member)
        return lambda value: ",".join(item(part) for part in value)
    if shape.type_name == "timestamp":
        style = shape.serialization.get("timestampFormat", "rfc822").lower()
        return lambda value: scalars.timestamp_text(value, style)
    return _TO_TEXT[shape.type_name]


def _header_bytes(text: str) -> bytes:
    # A line break in a value would start another header.
    if "\n" in text or "\r" in text:
        text = text.replace("\r", " ").replace("\n", " ")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8")


_TO_TEXT: Final[dict[str, ToText]] = {
    "blob": scalars.blob_text,
    "boolean": lambda value: "true" if value else "false",
    "double": scalars.float_text,
    "float": scalars.float_text,
    "integer": str,
    "long": str,
    "string": str,
}
