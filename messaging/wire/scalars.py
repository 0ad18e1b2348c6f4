"""Timestamps, blobs and numbers as text, in all the forms that AWS writes and accepts."""

import base64
import binascii
import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
INT_RANGES: Final = {"integer": 2**31, "long": 2**63}

# What every form of a timestamp can write.
_YEAR_1: Final = -62_135_596_800_000
_YEAR_10000: Final = 253_402_300_800_000
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_FLOAT: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_SPECIAL_FLOATS: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def timestamp_from(value: object) -> int:
    """Return milliseconds since 1970 for seconds (a number or its text), ISO 8601 or an HTTP date.

    Raises ValueError for anything else.
    """
    if isinstance(value, str):
        return _timestamp_from_text(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a timestamp")
    return _in_range(round(value * 1000) if math.isfinite(value) else -(2**63))


def timestamp_text(milliseconds: int, style: str) -> str:
    """Write a timestamp as ``iso8601``, ``rfc822`` (whole seconds) or ``unixtimestamp``."""
    if style == "unixtimestamp":
        return str(seconds(milliseconds))
    moment = EPOCH + timedelta(milliseconds=milliseconds)
    if style == "rfc822":
        return format_datetime(moment, usegmt=True)
    text = moment.replace(tzinfo=None).isoformat(
        timespec="milliseconds" if milliseconds % 1000 else "seconds"
    )
    return f"{text}Z"


def seconds(milliseconds: int) -> int | float:
    """Return seconds since 1970: whole where they are whole."""
    whole, rest = divmod(milliseconds, 1000)
    return milliseconds / 1000 if rest else whole


def blob_from(text: str) -> bytes:
    """Decode base64; raises ValueError for what is not base64."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        # Line breaks are legal in base64 as mail and older SDKs write it.
        return base64.b64decode("".join(text.split()), validate=True)


def blob_text(value: bytes | str) -> str:
    return base64.b64encode(value.encode() if isinstance(value, str) else value).decode()


def integer_from(text: str, kind: str) -> int:
    """Read an integer of ``kind`` (``integer`` 32 bits, ``long`` 64 bits); raises ValueError."""
    if not _INTEGER.fullmatch(text):
        raise ValueError("not an integer")
    return within(int(text), kind)


def within(value: int, kind: str) -> int:
    """Return ``value`` if it fits ``kind``; raises ValueError."""
    bound = INT_RANGES[kind]
    if not -bound <= value < bound:
        raise ValueError("out of range")
    return value


def float_from(text: str) -> float:
    if text in _SPECIAL_FLOATS:
        return _SPECIAL_FLOATS[text]
    if not _FLOAT.fullmatch(text):
        raise ValueError("not a number")
    return float(text)


def float_text(value: float) -> str:
    """Write a number as XML and headers want it; JSON takes only the special ones as text."""
    if math.isfinite(value):
        return repr(value)
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def boolean_from(text: str) -> bool:
    lowered = text.lower()
    if lowered not in {"true", "false"}:
        raise ValueError("not a boolean")
    return lowered == "true"


def _timestamp_from_text(text: str) -> int:
    if _FLOAT.fullmatch(text):
        return timestamp_from(float(text))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _http_date(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return _in_range((moment - EPOCH) // timedelta(milliseconds=1))


def _http_date(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, IndexError) as error:
        raise ValueError("not a timestamp") from error


def _in_range(milliseconds: int) -> int:
    if not _YEAR_1 <= milliseconds < _YEAR_10000:
        raise ValueError("out of range")
    return milliseconds
