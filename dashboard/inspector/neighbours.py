"""The lifetime of one message among those of its queue or its group. It never writes."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.inspector import chart, entries, lifetimes, newest, reading
from messaging.kernel.ids import compose
from messaging.kernel.models import Sandbox

_SECOND: Final = 1_000
_NEIGHBOURS: Final = 8
# How many events before and after a message that is gone are read for its neighbours.
_AROUND: Final = 400


def neighbourhood(sandbox: Sandbox, context: Mapping[str, Any]) -> chart.Chart:
    """Return the lifetime of a message, with those of its queue or group at that time."""
    number, events, now = context["number"], context["events"], context["now"]
    lives = lifetimes.lives(
        [event for event in events if event.m == number or event.kind in entries.OF_QUEUES],
        now=now,
        dead_letter=[one["arn"] for one in reading.queues_of(sandbox) if one["dlq"]],
        busy={number: reading.busy_of(sandbox).get(context["id"], ())},
    )
    own = next((life for life in lives if life.m == number), lifetimes.Life(number))
    part, end = newest.Part(newest.oldest_read(sandbox)), now
    if context["message"] is None and events:
        first = compose(sandbox.pk, max(0, events[0].seq - _AROUND))
        part = newest.Part(first, compose(sandbox.pk, events[-1].seq))
        end = min(now, own.stop + max(_SECOND, (own.stop - own.start) // 4))
    wanted = newest.Filter(group=own.group) if own.group else newest.Filter(queue=own.arn)
    numbers = newest.numbers_of(sandbox, wanted, _NEIGHBOURS, part) - {number}
    if part.last:
        part = part._replace(last=part.last + _AROUND)
    found = newest.of_numbers(sandbox, numbers, part)
    # A neighbour may have lived on; here it is seen for as long as the message lived.
    around = [life for life in found if life.start <= end]
    shown = sorted([own, *around] if own.segments else around, key=lambda life: life.start)
    return chart.draw(shown, now=now, end=end, selected=number, width=chart.NARROW)
