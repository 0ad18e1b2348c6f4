"""Receipt handles that this browser has received: without one a message cannot be deleted."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.http import HttpRequest

# They live in the session's cookie, which holds 4 KiB.
KEPT: Final = 20
_KEY: Final = "handles"


def keep(request: HttpRequest, messages: Iterable[Mapping[str, Any]]) -> None:
    """Remember the handles of messages that were just received."""
    known = list(_known(request).items())
    known += [(message["MessageId"], message["ReceiptHandle"]) for message in messages]
    request.session[_KEY] = dict(known[-KEPT:])


def of(request: HttpRequest, message_id: str) -> str:
    """Return the handle of a message, or nothing when this browser has not received it."""
    return _known(request).get(message_id, "")


def drop(request: HttpRequest, handle: str) -> None:
    """Forget a handle that was used."""
    known = _known(request)
    request.session[_KEY] = {key: value for key, value in known.items() if value != handle}


def _known(request: HttpRequest) -> dict[str, str]:
    known: dict[str, str] = request.session.get(_KEY, {})
    return known
