"""The lifetime of one message among those of its queue or its group. It never writes."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.inspector import chart, entries, lifetimes, newest, reading
from dashboard.inspector.focus import Focus, coming, hands
from messaging.kernel.ids import compose
from messaging.kernel.models import Sandbox

_SECOND: Final = 1_000
_EACH_WAY: Final = 4
# How many events after a message that is gone are read for its neighbours.
_AROUND: Final = 400
GROUP: Final = "group"
QUEUE: Final = "queue"


def neighbourhood(sandbox: Sandbox, context: Mapping[str, Any], by: str) -> chart.Chart:
    """Return the lifetime of a message among those sent just before and after it."""
    number, message, now = context["number"], context["message"], context["now"]
    own = _own(sandbox, context)
    focus = Focus(
        number, hands(own, context["facts"]), coming(message, own, now=now) if own.segments else []
    )
    end = focus.end or now
    if message is None:
        end = min(now, own.stop + max(_SECOND, (own.stop - own.start) // 4))
    start = own.start - max(_SECOND, (end - own.start) // 4)
    # A neighbour may have lived on; here it is seen for as long as the message lived.
    around = [
        life
        for life in _around(sandbox, context, own, by)
        if life.start <= end and life.stop >= start
    ]
    shown = sorted(
        [own, *around] if own.segments else around, key=lambda life: (life.start, life.m)
    )
    start = max(start, min((life.start for life in shown), default=start))
    return chart.draw(shown, now=now, start=start, end=end, focus=focus, width=chart.NARROW)


def _own(sandbox: Sandbox, context: Mapping[str, Any]) -> lifetimes.Life:
    number = context["number"]
    lives = lifetimes.lives(
        [one for one in context["events"] if one.m == number or one.kind in entries.OF_QUEUES],
        now=context["now"],
        dead_letter=[one["arn"] for one in reading.queues_of(sandbox) if one["dlq"]],
        busy={number: reading.busy_of(sandbox).get(context["id"], ())},
    )
    return next((life for life in lives if life.m == number), lifetimes.Life(number))


def _around(
    sandbox: Sandbox, context: Mapping[str, Any], own: lifetimes.Life, by: str
) -> list[lifetimes.Life]:
    """Return the lives of those that came to the queue, or to the group, just before and after."""
    events = context["events"]
    oldest, last = newest.oldest_read(sandbox), 0
    if context["message"] is None and events:
        last = compose(sandbox.pk, events[-1].seq + _AROUND)
    births = [one.seq for one in events if one.kind in newest.BIRTHS and one.arn == own.arn]
    birth = compose(sandbox.pk, births[-1]) if births else oldest
    wanted = newest.Filter(queue=own.arn, group=own.group or "" if by == GROUP else "")
    before = newest.Part(min(oldest, birth), birth)
    after = newest.Part(birth, last)
    numbers = newest.numbers_of(sandbox, wanted, _EACH_WAY + 1, before)
    numbers |= newest.numbers_of(sandbox, wanted, _EACH_WAY + 1, after, order="id")
    numbers.discard(context["number"])
    return newest.of_numbers(sandbox, numbers, newest.Part(oldest, last), now=context["now"])
