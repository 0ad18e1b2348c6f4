"""Resources in which no message lies, as the map draws them: now, and in the past."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self

from messaging.kernel.batch import Batch
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.topology import Contents, Edge, Held, Node
from messaging.kernel.world import World

# What the map knows of one resource.
Facts = Mapping[str, Any]


def contents(
    sandbox: int, arns: Sequence[str] | None = None, limit: int = 32
) -> dict[str, Contents]:
    """Return nothing: no message lies in these."""
    return {}


def resting(sandbox: int) -> Iterator[tuple[str, Held]]:
    """Yield nothing: no message lies in these."""
    return iter(())


class Resources(ABC):
    """Resources of one service as the map knows them, folded from the log event by event.

    An event of one of the ``kinds`` has all that the map has to know of its resource; one of kind
    ``gone`` takes it away.
    """

    kinds: ClassVar[frozenset[str]]
    gone: ClassVar[str]
    emptied: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, known: Mapping[str, Facts] | None = None) -> None:
        self._known = dict(known or {})

    @classmethod
    def now(cls, sandbox: int) -> Self:
        """Start with the resources as they are."""
        return cls(cls.read(sandbox))

    @staticmethod
    @abstractmethod
    def read(sandbox: int) -> dict[str, Facts]:
        """Return what the map knows of each resource that is there, by its ARN."""

    @abstractmethod
    def nodes(self) -> list[Node]: ...

    @abstractmethod
    def edges(self) -> list[Edge]: ...

    @abstractmethod
    def settings(self, node: str) -> dict[str, str]:
        """Return how a resource is set, as far as the log tells."""

    @abstractmethod
    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Put a copy's resources back to what they were."""

    def copy(self) -> Self:
        return type(self)(self._known)

    def drop(self, node: str) -> None:
        """Forget a resource that was not there yet."""
        self._known.pop(node, None)

    def assume(self, node: str) -> None:  # noqa: B027 - most need no more
        """Take in nothing: of what is gone the log tells too little."""

    def take(self, at: int, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        """Fold one event; return whether nodes or edges may look different now."""
        if kind == self.gone:
            return self._known.pop(arn, None) is not None
        return kind in self.kinds and self.change(kind, arn, data)

    def change(self, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        """Take over what an event says of a resource; return whether that changed anything."""
        self._known[arn] = data
        return True
