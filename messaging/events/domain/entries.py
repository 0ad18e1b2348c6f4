"""PutEvents: what an entry must have, what it weighs, and the event that it becomes (P1, P2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from messaging.events.limits import ENTRIES_BYTES_MAX, TIME_BYTES

Entry = Mapping[str, Any]
_REQUIRED: Final = ("Source", "DetailType", "Detail")
_OURS: Final = "aws."


@dataclass(frozen=True, slots=True)
class Event:
    """An event on its way through a bus; ``text`` is the same as JSON.

    ``trace`` is the X-Ray header that it came with. ``forwarded`` are events that came in by a rule
    of another bus: none goes on to a third.
    """

    number: int
    received_at: int
    data: dict[str, Any]
    forwarded: bool = False
    trace: str = ""
    text: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", orjson.dumps(self.data).decode())

    @property
    def at(self) -> int:
        """The event's own time in milliseconds."""
        return read_time(self.data["time"])


def is_over_limit(entries: Iterable[Entry]) -> bool:
    """Tell whether a request weighs too much."""
    return sum(map(entry_size, entries)) >= ENTRIES_BYTES_MAX


def entry_size(entry: Entry) -> int:
    """Return the bytes that an entry counts as."""
    size = TIME_BYTES if entry.get("Time") is not None else 0
    for name in _REQUIRED:
        size += len((entry.get(name) or "").encode())
    return size + sum(len(resource.encode()) for resource in entry.get("Resources") or ())


def entry_error(entry: Entry, detail: Any) -> tuple[str, str] | None:
    """Return code and message of what is wrong with an entry; ``detail`` is its Detail, read."""
    for name in _REQUIRED:
        if not entry.get(name):
            reason = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            return "InvalidArgument", reason
    if not isinstance(detail, dict):
        return "MalformedDetail", "Detail is malformed."
    return None


def is_reserved(source: str) -> bool:
    """Tell whether only AWS's own services may send events of this source."""
    return source.startswith(_OURS)


def read_detail(text: str | None) -> Any:
    """Return a Detail as JSON, or None where it is none."""
    try:
        return orjson.loads(text or "")
    except orjson.JSONDecodeError:
        return None


def envelope(
    entry: Entry, detail: Any, *, event_id: str, account: str, region: str, now_ms: int
) -> dict[str, Any]:
    """Return the event that an entry becomes."""
    time = entry.get("Time")
    return {
        "version": "0",
        "id": event_id,
        "detail-type": entry["DetailType"],
        "source": entry["Source"],
        "account": account,
        "time": write_time(now_ms if time is None else time),
        "region": region,
        "resources": list(entry.get("Resources") or ()),
        "detail": detail,
    }


def write_time(milliseconds: int) -> str:
    """Return a time as events have it: whole seconds in UTC."""
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(text: str) -> int:
    """Return the milliseconds of a time that ``write_time`` wrote."""
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").timestamp()) * 1000
