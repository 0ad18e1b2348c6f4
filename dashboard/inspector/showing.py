"""What the pages of a message show, as plain values for the templates."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.console import door, handles
from dashboard.console.equivalents import equivalent
from dashboard.console.text import visible
from dashboard.inspector import bodies, calls, entries, reading, story, whynot
from dashboard.inspector.entries import Entry, Facts, clock_text, queue_name
from dashboard.topology import pins
from dashboard.topology.views import summary
from messaging.kernel.ids import SEQUENCE_MASK
from messaging.kernel.models import Sandbox

_SECOND: Final = 1_000
PREVIEW: Final = 96


class Fork(NamedTuple):
    """The moment that a fork begins at: after event ``seq``, at sandbox time ``at``."""

    seq: int
    at: int
    words: str


class Known(NamedTuple):
    """What is known of a message: its row while it is in a queue, its events, who is who."""

    message: Mapping[str, Any] | None
    events: list[Entry]
    facts: Facts


def known_of(sandbox: Sandbox, number: int) -> Known | None:
    """Return what is known of a message; None when neither queue nor log knows it."""
    if number > SEQUENCE_MASK:
        return None
    message = reading.message_of(sandbox, number)
    events = reading.story_of(sandbox, number)
    if message is None and not events:
        return None
    return Known(message, events, reading.facts_of(sandbox))


def frame_of(sandbox: Sandbox, number: int, known: Known, *, now: int) -> dict[str, Any]:
    """Return what the page of a message shows at any time, for the time ``now``."""
    events = known.events
    return {
        "sandbox": summary(sandbox),
        "number": number,
        "id": reading.message_id(sandbox, number),
        "is_pinned": number in pins.pinned_of(sandbox),
        "now": now,
        "now_time": clock_text(now),
        "now_full": entries.full_text(now),
        "now_iso": entries.iso_text(now),
        "cut": bool(events) and events[0].kind != entries.SENT,
        "message": None,
        "events": events,
        "facts": known.facts,
    }


def context_of(request: HttpRequest, sandbox: Sandbox, number: int) -> dict[str, Any] | None:
    """Return all that a page shows of a message; None when neither queue nor log knows it."""
    known = known_of(sandbox, number)
    if known is None:
        return None
    message, events, facts = known
    now, clock = reading.now_of(sandbox), sandbox.clock
    context = frame_of(sandbox, number, known, now=now) | {
        "rate": 0 if clock.paused else clock.rate,
        "live_now": now,
        "story": story.tell(events, facts),
        "fork": Fork(sandbox.last_seq, now, _("now")) if sandbox.last_seq else None,
    }
    if message is None:
        own = [one for one in events if one.m == number or one.kind in entries.OF_QUEUES]
        return context | gone_of(sandbox, own or events[-1:])
    return context | _alive(request, sandbox, message, events, facts, now)


def _alive(
    request: HttpRequest,
    sandbox: Sandbox,
    message: Mapping[str, Any],
    events: list[Entry],
    facts: Facts,
    now: int,
) -> dict[str, Any]:
    arn = message["arn"]
    place = place_of(sandbox, arn)
    url = door.queue_url(door.owner_of(request, sandbox, arn), arn)
    receives = facts.max_receives.get(arn)
    held = story.holder(events, facts) if message["state"] == "f" else ""
    return {
        "message": {
            **message,
            "look": look_of(message, dlq=place["dlq"]),
            "word": word_of(message, dlq=place["dlq"]),
            "until_time": clock_text(message["until"]) if message["until"] else "",
            "left_s": max(0, message["until"] - now) / _SECOND,
            "age_s": max(0, now - message["sent_at"]) / _SECOND,
            "sent_time": entries.full_text(message["sent_at"]),
            "kept_left_s": max(0, message["expires_at"] - now) / _SECOND,
            "max_receives": receives,
            "held_by": held,
            "attributes": safe_attributes(message["attributes"]),
            "system": [(name, visible(text)) for name, text in message["system"].items()],
        },
        "queue": place,
        "body": bodies.show(message["body"]),
        "copy": message["body"] if len(message["body"]) <= bodies.SHOWN else "",
        "preview": visible(message["body"], length=PREVIEW),
        "reasons": whynot.reasons(
            message, reading.consumers_of(sandbox, arn), paused=sandbox.paused
        ),
        "handle": handles.of(request, message["id"]),
        "redrive": _redrive(message) if place["dlq"] else None,
        "send_cli": calls.send(message, url),
        "receive_cli": calls.receive(url),
    }


def gone_of(sandbox: Sandbox, own: list[Entry]) -> dict[str, Any]:
    """Return what is shown of a message that has left its queue, by its own events."""
    last = own[-1]
    next_one = reading.successor_of(sandbox, own)
    body = next((str(one.data["b"]) for one in own if one.data.get("b")), "")
    words = {
        entries.DELETED: _("Deleted"),
        entries.EXPIRED: _("Expired"),
        entries.MOVED: _("Redriven"),
        entries.PURGED: _("Purged"),
        entries.QUEUE_DELETED: _("Deleted with its queue"),
    }
    ends = [event for event in own if event.kind in words]
    return {
        "gone": words[ends[-1].kind] if ends else _("Gone"),
        "gone_time": clock_text((ends or [last])[-1].at),
        "queue": place_of(sandbox, (ends or [last])[-1].arn),
        "preview": visible(body, length=PREVIEW),
        "successor": next_one.m if next_one else 0,
        "fork": Fork(ends[-1].seq - 1, ends[-1].at, _("just before its end")) if ends else None,
    }


def place_of(sandbox: Sandbox, arn: str) -> dict[str, Any]:
    """Return a queue: its name, whether it is still there, where it is on the map."""
    known = next((one for one in reading.queues_of(sandbox) if one["arn"] == arn), None)
    return {
        "arn": arn,
        "name": queue_name(arn),
        "dlq": bool(known and known["dlq"]),
        "exists": known is not None,
        "map": f"{reverse('sandbox', args=[sandbox.slug])}?select={arn}",
    }


def look_of(message: Mapping[str, Any], *, dlq: bool) -> str:
    """Return which glyph shows the state: that of the map."""
    if message["state"] != "v":
        return str(message["state"])
    if dlq:
        return "x"
    lock = message["lock"]
    return "k" if lock and lock["flying"] else "v"


def word_of(message: Mapping[str, Any], *, dlq: bool) -> str:
    """Return the state in a word."""
    words = {
        "v": _("visible"),
        "f": _("in flight"),
        "d": _("delayed"),
        "x": _("dead letter"),
        "k": _("visible, its group is locked"),
    }
    return words[look_of(message, dlq=dlq)]


def safe_attributes(attributes: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str, str]]:
    """Return message attributes with everything invisible made visible."""
    return [
        (visible(name), visible(one["type"]), visible(one["value"]))
        for name, one in sorted(attributes.items())
    ]


def _redrive(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return where a redrive would take a dead letter, and the call that starts one."""
    source = message["system"].get("DeadLetterQueueSourceArn", "")
    params = {"SourceArn": message["arn"]}
    return {
        "source": queue_name(source) if source else "",
        "cli": equivalent("sqs", "StartMessageMoveTask", params)["cli"],
    }
