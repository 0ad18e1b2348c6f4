"""Event streams (``application/vnd.amazon.eventstream``): framed messages with checksums.

A message is: total length, headers' length, CRC of those eight bytes, headers, payload, CRC of all.
"""

import struct
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from botocore.model import OperationModel, ServiceModel, Shape, StructureShape

from messaging.kernel.errors import AwsError
from messaging.wire import cbor, document_writing, shapes, xml_writing
from messaging.wire.shapes import output_of, stream_of
from messaging.wire.xml_writing import DECLARATION

CONTENT_TYPE: Final = b"application/vnd.amazon.eventstream"
MAX_MESSAGE: Final = 16 * 1024 * 1024

_PRELUDE: Final = struct.Struct(">III")
_HEADER_FORMATS: Final = {2: ">b", 3: ">h", 4: ">i", 5: ">q", 8: ">q"}

Value = bool | int | bytes | str


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a stream."""

    headers: Mapping[str, Value]
    payload: bytes = b""


def frame(message: Message) -> bytes:
    """Encode one message."""
    headers = b"".join(_header(name, value) for name, value in message.headers.items())
    total = _PRELUDE.size + len(headers) + len(message.payload) + 4
    prelude = struct.pack(">II", total, len(headers))
    prelude += struct.pack(">I", zlib.crc32(prelude))
    body = prelude + headers + message.payload
    return body + struct.pack(">I", zlib.crc32(body))


def unframe(data: bytes) -> Iterator[Message]:
    """Decode complete messages; raises ValueError for a wrong checksum, length or header."""
    while data:
        if len(data) < _PRELUDE.size:
            raise ValueError("An event stream message is cut short.")
        total, header_length, checksum = _PRELUDE.unpack_from(data)
        if zlib.crc32(data[:8]) != checksum:
            raise ValueError("The checksum of an event stream prelude is wrong.")
        if not _PRELUDE.size + 4 + header_length <= total <= min(len(data), MAX_MESSAGE):
            raise ValueError("The length of an event stream message is wrong.")
        message, data = data[:total], data[total:]
        if zlib.crc32(message[:-4]) != struct.unpack(">I", message[-4:])[0]:
            raise ValueError("The checksum of an event stream message is wrong.")
        split = _PRELUDE.size + header_length
        yield Message(_headers(message[_PRELUDE.size : split]), message[split:-4])


def encode(
    result: Mapping[str, Any], operation: OperationModel, content_type: str
) -> Iterable[bytes] | AsyncIterable[bytes]:
    """Encode a streaming result; its event member is an iterable, possibly asynchronous, of events.

    An event is ``{"SubscribeToShardEvent": {...}}``; an AwsError in its place ends the stream with
    that error. RPC protocols carry the other members of the result in a first message.
    """
    shape = output_of(operation)
    name = stream_of(operation) or ""
    encoder = _Encoder(operation.service_model, _structure(shape.members[name]), content_type)
    first = []
    if not operation.http.get("requestUri", "/").strip("/"):
        rest = {key: value for key, value in result.items() if key != name}
        first = [encoder.initial(shape, rest)]
    events = result[name]
    if isinstance(events, AsyncIterable):
        return encoder.later(first, events)
    return encoder.now(first, events)


class _Encoder:
    """Frames the events of one stream shape."""

    def __init__(self, model: ServiceModel, shape: StructureShape, content_type: str) -> None:
        self.model = model
        self.shape = shape
        self.content_type = content_type

    def initial(self, shape: StructureShape, result: Mapping[str, Any]) -> bytes:
        payload = self._document(shape, result)
        headers = _event_headers("initial-response", self.content_type)
        return frame(Message(headers, payload))

    def now(self, first: list[bytes], events: Iterable[Any]) -> Iterator[bytes]:
        yield from first
        for event in events:
            yield self.event(event)

    async def later(self, first: list[bytes], events: AsyncIterable[Any]) -> AsyncIterator[bytes]:
        for chunk in first:
            yield chunk
        async for event in events:
            yield self.event(event)

    def event(self, event: Mapping[str, Any] | AwsError) -> bytes:
        if isinstance(event, AwsError):
            return self._exception(event)
        (name, value), *_ = event.items()
        shape = _structure(self.shape.members[name])
        headers, payload, content_type = self._parts(shape, value)
        return frame(Message({**_event_headers(name, content_type), **headers}, payload))

    def _parts(
        self, shape: StructureShape, value: Mapping[str, Any]
    ) -> tuple[dict[str, Value], bytes, str]:
        headers = {
            name: value[name]
            for name, member in shape.members.items()
            if member.serialization.get("eventheader") and name in value
        }
        for name, member in shape.members.items():
            if member.serialization.get("eventpayload"):
                return headers, *self._payload(member, value.get(name, b""))
        rest = {name: item for name, item in value.items() if name not in headers}
        if not shape.members:
            return headers, b"", self.content_type
        return headers, self._document(shape, rest), self.content_type

    def _payload(self, shape: Shape, value: Any) -> tuple[bytes, str]:
        if shape.type_name == "blob":
            return bytes(value), "application/octet-stream"
        if shape.type_name == "string":
            return value.encode(), "text/plain"
        return self._document(shape, value or {}), self.content_type

    def _document(self, shape: Shape, value: Mapping[str, Any]) -> bytes:
        if self.content_type == "text/xml":
            out = [DECLARATION]
            xml_writing.writers(self.model).need(shape)(out, shape.name, value)
            return "".join(out).encode()
        if self.content_type.startswith("application/x-amz-cbor"):
            write = document_writing.writers(self.model, shapes.CBOR_MILLIS).of(shape)
            return cbor.dumps(write(value) if write else value)
        write = document_writing.writers(self.model, shapes.JSON).of(shape)
        return orjson.dumps(write(value) if write else value)

    def _exception(self, error: AwsError) -> bytes:
        shape = self.shape.members.get(error.code)
        headers = {":message-type": "exception", ":exception-type": error.code}
        if shape is None:
            headers = {
                ":message-type": "error",
                ":error-code": error.code,
                ":error-message": error.message,
            }
            return frame(Message(headers))
        members = _structure(shape).members
        member = next((name for name in members if name.lower() == "message"), "message")
        payload = self._document(shape, {member: error.message, **error.fields})
        return frame(Message({**headers, ":content-type": self.content_type}, payload))


def _structure(shape: Shape) -> StructureShape:
    if not isinstance(shape, StructureShape):
        raise TypeError(f"{shape.name} is not a structure")
    return shape


def _event_headers(name: str, content_type: str) -> dict[str, Value]:
    return {":message-type": "event", ":event-type": name, ":content-type": content_type}


def _header(name: str, value: Value) -> bytes:
    label = name.encode()
    head = bytes((len(label),)) + label
    if value is True or value is False:
        return head + (b"\x00" if value else b"\x01")
    if isinstance(value, int):
        return head + b"\x05" + struct.pack(">q", value)
    kind, data = (b"\x06", value) if isinstance(value, bytes) else (b"\x07", str(value).encode())
    return head + kind + struct.pack(">H", len(data)) + data


def _headers(data: bytes) -> dict[str, Value]:
    headers: dict[str, Value] = {}
    place = 0
    try:
        while place < len(data):
            length = data[place]
            name = data[place + 1 : place + 1 + length].decode()
            kind = data[place + 1 + length]
            place += 2 + length
            headers[name], place = _header_value(kind, data, place)
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise ValueError("A header of an event stream message is malformed.") from error
    return headers


def _header_value(kind: int, data: bytes, place: int) -> tuple[Value, int]:
    if kind in (0, 1):
        return kind == 0, place
    if kind in _HEADER_FORMATS:
        number = struct.Struct(_HEADER_FORMATS[kind])
        return number.unpack_from(data, place)[0], place + number.size
    if kind == 9:  # noqa: PLR2004 - a UUID: sixteen bytes
        return data[place : place + 16], place + 16
    (length,) = struct.unpack_from(">H", data, place)
    end = place + 2 + length
    if end > len(data) or kind not in (6, 7):
        raise IndexError(kind)
    value = data[place + 2 : end]
    return (value if kind == 6 else value.decode()), end  # noqa: PLR2004 - 6 is bytes, 7 text
