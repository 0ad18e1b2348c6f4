"""A moment of a sandbox's past, and what its parts need to go on from there in a copy."""

from typing import Any, NamedTuple, Protocol

from messaging.kernel.batch import Batch
from messaging.kernel.world import World


class Moment(NamedTuple):
    """The state after event ``seq`` of one run of the log; ``at`` is sandbox time."""

    epoch: str
    seq: int
    at: int


class Kept(NamedTuple):
    """A message as the log tells it: as ``topology.Held``, and since when its queue keeps it."""

    state: str
    until: int
    receives: int
    group: str | None
    since: int


class Losses(NamedTuple):
    """What does not come back as it was.

    ``rebuilt`` messages are gone from the tables, so that they come from the log: without their
    message attributes. Of those, the bodies of ``cut`` may go on where the log stops, and those of
    ``bare`` are not in the log at all.
    """

    messages: int = 0
    rebuilt: int = 0
    cut: int = 0
    bare: int = 0

    def plus(self, other: "Losses") -> "Losses":
        return Losses(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class Part(Protocol):
    """A part of a copied sandbox that can be put back to what it was."""

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Put the rows of the sandbox ``world`` back; raises nothing."""
        ...


class Rewind(Part, Protocol):
    """A part that looks at the whole log up to the moment first."""

    def take(self, seq: int, at: int, kind: str, arn: str, data: Any) -> None: ...
    def losses(self, sandbox: int) -> Losses: ...
