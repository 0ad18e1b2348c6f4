"""The faults of one world in memory: which are on, whom they hit, when each starts and ends.

A fault waits, is on, and then is gone, or waits for its next turn:

    waiting ──next_at──▶ on ──next_at──▶ waiting (every) or gone (once)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from messaging.kernel import ids
from messaging.kernel.context import Context
from messaging.kernel.database import Database
from messaging.kernel.ids import number_of
from messaging.simulation.faults import LATENCY, Fault, concerns
from messaging.simulation.models import ON, WAITING, forget_fault, remember_fault

STARTED: Final = "chaos.Started"
ENDED: Final = "chaos.Ended"
CANCELLED: Final = "chaos.Cancelled"


@dataclass(slots=True)
class Turn:
    """A fault with where it stands. ``next_at`` is when it starts, or while it is on, ends."""

    id: int
    fault: Fault
    state: str
    began_at: int
    next_at: int
    throws: int = 0
    hits: int = 0

    def row(self) -> dict[str, Any]:
        """Return what changes, by column."""
        return {
            "state": self.state,
            "began_at": self.began_at,
            "next_at": self.next_at,
            "throws": self.throws,
            "hits": self.hits,
        }

    def strike(self, secret: bytes) -> bool:
        """Throw the fault's own dice: is this one hit?"""
        if self.fault.share < 1:
            self.throws += 1
            text = f"fault/{self.fault.seed}/{self.throws}".encode()
            number = int.from_bytes(blake2b(text, digest_size=8).digest(), "big")
            if ids.dice(secret, number).random() >= self.fault.share:
                return False
        self.hits += 1
        return True


class Faults:
    """The faults that one actor feels now."""

    __slots__ = ("_on", "_secret")

    def __init__(self, on: Sequence[Turn] = (), secret: bytes = b"") -> None:
        self._on = on
        self._secret = secret

    def hits(self, kind: str) -> bool:
        """Tell whether a fault of this kind hits the message or call at hand."""
        return any(turn.fault.kind == kind and turn.strike(self._secret) for turn in self._on)

    def until(self, kind: str) -> int:
        """Return when the last fault of this kind ends, 0 where there is none."""
        return max((turn.next_at for turn in self._on if turn.fault.kind == kind), default=0)

    def latency_ms(self) -> int:
        """Return how much longer the message at hand takes."""
        return sum(
            turn.fault.latency_ms
            for turn in self._on
            if turn.fault.kind == LATENCY and turn.strike(self._secret)
        )


NONE: Final = Faults()


class Tray:
    """Every fault of one world."""

    def __init__(self, turns: Iterable[Turn] = ()) -> None:
        self._turns = {turn.id: turn for turn in turns}
        self._gone: list[int] = []
        self._saved = {turn.id: turn.row() for turn in self._turns.values()}
        self._refresh()

    @property
    def is_on(self) -> bool:
        """Tell whether any fault is on."""
        return bool(self._on)

    def felt_by(self, secret: bytes, *, node: str, resource: str, kind: str) -> Faults:
        """Return the faults that an actor feels now."""
        if not self._on:
            return NONE
        felt = [
            turn
            for turn in self._on
            if concerns(turn.fault, node=node, resource=resource, kind=kind)
        ]
        return Faults(felt, secret) if felt else NONE

    def run_due(self, ctx: Context) -> list[Fault]:
        """Start and end what is due, and return it."""
        due = [turn for turn in self._turns.values() if turn.next_at <= ctx.now]
        for turn in due:
            if turn.state == ON:
                self._end(ctx, turn)
            else:
                self._start(ctx, turn)
        self._refresh()
        return [turn.fault for turn in due]

    def end(self, ctx: Context, turn_id: int) -> Fault:
        """End a fault before its time, for good."""
        turn = self._turns.pop(turn_id)
        self._gone.append(turn_id)
        if turn.state == ON:
            log(ctx, ENDED, turn)
        else:
            data = {"by": ctx.caller.actor, "fault": turn.fault.kind, "number": number_of(turn.id)}
            ctx.emit(CANCELLED, turn.fault.target, data)
        self._refresh()
        return turn.fault

    def mark(self) -> list[tuple[Turn, int, int]]:
        """Remember the dice, so that an act that broke leaves no trace in them."""
        return [(turn, turn.throws, turn.hits) for turn in self._on]

    def undo(self, mark: list[tuple[Turn, int, int]]) -> None:
        for turn, throws, hits in mark:
            turn.throws, turn.hits = throws, hits

    def save(self, db: Database) -> None:
        """Write back what has changed."""
        for gone in self._gone:
            forget_fault(db, gone)
        self._gone.clear()
        for turn in self._turns.values():
            if self._saved.get(turn.id) != turn.row():
                self._saved[turn.id] = turn.row()
                remember_fault(db, turn.id, **turn.row())

    def _refresh(self) -> None:
        turns = self._turns.values()
        self._on = [turn for turn in turns if turn.state == ON]
        self.next_at = min((turn.next_at for turn in turns), default=None)

    def _start(self, ctx: Context, turn: Turn) -> None:
        turn.state, turn.began_at = ON, turn.next_at
        turn.next_at = turn.began_at + turn.fault.lasts_ms
        log(ctx, STARTED, turn)

    def _end(self, ctx: Context, turn: Turn) -> None:
        log(ctx, ENDED, turn)
        if turn.fault.every_ms:
            turn.state = WAITING
            turn.next_at = turn.began_at + turn.fault.every_ms
            return
        del self._turns[turn.id]
        self._gone.append(turn.id)


def log(ctx: Context, kind: str, turn: Turn) -> None:
    """Leave the start or the end of a fault in the log, with all that it is."""
    fault = turn.fault
    data: dict[str, Any] = {
        "by": ctx.caller.actor,
        "fault": fault.kind,
        "number": number_of(turn.id),
        "share": fault.share,
        "seed": fault.seed,
    }
    if fault.kind == LATENCY:
        data["seconds"] = fault.latency_ms / 1000
    data |= {"until": turn.next_at} if kind == STARTED else {"hits": turn.hits}
    ctx.emit(kind, fault.target, data)
