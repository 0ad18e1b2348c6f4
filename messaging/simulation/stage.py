"""What a behaviour gets: the time, its own dice and memory, and the door that every client uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from random import Random
from typing import Any, Final

from messaging import dispatch
from messaging.kernel import ids
from messaging.kernel.access import root_arn
from messaging.kernel.arns import parse_arn
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller, Context
from messaging.kernel.errors import AwsError, Throttling
from messaging.kernel.world import World
from messaging.simulation.faults import THROTTLE
from messaging.simulation.models import RUNNING, Actor, node_of
from messaging.simulation.tray import NONE, Faults
from messaging.sqs.errors import RequestThrottled

ERRORS_KEPT: Final = 5
_BACKOFF_MS: Final = 1_000
_BACKOFF_MAX_MS: Final = 60_000
# What an SDK tries again by itself; everything else it hands to its caller.
_THROTTLES: Final = frozenset(
    (
        "OverLimit",
        "RequestThrottled",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    )
)
_THROTTLED: Final[Mapping[str, type[AwsError]]] = {"sqs": RequestThrottled}


@dataclass(slots=True)
class Player:
    """An actor in memory: its row, with the settings read.

    ``resource`` is the ARN of what it works on. ``woken`` tells that the resource which it waits
    for has news; the engine sets it, the act that follows uses it up.
    """

    id: int
    key: str
    label: str
    kind: str
    account: str
    region: str
    settings: Any
    resource: str = ""
    state: str = RUNNING
    next_at: int | None = None
    memory: dict[str, Any] = field(default_factory=dict)
    woken: bool = False

    @classmethod
    def of(cls, row: Actor, settings: Any, *, resource: str) -> "Player":
        return cls(
            id=row.pk,
            key=row.key,
            label=row.label,
            kind=row.kind,
            account=row.account,
            region=row.region,
            settings=settings,
            resource=resource,
            state=row.state,
            next_at=row.next_at,
            memory=row.memory,
        )

    @property
    def node(self) -> str:
        return node_of(self.key)

    @property
    def poll(self) -> tuple[str, int] | None:
        """Return the ARN that its long poll is held on and when that began, if it has one."""
        poll = self.memory.get("poll")
        return (poll["arn"], poll["since"]) if poll else None


class Stage:
    """One act of one actor. Times are milliseconds of sandbox time."""

    def __init__(self, batch: Batch, world: World, player: Player, faults: Faults = NONE) -> None:
        self._batch = batch
        self._world = world
        self._resource = player.resource
        self.faults = faults
        self.key = player.key
        self.now = world.now
        self.woken = player.woken
        self.memory = player.memory
        self.caller = Caller(
            world.id,
            player.account,
            player.region,
            root_arn(player.account),
            player.node,
            label=player.label,
        )

    @cached_property
    def dice(self) -> Random:
        """Dice of this act: they depend on the seed, the actor and how often it took up dice.

        An act that throws none, such as one more look at an empty queue, changes nothing later.
        """
        self.count("throws")
        text = f"{self.caller.actor}/{self.memory['throws']}"
        number = blake2b(text.encode(), digest_size=8).digest()
        return ids.dice(self._world.secret, int.from_bytes(number, "big"))

    def call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any],
        *,
        since: int | None = None,
        last: bool = False,
    ) -> Any:
        """Call AWS; returns the result or, from a long poll, a Wait. Raises AwsError.

        ``since`` is when a long poll began, ``last`` that it must be answered now.
        """
        # A long poll that is looked at again has been let in before.
        if since in (None, self.now) and self.faults.hits(THROTTLE):
            self._refuse(service, operation)
        call = dispatch.prepare(self.caller, service, operation, params)
        call.first_at = self.now if since is None else since
        call.impatient = last
        return dispatch.run(self._batch, self._world, call)

    def queue_url(self, arn: str) -> str:
        """Return the URL under which a client knows a queue."""
        parsed = parse_arn(arn)
        return f"{self.caller.host}/{parsed.account}/{parsed.name}"

    def emit(self, kind: str, data: dict[str, Any]) -> None:
        """Leave an event of the actor itself in the log."""
        Context(self._batch, self._world, self.caller).emit(kind, self.caller.actor, data)

    def count(self, name: str, by: int = 1) -> None:
        """Add to one of the actor's counters."""
        self.memory[name] = self.memory.get(name, 0) + by

    def note(self, operation: str, error: AwsError) -> None:
        """Remember an error as a program would log it; the last few are kept."""
        self.count("failures")
        kept = self.memory.get("errors", [])[1 - ERRORS_KEPT :]
        self.memory["errors"] = [*kept, [self.now, operation, error.code, error.message]]

    def backoff(self, tries: int) -> int:
        """Return when to try again after ``tries`` failures: doubling, at most a minute."""
        most = min(_BACKOFF_MAX_MS, _BACKOFF_MS << min(tries - 1, 10))
        return self.now + self.dice.randint(most // 2, most)

    def _refuse(self, service: str, operation: str) -> None:
        """Answer a call with AWS's throttling error, in its place."""
        error = _THROTTLED.get(service, Throttling)()
        data = {"by": self.caller.actor, "op": f"{service}:{operation}", "code": error.code}
        ctx = Context(self._batch, self._world, self.caller)
        ctx.emit(dispatch.FAILED, self._resource, data)
        raise error


def is_transient(error: AwsError) -> bool:
    """Tell whether an SDK would try the same call again."""
    return error.status >= 500 or error.code in _THROTTLES  # noqa: PLR2004 - HTTP's server errors
