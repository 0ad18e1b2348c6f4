"""What the log tells of queues and messages beside their state: when, since when, from where. Pure.

The state itself (who lies where, how often received) is what the map folds.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from messaging.kernel.events import PREVIEW_CHARS

_ENTRIES: Final = ("sqs.MessageSent", "sqs.MessageArrived")


@dataclass(slots=True)
class Trace:
    """One message, since it came into the queue where it lies.

    ``shown_at`` is since when it could be received, which decides whose turn it is; ``sent_at`` is
    None where the log begins later.
    """

    sent_at: int | None = None
    entered: int = 0
    entered_at: int = 0
    source: str = ""
    body: str | None = None
    shown_at: int = 0
    until: int = 0
    first_at: int | None = None
    received_at: int | None = None
    last_event: int = 0

    @property
    def is_cut(self) -> bool:
        """Tell whether the body may go on behind what the log keeps of it."""
        return self.body is not None and len(self.body) >= PREVIEW_CHARS


@dataclass(slots=True)
class QueueTrace:
    """One queue: times, tags as far as the log tells them, and what a move task has moved."""

    created_at: int | None = None
    modified_at: int | None = None
    purged_at: int | None = None
    tags: dict[str, str] | None = None
    moving_since: int | None = None
    moved: int = 0


@dataclass(slots=True)
class Traces:
    """Folds the log, event by event; of messages only those that are ``wanted``."""

    wanted: Container[int]
    messages: dict[int, Trace] = field(default_factory=dict)
    queues: dict[str, QueueTrace] = field(default_factory=dict)

    def take(self, seq: int, at: int, kind: str, arn: str, data: Mapping[str, Any]) -> None:
        """Fold one event."""
        if "is" in data or "was" in data:
            if data["m"] in self.wanted:
                self._message(seq, at, kind, data)
            if kind == "sqs.MessageMoved":
                self._queue(arn).moved += 1
        elif kind in _QUEUE:
            _QUEUE[kind](self, at, arn, data)

    def _message(self, seq: int, at: int, kind: str, data: Mapping[str, Any]) -> None:
        m = data["m"]
        trace = self.messages.get(m)
        if trace is None:
            trace = self.messages[m] = Trace()
        if kind in _ENTRIES:
            sent_at = at if kind == "sqs.MessageSent" else trace.sent_at
            trace = self.messages[m] = Trace(
                sent_at, seq, at, data.get("from", ""), data.get("b"), shown_at=at
            )
        elif kind == "sqs.MessageReceived":
            trace.received_at = at
            trace.first_at = trace.first_at or at
        elif data.get("is") == "v":
            # Who comes back by a timeout has been there since that ended, not since it was told.
            lapsed = trace.until if 0 < trace.until <= at else at
            trace.shown_at = lapsed
        trace.until = data.get("until", 0)
        trace.last_event = seq

    def _queue(self, arn: str) -> QueueTrace:
        return self.queues.setdefault(arn, QueueTrace())

    def created(self, at: int, arn: str, data: Mapping[str, Any]) -> None:
        self.queues[arn] = QueueTrace(created_at=at, modified_at=at, tags=data.get("tags", {}))

    def changed(self, at: int, arn: str, _: Mapping[str, Any]) -> None:
        self._queue(arn).modified_at = at

    def tagged(self, at: int, arn: str, data: Mapping[str, Any]) -> None:
        self._queue(arn).tags = data["tags"]

    def purged(self, at: int, arn: str, _: Mapping[str, Any]) -> None:
        self._queue(arn).purged_at = at

    def began_moving(self, at: int, arn: str, _: Mapping[str, Any]) -> None:
        queue = self._queue(arn)
        queue.moving_since, queue.moved = at, 0

    def ended_moving(self, at: int, arn: str, _: Mapping[str, Any]) -> None:
        self._queue(arn).moving_since = None


_QUEUE: Final = {
    "sqs.QueueCreated": Traces.created,
    "sqs.AttributesSet": Traces.changed,
    "sqs.TagsSet": Traces.tagged,
    "sqs.QueuePurged": Traces.purged,
    "sqs.MoveTaskStarted": Traces.began_moving,
    "sqs.MoveTaskFinished": Traces.ended_moving,
    "sqs.MoveTaskCancelled": Traces.ended_moving,
}
