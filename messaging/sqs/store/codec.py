"""Message attributes as stored text: binary values as base64, everything else as it is.

And what the log tells of a trace header.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

import orjson

from messaging.kernel.tracing import root_of


def pack(attributes: Mapping[str, Mapping[str, Any]] | None) -> str | None:
    """Return attributes as text, or None where there are none."""
    if not attributes:
        return None
    return orjson.dumps(attributes, default=_encode).decode()


def unpack(text: str | None) -> dict[str, dict[str, Any]] | None:
    """Return what ``pack`` was given."""
    if not text:
        return None
    attributes: dict[str, dict[str, Any]] = orjson.loads(text)
    for value in attributes.values():
        if "BinaryValue" in value:
            value["BinaryValue"] = b64decode(value["BinaryValue"])
    return attributes


def traced(extra: str | None) -> str:
    """Return the root of the trace that a message carries, as the end of its event in the log."""
    header = orjson.loads(extra).get("trace") if extra else None
    return f',"t":{orjson.dumps(root_of(header)).decode()}' if header else ""


def _encode(value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return b64encode(bytes(value)).decode()
    raise TypeError(f"{type(value).__name__} is no attribute value")
