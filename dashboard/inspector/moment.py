"""What the log tells of one message at a moment of the past. It never writes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from django.utils.translation import gettext as _

from dashboard.history import log, shelf
from dashboard.history.cells import Cell
from dashboard.history.chronicle import Chronicle, OutOfReach
from dashboard.history.past import Past
from dashboard.history.words import sentence
from dashboard.inspector.whynot import Consumer
from messaging.kernel.models import Sandbox
from messaging.kernel.moment import Kept
from messaging.simulation.models import RUNNING


class Moment(NamedTuple):
    """The state after event ``seq``: where the message lay (``arn``), and how it was kept there."""

    seq: int
    at: int
    what: str
    arn: str = ""
    kept: Kept | None = None
    dlq: bool = False
    settings: Mapping[str, Any] = {}
    lock: Mapping[str, Any] | None = None
    consumers: tuple[Consumer, ...] = ()

    @property
    def max_receives(self) -> int | None:
        """How often its queue let a message be received, where it had a dead-letter queue."""
        text = self.settings.get("RedrivePolicy")
        return int(orjson.loads(text)["maxReceiveCount"]) if text else None

    @property
    def retention_ms(self) -> int:
        return int(self.settings.get("MessageRetentionPeriod", 0)) * 1_000


def moment_of(sandbox: Sandbox, number: int, seq: int) -> Moment | None:
    """Return how a message was after event ``seq``; None where the log does not reach."""
    try:
        with shelf.opened(sandbox.pk) as found:
            if found is None:
                return None
            chronicle = found[0]
            past = chronicle.at(seq)
            moment = Moment(seq, past.at or _beginning(chronicle), _what(chronicle, seq))
    except OutOfReach:
        return None
    place = next((arn for arn, cell in past.cells.items() if number in cell.held), "")
    return _placed(moment, past, place, number) if place else moment


def _placed(moment: Moment, past: Past, arn: str, number: int) -> Moment:
    cell = past.cells[arn]
    node = next((one for one in past.nodes() if one.id == arn), None)
    kept = Kept(*cell.held[number], cell.born.get(number, past.at))
    return moment._replace(
        arn=arn,
        kept=kept,
        dlq=bool(node and node.cfg.get("dlq")),
        settings=past.settings(arn),
        lock=_lock(cell, number, kept) if arn.endswith(".fifo") else None,
        consumers=tuple(_consumers(past, arn)),
    )


def _consumers(past: Past, arn: str) -> list[Consumer]:
    nodes = {node.id: node for node in past.nodes()}
    targets = [edge.target for edge in past.edges() if edge.source == arn and edge.kind != "dlq"]
    return [
        Consumer(nodes[target].label, nodes[target].cfg.get("state", RUNNING) == RUNNING)
        for target in targets
        if target in nodes
    ]


def _lock(cell: Cell, number: int, kept: Kept) -> dict[str, Any] | None:
    """Return which message of its group kept it waiting, and whether that was in flight."""
    if kept.group is None or kept.state == "f":
        return None
    others = [(m, mark[0]) for m, mark in cell.held.items() if mark[3] == kept.group]
    flying = next((m for m, state in others if state == "f"), None)
    first = flying or min((m for m, _state in others if m < number), default=None)
    return None if first is None else {"m": first, "flying": flying is not None}


def _what(chronicle: Chronicle, seq: int) -> str:
    """Return what the event of the moment says."""
    for _at, kind, arn, data in log.events(chronicle.sandbox, seq - 1, seq):
        return sentence(kind, arn, data)
    return _("before the first event")


def _beginning(chronicle: Chronicle) -> int:
    ats = chronicle.markers.all.ats
    return int(ats[0]) if ats else 0
