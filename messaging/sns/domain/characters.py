"""Characters that no text of SNS may hold: there is no place for a NUL in a database. Pure."""

from collections.abc import Mapping
from typing import Any

from messaging.sns.errors import InvalidParameter


def check_storable(params: Mapping[str, Any], *names: str) -> None:
    """Check the texts of some parameters, however deep; raises InvalidParameter."""
    for name in names:
        if _has_nul(params.get(name)):
            raise InvalidParameter.of(name, reason="contains a character that is not allowed")


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, Mapping):
        return any(_has_nul(key) or _has_nul(below) for key, below in value.items())
    return isinstance(value, list | tuple) and any(map(_has_nul, value))
