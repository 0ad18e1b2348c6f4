"""Compose one function per shape of a service model, once."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from botocore.model import OperationModel, Shape, StructureShape

# The forms of a document.
JSON: Final = "json"
CBOR: Final = "cbor"
CBOR_MILLIS: Final = "cbor-millis"

Made = Callable[..., Any]
Maker = Callable[["Composer", Any], Made | None]


class Composer:
    """Makes and keeps the functions of one service model for one form (JSON text, XML, …).

    A maker may answer None where a value passes unchanged. A shape that contains itself gets a
    function that looks itself up when it is called.
    """

    def __init__(self, makers: Mapping[str, Maker]) -> None:
        self._makers = makers
        self._made: dict[tuple[str, str], Made | None] = {}

    def of(self, shape: Shape) -> Made | None:
        """Return the function for ``shape``."""
        key = (shape.name, repr(sorted(shape.serialization.items(), key=str)))
        if key not in self._made:
            self._made[key] = self._later(key)
            self._made[key] = self._makers[shape.type_name](self, shape)
        return self._made[key]

    def need(self, shape: Shape) -> Made:
        """Return the function for ``shape`` where the makers of this form always make one."""
        made = self.of(shape)
        if made is None:
            raise LookupError(f"no function for {shape.name}")
        return made

    def _later(self, key: tuple[str, str]) -> Made:
        def call(*values: Any) -> Any:
            made = self._made[key]
            return values[-1] if made is None else made(*values)

        return call


def fixed(function: Made) -> Maker:
    """Return the maker of a function that is the same for every shape of its type."""
    return lambda composer, shape: function


def input_of(operation: OperationModel) -> StructureShape:
    """Return the input shape of an operation that has one."""
    return _present(operation.input_shape, operation)


def output_of(operation: OperationModel) -> StructureShape:
    """Return the output shape of an operation that has one."""
    return _present(operation.output_shape, operation)


def stream_of(operation: OperationModel) -> str | None:
    """Return the member of the result that is a stream of events, if there is one."""
    shape = operation.output_shape
    name: str | None = getattr(shape, "event_stream_name", None)
    return name


def body_members(shape: StructureShape) -> dict[str, Shape]:
    """Return the members of ``shape`` that travel in the body, not in the path or headers."""
    return {
        name: member
        for name, member in shape.members.items()
        if member.serialization.get("location") is None
    }


def _present(shape: StructureShape | None, operation: OperationModel) -> StructureShape:
    if shape is None:
        raise LookupError(f"{operation.name} has no such shape")
    return shape


def wire_name(name: str, shape: Shape) -> str:
    """Return the name of a member on the wire."""
    renamed: str = shape.serialization.get("name", name)
    return renamed
