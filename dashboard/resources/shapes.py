"""The fields of an operation, from its shape in AWS's own model."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from messaging.kernel.service import operation_model

# Texts that people write in lines: documents and what one sends.
_LONG: Final = re.compile(
    r"Policy$|Pattern$|^Message$|Template$|Document$|Definition$|Content$|^Detail$|^Payload$"
)
_NUMBERS: Final = frozenset({"integer", "long", "float", "double"})


@dataclass(frozen=True, slots=True)
class Member:
    """One parameter: its name as AWS writes it, and what one fills in for it.

    ``kind`` is word, text, number, flag, choice or json.
    """

    name: str
    kind: str
    is_required: bool
    choices: tuple[str, ...] = ()


@cache
def members(service: str, operation: str) -> tuple[Member, ...]:
    """Return the parameters of an operation, those that it needs first."""
    shape = operation_model(service, operation).input_shape
    if shape is None:
        return ()
    required = set(shape.required_members)
    found = [_member(name, member, name in required) for name, member in shape.members.items()]
    return tuple(sorted(found, key=lambda member: not member.is_required))


def _member(name: str, shape: Any, is_required: bool) -> Member:
    if getattr(shape, "enum", None):
        return Member(name, "choice", is_required, tuple(shape.enum))
    return Member(name, _kind(name, shape.type_name), is_required)


def _kind(name: str, type_name: str) -> str:
    if type_name in _NUMBERS:
        return "number"
    if type_name == "boolean":
        return "flag"
    if type_name in ("structure", "list", "map"):
        return "json"
    return "text" if _LONG.search(name) else "word"
