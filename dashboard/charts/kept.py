"""The series of a sandbox in this process: the log is read once, later only what came since."""

import threading
from dataclasses import dataclass, field
from typing import Final

import orjson
from django.db.models import Q

from dashboard.charts.series import Series, fold
from dashboard.topology.snapshot import one_moment
from messaging import registry
from messaging.kernel.ids import compose
from messaging.kernel.models import Event, Sandbox

_SANDBOXES: Final = 8
_WHO_MATTERS: Final = Q(kind__startswith="sqs.Message") | Q(
    kind__in=["sqs.QueueCreated", "sqs.QueueDeleted", "sqs.QueuePurged", "sqs.VisibilityChanged"]
)


@dataclass
class _Kept:
    """What has been folded up to event ``seq``."""

    epoch: str
    seq: int = 0
    series: dict[str, Series] = field(default_factory=dict)


_kept: Final[dict[int, _Kept]] = {}
_turn: Final = threading.Lock()


def series_of(sandbox: Sandbox, arn: str) -> Series:
    """Return the series of one queue up to the newest event of its sandbox."""
    with _turn, one_moment():
        last = Sandbox.objects.values_list("last_seq", flat=True).get(pk=sandbox.pk)
        kept = _kept.pop(sandbox.pk, None)
        if kept is None or kept.epoch != sandbox.epoch or kept.seq > last:
            kept = _Kept(sandbox.epoch)
        _kept[sandbox.pk] = kept
        while len(_kept) > _SANDBOXES:
            del _kept[next(iter(_kept))]
        if kept.seq < last:
            _catch_up(sandbox, kept, last)
        return kept.series.get(arn) or Series()


def forget_all() -> None:
    """Forget every series; they are read again when somebody looks."""
    with _turn:
        _kept.clear()


def begins_at(sandbox: Sandbox) -> int:
    """Return the sandbox time of the oldest event that is kept; 0 for an empty log."""
    found = Event.objects.of_sandbox(sandbox.pk).order_by("id").values_list("at", flat=True)
    return found.first() or 0


def _catch_up(sandbox: Sandbox, kept: _Kept, last: int) -> None:
    """Fold what came since, up to event ``last``."""
    first = kept.seq == 0
    rows = list(
        Event.objects.after(sandbox.pk, kept.seq)
        .filter(_WHO_MATTERS, id__lte=compose(sandbox.pk, last))
        .values_list("at", "kind", "arn", "data")
    )
    fold(kept.series, ((at, kind, arn, orjson.loads(data)) for at, kind, arn, data in rows))
    kept.seq = last
    if first and sandbox.first_seq > 1:
        _settle(sandbox, kept)
    begins = begins_at(sandbox)
    for series in kept.series.values():
        series.forget(begins)


def _settle(sandbox: Sandbox, kept: _Kept) -> None:
    """Take today's counters as the end of series whose beginning the log has lost."""
    for arn, series in kept.series.items():
        topology = registry.service_of_arn(arn).topology
        found = topology.contents(sandbox.pk, [arn], 1).get(arn) if topology else None
        if found is not None:
            series.settle((found.visible, found.in_flight, found.delayed))
