"""Why is it here? Events of one message as plain sentences, oldest first. Pure.

A sentence may hold names that users chose: the page shows every one of them as text.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from dashboard.inspector import entries
from dashboard.inspector.entries import Entry, Facts, clock_text, queue_name, span_text


class Sentence(NamedTuple):
    """One step of the story; ``turning`` marks those that decided where the message is now."""

    seq: int
    at: int
    time: str
    glyph: str
    text: str
    turning: bool = False

    @property
    def full(self) -> str:
        return entries.full_text(self.at)

    @property
    def iso(self) -> str:
        return entries.iso_text(self.at)


class Told(NamedTuple):
    """A sentence before it gets its time."""

    glyph: str
    text: str
    turning: bool = False


def tell(events: Sequence[Entry], facts: Facts) -> list[Sentence]:
    """Return the story of a message; events that say nothing of its way are left out."""
    told = []
    for place, event in enumerate(events):
        teller = _TELLERS.get(event.kind)
        if teller is None:
            continue
        glyph, text, turning = teller(event, events[:place], events[place + 1 :], facts)
        told.append(Sentence(event.seq, event.at, clock_text(event.at), glyph, text, turning))
    return told


Past = Sequence[Entry]


def holder(events: Past, facts: Facts) -> str:
    """Return who received the message last."""
    received = _last(events, entries.RECEIVED)
    return facts.name(received.by) if received else ""


def _sent(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    words = _words(event, facts)
    if before and before[-1].kind == entries.MOVED:
        text = _("It entered %(queue)s as a new message: a new id, a new time of sending.") % words
        return Told("send", text)
    text = _("%(by)s sent it to %(queue)s.") % words
    if event.data.get("is") == "d":
        until = clock_text(int(event.data.get("until", event.at)))
        text += " " + _("It is delayed: nobody can receive it before %(until)s.") % {"until": until}
    return Told("send", text)


def _received(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    count, most = int(event.data.get("n", 0)), facts.max_receives.get(event.arn)
    words = _words(event, facts) | {
        "n": count,
        "max": most,
        "until": clock_text(int(event.data.get("until", event.at))),
    }
    if most is None:
        text = _("%(by)s received it (receive %(n)s) and has until %(until)s to delete it.") % words
        return Told("receive", text)
    text = (
        _("%(by)s received it (receive %(n)s of %(max)s) and has until %(until)s to delete it.")
        % words
    )
    if count == most:
        text += " " + _("It is the last one that maxReceiveCount allows.")
    return Told("receive", text)


def _visible(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    if event.data.get("was") == "d":
        return Told("clock", _("Its delay was over, so it became visible."))
    if event.by not in ("engine", ""):
        text = _("%(by)s set its visibility timeout to 0 s, so it became visible again at once.")
        return Told("clock", text % _words(event, facts), turning=True)
    held = _last(before, entries.RECEIVED, entries.CHANGED)
    if held is None:
        text = _("Its visibility timeout ran out: nobody deleted it, so it became visible again.")
        return Told("clock", text, turning=True)
    if held.kind == entries.CHANGED:
        text = _(
            "Its visibility timeout ran out: nobody deleted it before %(until)s, to which it had"
            " been changed, so it became visible again."
        ) % {"until": clock_text(int(held.data.get("until", event.at)))}
        return Told("clock", text, turning=True)
    text = _(
        "Its visibility timeout ran out: nobody deleted it within %(span)s, so it became visible"
        " again."
    ) % {"span": span_text(int(held.data.get("until", event.at)) - held.at)}
    return Told("clock", text, turning=True)


def _changed(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    until = int(event.data.get("until", event.at))
    words = _words(event, facts) | {
        "until": clock_text(until),
        "span": span_text(until - event.at),
    }
    if event.data.get("is") == "d":
        text = _("%(by)s changed the delay of %(queue)s: it stays hidden until %(until)s.")
    else:
        text = _("%(by)s set its visibility timeout to %(span)s: hidden until %(until)s.")
    return Told("clock", text % words)


def _deleted(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    text = _("%(by)s deleted it. It is gone for good.") % {"by": facts.name(event.by)}
    return Told("check", text, turning=True)


def _ignored(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    words = _words(event, facts)
    if _last(before, entries.DELETED, entries.EXPIRED) is not None:
        text = _("%(by)s called DeleteMessage, too. SQS answered 200: it was gone already.")
        return Told("check", text % words)
    text = _(
        "%(by)s called DeleteMessage with the handle of an earlier receive. SQS answered 200, but"
        " the message stayed: a later receive had replaced that handle."
    )
    return Told("warn", text % words, turning=True)


def _moved(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    count = int(event.data.get("n", 0))
    words = _words(event, facts)
    words |= {"n": count, "target": queue_name(str(event.data.get("to", "")))}
    if not _is_dead_letter(event, after):
        text = _("A redrive took it out of %(queue)s and sends it to %(target)s.") % words
        return Told("undo", text, turning=True)
    if facts.max_receives.get(event.arn) == count:
        text = _(
            "Received %(n)s times without a delete: maxReceiveCount of %(queue)s is %(n)s, so SQS"
            " moved it to %(target)s."
        )
    else:
        text = _(
            "Received %(n)s times without a delete, which was enough for the maxReceiveCount that"
            " %(queue)s had: SQS moved it to %(target)s."
        )
    return Told("dlq", text % words, turning=True)


def _arrived(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    text = _("It lies in %(queue)s. Its id stays, its receive count starts at 0 again.")
    return Told("dlq", text % _words(event, facts))


def _duplicated(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    text = _(
        "SQS keeps it visible although it was just received: delivery is at least once, and this is"
        " one of the rare duplicates, by our model."
    )
    return Told("warn", text, turning=True)


def _expired(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    sent = _last(before, entries.SENT)
    if sent is None:
        text = _("Its retention period was over and nobody had deleted it, so SQS did.")
    else:
        text = _("Expired: %(span)s after it was sent, nobody had deleted it.") % {
            "span": span_text(event.at - sent.at)
        }
    return Told("x", text, turning=True)


def _deduplicated(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    text = _(
        "%(by)s sent it once more with the same deduplication id. SQS answered with this message"
        " and kept one."
    )
    return Told("info", text % {"by": facts.name(event.by)})


def _purged(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    text = _("%(by)s purged %(queue)s: every message in it was deleted, this one too.")
    return Told("trash", text % _words(event, facts), turning=True)


def _queue_deleted(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    text = _("%(by)s deleted the queue %(queue)s with everything in it.")
    return Told("trash", text % _words(event, facts), turning=True)


def _gave_up(event: Entry, before: Past, after: Past, facts: Facts) -> Told:
    words = {"by": facts.name(event.arn), "why": event.data.get("why", "")}
    text = _("%(by)s failed on it (%(why)s) and let go of it without a delete.")
    return Told("warn", text % words)


def _words(event: Entry, facts: Facts) -> dict[str, Any]:
    return {"by": facts.name(event.by), "queue": queue_name(event.arn)}


def _is_dead_letter(event: Entry, after: Past) -> bool:
    """Tell a move to the dead-letter queue, which keeps the message, from a redrive."""
    for later in after:
        if later.cause == event.seq:
            return later.kind == entries.ARRIVED
    return event.by != "engine"


def _last(past: Past, *kinds: str) -> Entry | None:
    return next((entry for entry in reversed(past) if entry.kind in kinds), None)


_TELLERS: Mapping[str, Callable[[Entry, Past, Past, Facts], Told]] = {
    entries.SENT: _sent,
    entries.RECEIVED: _received,
    entries.VISIBLE: _visible,
    entries.CHANGED: _changed,
    entries.DELETED: _deleted,
    entries.IGNORED: _ignored,
    entries.MOVED: _moved,
    entries.ARRIVED: _arrived,
    entries.DUPLICATED: _duplicated,
    entries.EXPIRED: _expired,
    entries.DEDUPLICATED: _deduplicated,
    entries.PURGED: _purged,
    entries.QUEUE_DELETED: _queue_deleted,
    entries.GAVE_UP: _gave_up,
}
