"""An event of the log as the inspector reads it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

SENT = "sqs.MessageSent"
RECEIVED = "sqs.MessageReceived"
VISIBLE = "sqs.MessageVisible"
CHANGED = "sqs.VisibilityChanged"
DELETED = "sqs.MessageDeleted"
MOVED = "sqs.MessageMoved"
ARRIVED = "sqs.MessageArrived"
DUPLICATED = "sqs.MessageDuplicated"
EXPIRED = "sqs.MessageExpired"
IGNORED = "sqs.DeleteIgnored"
DEDUPLICATED = "sqs.SendDeduplicated"
PURGED = "sqs.QueuePurged"
QUEUE_DELETED = "sqs.QueueDeleted"
GAVE_UP = "actor.Failed"

OF_MESSAGES = (
    SENT, RECEIVED, VISIBLE, CHANGED, DELETED, MOVED, ARRIVED, DUPLICATED, EXPIRED, IGNORED,
)  # fmt: skip
OF_QUEUES = (PURGED, QUEUE_DELETED)

_SECOND = 1_000
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


class Entry(NamedTuple):
    """One event. ``at`` is sandbox time in milliseconds, ``data`` what the log says of it."""

    seq: int
    at: int
    kind: str
    arn: str
    cause: int | None
    data: Mapping[str, Any]

    @property
    def m(self) -> int:
        """The number of the message that it is about."""
        return int(self.data.get("m") or self.data.get("of") or 0)

    @property
    def by(self) -> str:
        return str(self.data.get("by", ""))


@dataclass(frozen=True)
class Facts:
    """What the log does not say: the names of actors, and maxReceiveCount by queue."""

    names: Mapping[str, str] = field(default_factory=dict)
    max_receives: Mapping[str, int] = field(default_factory=dict)

    def name(self, by: str) -> str:
        """Return what people call an actor."""
        if by == "engine":
            return "SQS"
        if by == "console":
            return _("The console")
        return self.names.get(by) or by.partition(":")[2] or _("Somebody")


def queue_name(arn: str) -> str:
    """Return the name at the end of a queue's ARN."""
    return arn.rpartition(":")[2]


def clock_text(at: int) -> str:
    """Return sandbox time as the time of day in UTC, in tenths of a second as on the map."""
    return full_text(at)[:-2]


def full_text(at: int) -> str:
    """Return sandbox time as the time of day in UTC, to the millisecond."""
    return datetime.fromtimestamp(at // _SECOND, UTC).strftime("%H:%M:%S.") + f"{at % _SECOND:03}"


def iso_text(at: int) -> str:
    """Return sandbox time as a ``datetime`` attribute writes it."""
    return f"{datetime.fromtimestamp(at // _SECOND, UTC):%Y-%m-%d}T{full_text(at)}Z"


def span_text(ms: int) -> str:
    """Return a length of time in the largest unit that is exact, else in seconds."""
    for length, unit in _UNITS:
        if ms and ms % (length * _SECOND) == 0:
            return _("%(count)s %(unit)s") % {"count": ms // (length * _SECOND), "unit": unit}
    text = f"{ms / _SECOND:.3f}".rstrip("0").rstrip(".")
    return _("%(seconds)s s") % {"seconds": text}
