"""What an operation gets: who calls, in which world, at what time, and how to leave traces."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, Final, NamedTuple

import orjson

from messaging.kernel import ids, polled
from messaging.kernel.batch import Batch, Counters
from messaging.kernel.database import Database
from messaging.kernel.deliveries import post
from messaging.kernel.packets import Packet
from messaging.kernel.tables import Table
from messaging.kernel.world import World

ENGINE: Final = "engine"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls an operation, and through which door.

    ``principal`` is the ARN of the IAM identity; ``actor`` the node of the topology that the call
    comes from (``client:boto3-python``, ``actor:checkout-api``, ``console``); ``host`` the address
    that the caller used, for the URLs it gets back. Nothing but a signature names a region: without
    one ``region`` is a guess. ``source_arn`` is the resource for which an AWS service
    calls, and ``hops`` how many services have handed on what it brings.
    """

    sandbox: int
    account: str
    region: str
    principal: str
    actor: str
    host: str = "http://127.0.0.1:8000"
    request_id: str = ""
    agent: str = ""
    label: str = ""
    knows_region: bool = True
    source_arn: str = ""
    hops: int = 0


class Helper(NamedTuple):
    """An AWS service that calls another one: for which resource, in which role, which service."""

    via: str
    principal: str
    service: str


class Context:
    """One run of one operation. ``now`` is sandbox time in milliseconds.

    ``note`` is what the operation left in its ``Wait`` when it was called before.
    """

    def __init__(self, batch: Batch, world: World, caller: Caller) -> None:
        self.batch = batch
        self.world = world
        self.caller = caller
        self.now = world.now
        self.first_at = world.now
        self.impatient = False
        self.note: int | None = None

    @property
    def db(self) -> Database:
        return self.batch.db

    @property
    def sandbox(self) -> int:
        return self.world.id

    @property
    def account(self) -> str:
        return self.caller.account

    @property
    def region(self) -> str:
        return self.caller.region

    @cached_property
    def rng(self) -> Random:
        """Seeded dice: the same commands throw the same numbers."""
        return ids.dice(self.world.secret, self.new_number())

    def new_number(self) -> int:
        """Return the next number of the sandbox's counter."""
        self.world.last_id += 1
        return self.world.last_id

    def new_id(self) -> int:
        """Return the next row id: the sandbox in the high bits, its counter in the low ones."""
        self.world.last_id += 1
        return self.world.base | self.world.last_id

    def emit(
        self, kind: str, arn: str, data: str | dict[str, Any], *, cause: int | None = None
    ) -> int:
        """Append an event to the sandbox's log and return its sequence number."""
        world = self.world
        world.last_seq += 1
        text = data if isinstance(data, str) else orjson.dumps(data).decode()
        self.batch.events.append((world.base | world.last_seq, self.now, kind, arn, cause, text))
        return world.last_seq

    def insert(self, table: Table, row: tuple[Any, ...]) -> None:
        """Append a row; it is written before the next read of the batch."""
        self.batch.rows.append((table, row))

    def add(self, counters: Counters, row_id: int, deltas: tuple[int, ...]) -> None:
        """Add to the counters of a row."""
        self.batch.sums.append((counters, row_id, deltas))

    def count(self, counters: Counters, row_id: int) -> tuple[int, ...]:
        """Return the counters of a row, what was added to them in this batch included."""
        return self.batch.count(counters, row_id)

    def write(self) -> None:
        """Write the rows that have been appended, so that the next query sees them."""
        self.batch.write()

    def flush(self) -> None:
        """Write everything that has been appended: rows, events and sums."""
        self.batch.flush()

    def due(self, at: int) -> None:
        """Announce that something will happen by itself at sandbox time ``at``."""
        self.world.due(at)

    def wake(self, arn: str, count: int = 1) -> None:
        """Let up to ``count`` long polls on ``arn`` look again after the commit."""
        self.batch.wakes.append(((self.world.id, arn), count))
        if polled.CACHE in self.world.caches:
            polled.hear(self.world, arn)

    def reconfigured(self) -> None:
        """Announce that configuration has changed: caches of every process are dropped."""
        self.world.version += 1
        self.world.forget()

    def link(self, arn: str, verb: str) -> None:
        """Draw an edge between an outside client and the resource that it uses."""
        actor = self.caller.actor
        if not actor.startswith("client:"):
            return
        known = self.world.caches.get("links")
        if known is None:
            known = self.world.caches["links"] = _load_links(self.db, self.sandbox)
        if (actor, arn, verb) in known:
            return
        _remember_link(self, arn, verb)
        known.add((actor, arn, verb))

    def deliver(self, packet: Packet, *, after_ms: int = 0) -> None:
        """Hand a packet over: at once, or by the outbox after a delay.

        What the target refuses is told to the packet's origin; without one it is raised (AwsError).
        """
        if after_ms > 0:
            post(self, packet, after_ms=after_ms)
        else:
            self.batch.accept(self, packet)

    def call(self, by: "Helper", operation: str, params: Mapping[str, Any]) -> Any:
        """Call an operation of another service, as an AWS service does that polls; raises AwsError.

        Only where no operation of a client runs: when time passes, or when something is delivered.
        """
        return self.batch.call(self, by, operation, params)


def _load_links(db: Database, sandbox: int) -> set[tuple[str, str, str]]:
    rows = db.read("SELECT client, arn, verb FROM kernel_link WHERE sandbox_id=%s", (sandbox,))
    return {(client, arn, verb) for client, arn, verb in rows}


def _remember_link(ctx: Context, arn: str, verb: str) -> None:
    caller = ctx.caller
    key = caller.actor.removeprefix("client:")
    label = caller.label or key
    new = ctx.db.write(
        "INSERT INTO kernel_client (sandbox_id, key, label, first_at) VALUES (%s,%s,%s,%s)"
        " ON CONFLICT (sandbox_id, key) DO NOTHING",
        (ctx.sandbox, key, label, ctx.now),
    )
    if new:
        ctx.emit("client.Connected", caller.actor, {"label": label})
    ctx.db.write(
        "INSERT INTO kernel_link (sandbox_id, client, arn, verb) VALUES (%s,%s,%s,%s)"
        " ON CONFLICT (sandbox_id, client, arn, verb) DO NOTHING",
        (ctx.sandbox, caller.actor, arn, verb),
    )
    ctx.emit("client.Linked", arn, {"by": caller.actor, "verb": verb})
