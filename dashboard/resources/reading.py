"""From what a form says to the parameters of a call, checked as its service or its SDK does."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.console import carried
from messaging.kernel.errors import ValidationError
from messaging.kernel.service import operation_model
from messaging.wire import catalogue, scalars
from messaging.wire.client_side import complaint

_REST: Final = "rest"


def read(service: str, operation: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters; raises AwsError.

    Where parameters travel in paths and headers, no body tells them all: they are checked as an
    SDK checks them before it sends.
    """
    if not catalogue.protocols(service)[0].startswith(_REST):
        return carried.read(operation, document, service=service)
    problem = complaint(service, operation, document)
    if problem:
        raise ValidationError(problem)
    shape = operation_model(service, operation).input_shape
    try:
        return {name: _parameter(value, shape, name) for name, value in document.items()}
    except ValueError as error:
        raise ValidationError(str(error)) from None


def _parameter(value: Any, shape: Any, name: str) -> Any:
    """Return a parameter; bytes of one's own, such as a payload, are written as text."""
    member = shape.members[name]
    if member.type_name == "blob" and isinstance(value, str):
        return value.encode()
    return _typed(value, member)


def _typed(value: Any, shape: Any) -> Any:
    """Return the value with its blobs as bytes, and its times in milliseconds."""
    kind = shape.type_name if shape is not None else ""
    if kind == "blob":
        return scalars.blob_from(value) if isinstance(value, str) else value
    if kind == "timestamp":
        return scalars.timestamp_from(value)
    if kind == "structure":
        return {name: _typed(each, shape.members.get(name)) for name, each in value.items()}
    if kind == "map":
        return {name: _typed(each, shape.value) for name, each in value.items()}
    if kind == "list":
        return [_typed(each, shape.member) for each in value]
    return value
