"""The lifetime of one message among those of its queue, its group or its trace. It never writes."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from dashboard.inspector import chart, entries, lifetimes, newest, reading
from dashboard.inspector.cutting import as_of, rest
from dashboard.inspector.focus import Focus, coming, hands
from dashboard.inspector.lifetimes import Life
from dashboard.inspector.ties import Tie, tie_of
from dashboard.topology import pins
from messaging.kernel.ids import compose
from messaging.kernel.models import Sandbox

_SECOND: Final = 1_000
_EACH_WAY: Final = 4
# How many events after a message that is gone are read for its neighbours.
_AROUND: Final = 400
GROUP: Final = "group"
QUEUE: Final = "queue"
TRACE: Final = "trace"
WAYS: Final = (QUEUE, GROUP, TRACE)

Context = Mapping[str, Any]


class Neighbourhood(NamedTuple):
    """The picture, and what ties its messages together when it is one of a trace."""

    chart: chart.Chart
    tie: Tie | None = None


def neighbourhood(sandbox: Sandbox, context: Context, by: str) -> Neighbourhood:
    """Return the lifetime of a message among others, as it is or as it was at a moment."""
    whole = _whole(sandbox, context)
    own = _then(sandbox, context, whole)
    focus = Focus(context["number"], hands(own, context["facts"]), _coming(context, own, whole))
    start, end = _stretch(whole, focus, context["live_now"])
    tie = _tie(sandbox, context) if by == TRACE else None
    place = own if own.segments else whole
    numbers = set(tie.numbers) if tie else _around(sandbox, context, place, by)
    pinned = pins.pinned_of(sandbox)
    if not tie:
        # A pinned message stays in the picture, to be compared with.
        numbers.update(pinned)
    around = _others(sandbox, context, numbers)
    if not tie:
        # A neighbour may have lived on; here it is seen for as long as the message lived.
        around = [life for life in around if life.start <= end and life.stop >= start]
    shown = sorted(
        [own, *around] if whole.segments else around, key=lambda life: (life.start, life.m)
    )
    earliest = min((life.start for life in shown if life.start), default=start)
    if tie:
        start, end = min(start, earliest), max([end, *(life.stop for life in shown)])
    elif not context.get("moment") or not whole.segments:
        start = max(start, earliest)
    span = {"now": context["now"], "start": start, "end": end}
    picture = chart.draw(shown, **span, focus=focus, width=chart.NARROW, pinned=pinned)
    return Neighbourhood(picture, tie)


def _stretch(whole: Life, focus: Focus, live: int) -> tuple[int, int]:
    """Return the stretch of time that is shown: the same one at every moment of its life."""
    end = max(focus.end, live)
    if whole.end:
        end = min(live, whole.stop + max(_SECOND, (whole.stop - whole.start) // 4))
    return whole.start - max(_SECOND, (end - whole.start) // 4), end


def _coming(context: Context, own: Life, whole: Life) -> list[lifetimes.Segment]:
    """Return what follows: in the past what did, as far as it is known."""
    known = rest(whole, at=context["now"]) if context.get("moment") else []
    if known or not own.segments:
        return known
    return coming(context["message"], own, now=context["now"])


def _then(sandbox: Sandbox, context: Context, whole: Life) -> Life:
    """Return the message's life up to the moment that is looked at."""
    moment = context.get("moment")
    if moment is None:
        return whole
    known = [one for one in context["events"] if one.seq <= moment.seq]
    lives = lifetimes.lives(
        _own_events(context["number"], known), now=moment.at, dead_letter=_dead_letters(sandbox)
    )
    own = next((one for one in lives if one.m == context["number"]), None)
    if own is None:
        return Life(whole.m, whole.arn, whole.group, whole.body)
    return as_of(own, whole, at=moment.at)


def _whole(sandbox: Sandbox, context: Context) -> Life:
    number = context["number"]
    lives = lifetimes.lives(
        _own_events(number, context["events"]),
        now=context["live_now"],
        dead_letter=_dead_letters(sandbox),
        busy={number: reading.busy_of(sandbox).get(context["id"], ())},
    )
    return next((life for life in lives if life.m == number), Life(number))


def _own_events(number: int, events: list[entries.Entry]) -> list[entries.Entry]:
    return [one for one in events if one.m == number or one.kind in entries.OF_QUEUES]


def _dead_letters(sandbox: Sandbox) -> list[str]:
    return [one["arn"] for one in reading.queues_of(sandbox) if one["dlq"]]


def _tie(sandbox: Sandbox, context: Context) -> Tie:
    number = context["number"]
    return tie_of(sandbox, number, context["events"], reading.message_of(sandbox, number))


def _others(sandbox: Sandbox, context: Context, numbers: set[int]) -> list[Life]:
    """Return the lives of other messages, up to the moment that is looked at."""
    moment, events = context.get("moment"), context["events"]
    last = 0
    if moment is not None:
        last = compose(sandbox.pk, moment.seq)
    elif context["message"] is None and events:
        last = compose(sandbox.pk, events[-1].seq + _AROUND)
    part = newest.Part(newest.oldest_read(sandbox), last)
    return newest.of_numbers(sandbox, numbers - {context["number"]}, part, now=context["now"])


def _around(sandbox: Sandbox, context: Context, own: Life, by: str) -> set[int]:
    """Return the messages that came to the queue, or to the group, just before and after."""
    events = context["events"]
    oldest, last = newest.oldest_read(sandbox), 0
    if own.end and events:
        last = compose(sandbox.pk, events[-1].seq + _AROUND)
    births = [one.seq for one in events if one.kind in newest.BIRTHS and one.arn == own.arn]
    birth = compose(sandbox.pk, births[-1]) if births else oldest
    wanted = newest.Filter(queue=own.arn, group=own.group or "" if by == GROUP else "")
    before = newest.Part(min(oldest, birth), birth)
    after = newest.Part(birth, last)
    numbers = newest.numbers_of(sandbox, wanted, _EACH_WAY + 1, before)
    return numbers | newest.numbers_of(sandbox, wanted, _EACH_WAY + 1, after, order="id")
