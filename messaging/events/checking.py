"""What is wrong with a request by the service's model, in AWS's words."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.events.errors import ValidationException
from messaging.kernel.constraints import complaint

# AWS's own class has these members besides.
_UNSEEN: Final = (("PutEventsRequestEntry", "kmsKeyIdentifier=null, internalMetadata=null"),)


# What these bring is not stored but as JSON, in which any character can be written.
_AS_JSON: Final = ("PutEvents", "PutPartnerEvents", "TestEventPattern")


def check(operation: str, req: Mapping[str, Any]) -> None:
    """Check lengths, ranges, patterns and choices of a request; raises ValidationException."""
    text = complaint("events", operation, req, unseen=_UNSEEN)
    if text:
        raise ValidationException(text)
    if operation not in _AS_JSON and _has_nul(req):
        raise ValidationException("The request contains a character that is not allowed.")


def _has_nul(value: Any) -> bool:
    """Tell whether there is a NUL somewhere: PostgreSQL stores none."""
    if isinstance(value, str):
        return "\x00" in value or "\\u0000" in value
    if isinstance(value, Mapping):
        return any(_has_nul(key) or _has_nul(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_has_nul, value))
