"""Parameters from the places where REST protocols put them: path, query string, headers, body."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from botocore.model import ListShape, OperationModel, Shape, StructureShape

from messaging.wire import scalars
from messaging.wire.request import Request
from messaging.wire.shapes import body_members, input_of, wire_name
from messaging.wire.validate import Flaw, Missing, WrongType

FromText = Callable[[str], Any]
ReadBody = Callable[[bytes, Shape], Any]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the parameters of one operation travel."""

    labels: Mapping[str, tuple[str, FromText]]
    arguments: Mapping[str, tuple[str, FromText, bool]]
    headers: Mapping[str, tuple[str, FromText]]
    header_maps: Mapping[str, str]
    payload: str | None
    members: Mapping[str, Shape]
    has_body: bool
    required: tuple[str, ...]


def read(request: Request, operation: OperationModel, read_body: ReadBody) -> dict[str, Any]:
    """Collect the parameters of a request; raises Flaw."""
    shape = operation.input_shape
    if shape is None:
        return {}
    inputs = inputs_of(operation)
    result: dict[str, Any] = {}
    for label, (name, convert) in inputs.labels.items():
        if label in request.labels:
            result[name] = _convert(name, convert, request.labels[label])
    _read_arguments(result, request, inputs)
    _read_headers(result, request, inputs)
    _read_body(result, request.body, shape, read_body)
    missing = [name for name in inputs.required if name not in result]
    if missing:
        raise Missing(missing)
    return result


@cache
def inputs_of(operation: OperationModel) -> Inputs:
    """Return where the parameters of ``operation`` travel."""
    shape = input_of(operation)
    labels, arguments, headers, header_maps = {}, {}, {}, {}
    for name, member in shape.members.items():
        location, key = member.serialization.get("location"), wire_name(name, member)
        if location == "uri":
            labels[key] = (name, _from_text(member))
        elif location == "querystring":
            item = member.member if isinstance(member, ListShape) else member
            arguments[key] = (name, _from_text(item), item is not member)
        elif location == "header":
            headers[key.lower()] = (name, _from_text(member))
        elif location == "headers":
            header_maps[key.lower()] = name
    payload = shape.serialization.get("payload")
    body = body_members(shape)
    placed = [name for name in shape.required_members if name not in body or name == payload]
    return Inputs(labels, arguments, headers, header_maps, payload, body, bool(body), tuple(placed))


def _read_arguments(result: dict[str, Any], request: Request, inputs: Inputs) -> None:
    if not request.query:
        return
    try:
        pairs = request.arguments
    except UnicodeDecodeError:
        raise WrongType("The query string is not UTF-8.") from None
    for key, text in pairs:
        found = inputs.arguments.get(key)
        if found is None:
            continue
        name, convert, many = found
        value = _convert(name, convert, text)
        if many:
            result.setdefault(name, []).append(value)
        else:
            result[name] = value


def _read_headers(result: dict[str, Any], request: Request, inputs: Inputs) -> None:
    for key, (name, convert) in inputs.headers.items():
        text = request.headers.get(key)
        if text is not None:
            result[name] = _convert(name, convert, text)
    for prefix, name in inputs.header_maps.items():
        found = {
            key[len(prefix) :]: value
            for key, value in request.headers.items()
            if key.startswith(prefix)
        }
        if found:
            result[name] = found


def _read_body(
    result: dict[str, Any], body: bytes, shape: StructureShape, read_body: ReadBody
) -> None:
    payload = shape.serialization.get("payload")
    if payload is None:
        if body_members(shape):
            result.update(read_body(body, shape))
        return
    member = shape.members[payload]
    if not body:
        return
    if member.type_name == "blob":
        result[payload] = body
    elif member.type_name == "string":
        result[payload] = _convert(payload, bytes.decode, body)  # type: ignore[arg-type]
    else:
        try:
            result[payload] = read_body(body, member)
        except Flaw as flaw:
            flaw.path.append(payload)
            raise


def _convert(name: str, convert: FromText, text: str) -> Any:
    try:
        return convert(text)
    except (ValueError, OverflowError):
        flaw = WrongType(f"The value of {name} is not valid.")
        flaw.path.append(name)
        raise flaw from None


def _from_text(shape: Shape) -> FromText:
    if isinstance(shape, ListShape):
        item = _from_text(shape.member)
        return lambda text: [item(part) for part in split_header(text)]
    return _FROM_TEXT[shape.type_name]


def split_header(text: str) -> list[str]:
    """Split a header's list at commas that are not in quotes, and take the quotes off.

    HTTP dates hold a comma themselves, but AWS has no list of dates in headers.
    """
    parts, part, quoted, escaped = [], "", False, False
    for letter in text:
        if escaped or letter not in '\\",':
            part, escaped = part + letter, False
        elif letter == "\\":
            escaped = True
        elif letter == '"':
            quoted = not quoted
        elif quoted:
            part += letter
        else:
            parts.append(part.strip())
            part = ""
    return [*parts, part.strip()]


_FROM_TEXT: Final[dict[str, FromText]] = {
    "blob": scalars.blob_from,
    "boolean": scalars.boolean_from,
    "double": scalars.float_from,
    "float": scalars.float_from,
    "integer": lambda text: scalars.integer_from(text, "integer"),
    "long": lambda text: scalars.integer_from(text, "long"),
    "string": str,
    "timestamp": scalars.timestamp_from,
}
