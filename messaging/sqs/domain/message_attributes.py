"""A message's own attributes: names, types, values (rules M1, M4)."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from messaging.sqs.domain.characters import ALLOWED, find_forbidden, text_size
from messaging.sqs.errors import InvalidParameterValue
from messaging.sqs.limits import (
    ATTRIBUTE_NAME_BYTES_MAX,
    ATTRIBUTE_TYPE_BYTES_MAX,
    ATTRIBUTES_MAX,
    NUMBER_DIGITS_MAX,
    NUMBER_EXPONENT_MAX,
    NUMBER_EXPONENT_MIN,
)

Attributes = Mapping[str, Mapping[str, Any]]

SYSTEM_ATTRIBUTES_FOR_SENDS = frozenset({"AWSTraceHeader"})

_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_RESERVED = re.compile(r"(aws|amazon)\.", re.IGNORECASE)
_TYPE = re.compile(r"(String|Number|Binary)(\..+)?", re.DOTALL)
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")


def check_attributes(attributes: Attributes) -> None:
    """Check MessageAttributes (M4); raises InvalidParameterValue with AWS's texts."""
    if len(attributes) > ATTRIBUTES_MAX:
        raise InvalidParameterValue(
            f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum "
            f"[{ATTRIBUTES_MAX}]."
        )
    for name, attribute in attributes.items():
        _check_name(name)
        _check_value(name, attribute)


def check_system_attributes(attributes: Attributes) -> None:
    """Check MessageSystemAttributes: only a trace header, as a String."""
    for name, attribute in attributes.items():
        if name not in SYSTEM_ATTRIBUTES_FOR_SENDS:
            raise InvalidParameterValue(f"Message system attribute name '{name}' is invalid.")
        if attribute.get("DataType") != "String" or not attribute.get("StringValue"):
            raise InvalidParameterValue(
                f"Message system attribute '{name}' must contain a non-empty value of type "
                "'String'."
            )


def attributes_size(attributes: Attributes) -> int:
    """Return the bytes of all names, types and values (M1)."""
    return sum(
        text_size(name)
        + text_size(attribute.get("DataType") or "")
        + text_size(attribute.get("StringValue") or "")
        + len(attribute.get("BinaryValue") or b"")
        for name, attribute in attributes.items()
    )


@lru_cache(maxsize=1024)
def _check_name(name: str) -> None:
    if not name:
        raise InvalidParameterValue(
            "The request must contain non-empty message (user) attribute names."
        )
    if len(name) > ATTRIBUTE_NAME_BYTES_MAX:
        raise InvalidParameterValue(
            f"Message (user) attribute name must be shorter than {ATTRIBUTE_NAME_BYTES_MAX} bytes."
        )
    if not _NAME.fullmatch(name):
        # the space at the end is AWS's
        raise InvalidParameterValue(
            "Message (user) attributes name can only contain upper and lower score characters, "
            "digits, periods, hyphens and underscores. "
        )
    if _RESERVED.match(name):
        raise InvalidParameterValue(
            "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These "
            "strings are reserved for internal use."
        )
    if name.startswith(".") or name.endswith(".") or ".." in name:
        raise InvalidParameterValue(
            f"Message (user) attribute name '{name}' must not start or end with a period, or have "
            "successive periods."
        )


def _check_value(name: str, attribute: Mapping[str, Any]) -> None:
    data_type = attribute.get("DataType")
    if attribute.get("StringListValues") or attribute.get("BinaryListValues"):
        raise InvalidParameterValue(
            "Message attribute list values in SendMessage operation are not supported."
        )
    if not data_type:
        raise InvalidParameterValue(
            f"The message (user) attribute '{name}' must contain a non-empty message attribute "
            "value."
        )
    if text_size(data_type) > ATTRIBUTE_TYPE_BYTES_MAX:
        raise InvalidParameterValue(
            f"Message (user) attribute type must be shorter than {ATTRIBUTE_TYPE_BYTES_MAX} bytes."
        )
    base = _base_type(data_type)
    if base is None:
        raise InvalidParameterValue(
            f"The type of message (user) attribute '{name}' is invalid. You must use only the "
            "following supported type prefixes: Binary, Number, String."
        )
    value = attribute.get("BinaryValue" if base == "Binary" else "StringValue")
    if not value:
        raise InvalidParameterValue(
            f"Message (user) attribute '{name}' must contain a non-empty value of type '{base}'."
        )
    if base == "Binary":
        return
    _check_characters(name, value)
    if base == "Number" and not _is_number(value):
        raise InvalidParameterValue(
            f"Can't cast the value of message (user) attribute '{name}' to a number."
        )


@lru_cache(maxsize=1024)
def _base_type(data_type: str) -> str | None:
    """Return String, Number or Binary, None for other types."""
    found = _TYPE.fullmatch(data_type)
    return found[1] if found and not find_forbidden(data_type) else None


def _check_characters(name: str, text: str) -> None:
    forbidden = find_forbidden(text)
    if forbidden:
        raise InvalidParameterValue(
            f"Invalid binary character '{forbidden}' was found in the message (user) attribute "
            f"'{name}', the set of allowed characters is {ALLOWED}."
        )


def _is_number(text: str) -> bool:
    """Tell whether a Number fits: 38 digits without outer zeros, 10^-128 to 10^126."""
    if len(text) <= NUMBER_DIGITS_MAX and text.isascii() and text.isdigit():
        return True
    if not _NUMBER.fullmatch(text):
        return False
    number = Decimal(text)
    if not number:
        return True
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    return (
        len(digits) <= NUMBER_DIGITS_MAX
        and NUMBER_EXPONENT_MIN <= number.adjusted() <= NUMBER_EXPONENT_MAX
    )
