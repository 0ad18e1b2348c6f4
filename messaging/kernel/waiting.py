"""Long polls: an operation that has nothing to say yet returns a Wait."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask to be called again when ``arn`` is woken, at sandbox time ``until`` at the latest.

    ``seconds`` bounds the wait in wall time too: a client whose sandbox is paused gets its empty
    answer after the time it asked for, as SQS would give it. ``note`` is what the operation finds
    in ``ctx.note`` when it is called again.
    """

    arn: str
    until: int
    seconds: float
    note: int | None = None
