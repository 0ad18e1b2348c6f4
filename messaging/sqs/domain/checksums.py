"""The MD5 sums that SDKs verify (rule M5)."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import md5
from typing import Any

_STRING = b"\x01"
_BINARY = b"\x02"


def md5_of_body(body: str) -> str:
    """Return MD5OfMessageBody: the sum of the body's UTF-8 bytes."""
    return md5(body.encode(), usedforsecurity=False).hexdigest()


def md5_of_attributes(attributes: Mapping[str, Mapping[str, Any]]) -> str:
    """Return MD5OfMessageAttributes (or of the system attributes) of a map in the API's form.

    Values are hashed by their transport type, so ``Number`` counts as a string.
    """
    parts: list[bytes] = []
    for name in sorted(attributes):
        attribute = attributes[name]
        data_type: str = attribute["DataType"]
        if data_type.startswith("Binary"):
            value = bytes(attribute["BinaryValue"])
        else:
            value = attribute["StringValue"].encode()
        parts += (_head(name, data_type), len(value).to_bytes(4), value)
    return md5(b"".join(parts), usedforsecurity=False).hexdigest()


@lru_cache(maxsize=1024)
def _head(name: str, data_type: str) -> bytes:
    transport = _BINARY if data_type.startswith("Binary") else _STRING
    return _sized(name.encode()) + _sized(data_type.encode()) + transport


def _sized(value: bytes) -> bytes:
    return len(value).to_bytes(4) + value
