"""From a moment of the past to a sandbox that goes on from there.

What the log tells is read beforehand, in the thread of the page; the writer's transaction only
copies rows and puts them back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from dashboard.history import log
from dashboard.history.chronicle import Chronicle
from dashboard.history.past import Past
from dashboard.topology.snapshot import Head
from messaging import sandboxes
from messaging.engine import engine
from messaging.kernel.batch import Batch
from messaging.kernel.clock import wall_ms
from messaging.kernel.models import Sandbox
from messaging.kernel.moment import Kept, Losses, Moment, Part, Rewind


@dataclass(frozen=True, slots=True)
class Plan:
    """What it takes to fork a sandbox from a moment."""

    sandbox: int
    moment: Moment
    parts: Sequence[Part]
    rewinds: Sequence[Rewind]

    def losses(self) -> Losses:
        """Return what would not come back as it was."""
        lost = Losses()
        for rewind in self.rewinds:
            lost = lost.plus(rewind.losses(self.sandbox))
        return lost


def plan(chronicle: Chronicle, head: Head, seq: int) -> Plan:
    """Read what the log tells of the moment after event ``seq``; raises OutOfReach."""
    past = chronicle.at(seq)
    held = _held(past)
    parts: list[Any] = []
    rewinds: list[Rewind] = []
    for replay in past.replays:
        if hasattr(replay, "rewind"):
            rewinds.append(replay.rewind(held))
            parts.append(rewinds[-1])
        else:
            parts.append(replay)
    at = head.first_seq - 1
    for events in log.pieces(head.id, at, seq):
        for event in events:
            at += 1
            for rewind in rewinds:
                rewind.take(at, *event)
    return Plan(
        head.id, Moment(head.epoch, seq, past.at or _beginning(chronicle, head)), parts, rewinds
    )


def fork(plan: Plan, name: str) -> tuple[Sandbox, Losses] | None:
    """Make the sandbox; None where the log has been started anew since."""

    def job(batch: Batch) -> tuple[Sandbox, Losses] | None:
        return sandboxes.fork(batch, plan.sandbox, name, plan.moment, plan.parts)

    made: tuple[Sandbox, Losses] | None = engine().executor.run_sync(job, (plan.sandbox,))
    engine().executor.run_sync(lambda batch: engine().load_keys())
    return made


def said(lost: Losses) -> str:
    """Say what does not come back as it was."""
    count = lost.messages
    if not lost.rebuilt:
        return ngettext(
            "%(count)s message, with its whole body.",
            "%(count)s messages, with their whole bodies.",
            count,
        ) % {"count": f"{count:,}"}
    parts = [
        ngettext(
            "%(rebuilt)s of %(count)s messages is gone since and comes from the log: its message"
            " attributes are lost.",
            "%(rebuilt)s of %(count)s messages are gone since and come from the log: their message"
            " attributes are lost.",
            lost.rebuilt,
        )
    ]
    if lost.cut:
        parts.append(
            ngettext(
                "%(cut)s body is cut to its first 96 characters.",
                "%(cut)s bodies are cut to their first 96 characters.",
                lost.cut,
            )
        )
    if lost.bare:
        parts.append(
            ngettext(
                "%(bare)s body is not in the log any more.",
                "%(bare)s bodies are not in the log any more.",
                lost.bare,
            )
        )
    return " ".join(parts) % {name: f"{value:,}" for name, value in _numbers(lost).items()}


def _numbers(lost: Losses) -> dict[str, int]:
    return {"count": lost.messages, "rebuilt": lost.rebuilt, "cut": lost.cut, "bare": lost.bare}


def _beginning(chronicle: Chronicle, head: Head) -> int:
    """Return the time before the first event."""
    ats = chronicle.markers.all.ats
    return ats[0] if ats else head.clock.now(wall_ms())


def _held(past: Past) -> dict[str, dict[int, Kept]]:
    return {
        arn: {m: Kept(*mark, cell.born.get(m, past.at)) for m, mark in cell.held.items()}
        for arn, cell in past.cells.items()
    }
