"""What the page of a message shows of a moment of the past, as plain values for the templates."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dashboard.console import door
from dashboard.console.text import visible
from dashboard.inspector import bodies, calls, entries, moment, reading, showing, story, whynot
from dashboard.inspector.entries import Entry, clock_text
from dashboard.inspector.moment import Moment
from dashboard.inspector.showing import Fork, Known
from messaging.kernel.events import PREVIEW_CHARS
from messaging.kernel.models import Sandbox
from messaging.kernel.moment import Kept

_SECOND: Final = 1_000
# What SQS tells of a message that does not change while it lives.
_LASTING: Final = (
    "AWSTraceHeader",
    "MessageDeduplicationId",
    "MessageGroupId",
    "SenderId",
    "SentTimestamp",
    "SequenceNumber",
)


def context_of(
    request: HttpRequest, sandbox: Sandbox, number: int, seq: int
) -> dict[str, Any] | None:
    """Return what a page shows of a message after event ``seq``; None when there is no such."""
    known = showing.known_of(sandbox, number)
    then = moment.moment_of(sandbox, number, seq) if known else None
    if known is None or then is None:
        return None
    told = [event for event in known.events if event.seq <= seq]
    sentences = story.tell(known.events, known.facts)
    context = showing.frame_of(sandbox, number, known, now=then.at) | {
        "rate": 0,
        "moment": then,
        "live_now": reading.now_of(sandbox),
        "story": [one for one in sentences if one.seq <= seq],
        "later": [one for one in sentences if one.seq > seq],
        "fork": Fork(seq, then.at, then.what),
    }
    if then.kept is None:
        return context | _away(sandbox, number, known, told)
    return context | _there(request, sandbox, known, then, then.kept, told)


def _there(
    request: HttpRequest,
    sandbox: Sandbox,
    known: Known,
    then: Moment,
    kept: Kept,
    told: Sequence[Entry],
) -> dict[str, Any]:
    """Return the parts of a message that lay in a queue."""
    row = known.message
    body = row["body"] if row else _preview(known.events)
    place = showing.place_of(sandbox, then.arn) | {"dlq": then.dlq}
    message = _message(then, kept, row, body, told)
    held = story.holder(told, known.facts) if kept.state == "f" else ""
    context: dict[str, Any] = {
        "message": message
        | {
            "look": showing.look_of(message, dlq=then.dlq),
            "word": showing.word_of(message, dlq=then.dlq),
            "held_by": held,
        },
        "queue": place,
        "body": bodies.show(body),
        "copy": body if len(body) <= bodies.SHOWN else "",
        "preview": visible(body, length=showing.PREVIEW),
        "reasons": whynot.reasons(message, then.consumers, paused=False),
    }
    if place["exists"]:
        url = door.queue_url(door.owner_of(request, sandbox, then.arn), then.arn)
        context["send_cli"] = calls.send(row, url) if row and row["arn"] == then.arn else ""
        context["receive_cli"] = calls.receive(url)
    return context


def _message(
    then: Moment, kept: Kept, row: Mapping[str, Any] | None, body: str, told: Sequence[Entry]
) -> dict[str, Any]:
    """Return the message itself: what lasts from its row, if it still has one, the rest as then."""
    sent = next((one.at for one in reversed(told) if one.kind == entries.SENT), kept.since)
    expires = kept.since + then.retention_ms
    lasting = [(name, visible(row["system"][name])) for name in _LASTING if name in row["system"]] \
        if row else []  # fmt: skip
    return {
        "m": row["m"] if row else 0,
        "state": kept.state,
        "until": kept.until,
        "until_time": clock_text(kept.until) if kept.until else "",
        "left_s": max(0, kept.until - then.at) / _SECOND,
        "receives": kept.receives,
        "max_receives": then.max_receives,
        "group": kept.group,
        "lock": then.lock,
        "sent_at": sent,
        "sent_time": entries.full_text(sent),
        "age_s": max(0, then.at - sent) / _SECOND,
        "expires_at": expires if then.retention_ms else 0,
        "kept_left_s": max(0, expires - then.at) / _SECOND,
        "size": row["size"] if row else 0,
        "from_log": row is None,
        "cut": row is None and len(body) >= PREVIEW_CHARS,
        "attributes": showing.safe_attributes(row["attributes"]) if row else [],
        "system": lasting,
        "md5_body": row["md5_body"] if row else "",
        "md5_attributes": row["md5_attributes"] if row else "",
    }


def _away(sandbox: Sandbox, number: int, known: Known, told: Sequence[Entry]) -> dict[str, Any]:
    """Return the parts of a message that was in no queue: not yet, or no more."""
    own = [one for one in told if one.m == number or one.kind in entries.OF_QUEUES]
    if own:
        gone = showing.gone_of(sandbox, own)
        return {name: value for name, value in gone.items() if name != "fork"}
    first = next((one for one in known.events if one.m == number), known.events[-1])
    return {
        "gone": _("Not sent yet"),
        "unborn": True,
        "queue": showing.place_of(sandbox, first.arn),
        "preview": visible(_preview([first]), length=showing.PREVIEW),
    }


def _preview(events: Sequence[Entry]) -> str:
    """Return what the log keeps of a body."""
    return next((str(one.data["b"]) for one in reversed(events) if one.data.get("b")), "")
