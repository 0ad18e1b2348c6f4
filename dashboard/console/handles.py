"""Receipt handles that this browser has received: without one a message cannot be deleted."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from zlib import crc32

from django.http import HttpRequest

# They live in the session's cookie, which holds 4 KiB.
KEPT: Final = 20
_KEY: Final = "handles"
_OF_QUEUE: Final = "!"


def keep(request: HttpRequest, messages: Iterable[Mapping[str, Any]], *, arn: str = "") -> None:
    """Remember the handles of messages that were just received from the queue ``arn``."""
    known = _known(request)
    for message in messages:
        known.pop(message["MessageId"], None)
        known[message["MessageId"]] = message["ReceiptHandle"] + _OF_QUEUE + _mark(arn)
    request.session[_KEY] = dict(list(known.items())[-KEPT:])


def of(request: HttpRequest, message_id: str) -> str:
    """Return the handle of a message, or nothing when this browser has not received it."""
    return _known(request).get(message_id, "").partition(_OF_QUEUE)[0]


def held(request: HttpRequest, arn: str) -> list[tuple[str, str]]:
    """Return (message id, handle) of what this browser holds of a queue, newest first."""
    pairs = []
    for message_id, text in reversed(_known(request).items()):
        handle, _, mark = text.partition(_OF_QUEUE)
        if mark == _mark(arn):
            pairs.append((message_id, handle))
    return pairs


def drop(request: HttpRequest, *used: str) -> None:
    """Forget handles that were used."""
    known = _known(request)
    request.session[_KEY] = {
        key: text for key, text in known.items() if text.partition(_OF_QUEUE)[0] not in used
    }


def _known(request: HttpRequest) -> dict[str, str]:
    return dict(request.session.get(_KEY, {}))


def _mark(arn: str) -> str:
    return f"{crc32(arn.encode()):08x}"
