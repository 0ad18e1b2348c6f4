"""What is wrong with a request by the service's model, in AWS's words."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.events.errors import ValidationException
from messaging.kernel.constraints import complaint

# AWS's own class has these members besides.
_UNSEEN: Final = (("PutEventsRequestEntry", "kmsKeyIdentifier=null, internalMetadata=null"),)


def check(operation: str, req: Mapping[str, Any]) -> None:
    """Check lengths, ranges, patterns and choices of a request; raises ValidationException."""
    text = complaint("events", operation, req, unseen=_UNSEEN)
    if text:
        raise ValidationException(text)
