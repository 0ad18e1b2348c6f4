"""A message's own attributes: names, types, values (N2). Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from messaging.sns.errors import InvalidParameterValue
from messaging.sns.limits import ATTRIBUTE_NAME_BYTES_MAX

Attributes = Mapping[str, Mapping[str, Any]]
_STRANGE: Final = re.compile(r"[^A-Za-z0-9_.-]")
_TYPE: Final = re.compile(r"(String|Number|Binary)(\..+)?", re.DOTALL)
_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")


def check_attributes(attributes: Attributes) -> None:
    """Check MessageAttributes; raises InvalidParameterValue with AWS's texts."""
    for name, attribute in attributes.items():
        _check_name(name)
        _check_value(name, attribute)


def attributes_size(attributes: Attributes) -> int:
    """Return the bytes of all names, types and values."""
    return sum(
        len(name.encode())
        + len((attribute.get("DataType") or "").encode())
        + len((attribute.get("StringValue") or "").encode())
        + len(attribute.get("BinaryValue") or b"")
        for name, attribute in attributes.items()
    )


def _check_name(name: str) -> None:
    if not name:
        raise InvalidParameterValue("The request must contain non-empty message attribute names.")
    if len(name.encode()) > ATTRIBUTE_NAME_BYTES_MAX:
        raise InvalidParameterValue(
            f"Length of message attribute name must be less than {ATTRIBUTE_NAME_BYTES_MAX} bytes."
        )
    strange = _STRANGE.search(name)
    if strange:
        raise InvalidParameterValue(
            f"Invalid non-alphanumeric character '#x{ord(strange[0]):X}' was found in the message"
            " attribute name. Can only include alphanumeric characters, hyphens, underscores, or"
            " dots."
        )
    for found, where in ((name.startswith("."), "starting"), (name.endswith("."), "ending")):
        if found:
            raise InvalidParameterValue(
                f"Invalid message attribute name {where} with character '.' was found."
            )
    if ".." in name:
        raise InvalidParameterValue("Message attribute name can not have successive '.' character.")


def _check_value(name: str, attribute: Mapping[str, Any]) -> None:
    found = _TYPE.fullmatch(attribute.get("DataType") or "")
    if found is None:
        raise InvalidParameterValue(
            f"The message attribute '{name}' has an invalid message attribute type, the set of"
            " supported type prefixes is Binary, Number, and String."
        )
    base = found[1]
    wanted, other = ("String", "Binary") if base != "Binary" else ("Binary", "String")
    if attribute.get(f"{other}Value") is not None and attribute.get(f"{wanted}Value") is None:
        raise InvalidParameterValue(
            f"The message attribute '{name}' with type '{attribute['DataType']}' must use field"
            f" '{wanted}'."
        )
    value = attribute.get(f"{wanted}Value")
    if not value:
        raise InvalidParameterValue(
            f"The message attribute '{name}' must contain non-empty message attribute value for"
            f" message attribute type '{attribute['DataType']}'."
        )
    if base == "Number" and not _NUMBER.fullmatch(value):
        raise InvalidParameterValue(f"Could not cast message attribute '{name}' value to number.")
