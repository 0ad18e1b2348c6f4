"""The actors of every sandbox with what each remembers between two acts; the faults put on them."""

from typing import Any, Final

import orjson
from django.db import models

from messaging.kernel.database import Database

RUNNING: Final = "running"
STOPPED: Final = "stopped"
WAITING: Final = "waiting"
ON: Final = "on"
_COLUMNS: Final = (
    "id", "sandbox", "key", "label", "kind", "account", "region", "settings", "state", "next_at",
    "memory",
)  # fmt: skip


class ActorQuerySet(models.QuerySet["Actor"]):
    def of_sandbox(self, sandbox: int) -> "ActorQuerySet":
        return self.filter(sandbox=sandbox).order_by("id")


class Actor(models.Model):
    """A simulated program. ``memory`` is what it would hold in its variables: jobs, counters."""

    STATES = ((RUNNING, RUNNING), (STOPPED, STOPPED))
    # The columns that carry the sandbox in their high bits: they move when a sandbox is copied.
    composed = ("id",)

    id = models.BigIntegerField(primary_key=True)
    sandbox = models.BigIntegerField()
    key = models.CharField(max_length=63)
    label = models.CharField(max_length=120)
    kind = models.CharField(max_length=32)
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    settings = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=STATES, default=RUNNING)
    next_at = models.BigIntegerField(null=True)
    memory = models.JSONField(default=dict)

    objects = ActorQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        # Its index also finds a sandbox's rows, of which there are few.
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "key"), name="simulation_actor_key"),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def node(self) -> str:
        return node_of(self.key)


class Fault(models.Model):
    """A fault that is on or waits for its turn; ``settings`` is what ``faults.read`` takes.

    ``next_at`` is when it starts or, while it is on, when it ends.
    """

    STATES = ((WAITING, WAITING), (ON, ON))
    composed = ("id",)

    id = models.BigIntegerField(primary_key=True)
    sandbox = models.BigIntegerField(db_index=True)
    target = models.TextField()
    kind = models.CharField(max_length=16)
    settings = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=STATES, default=WAITING)
    began_at = models.BigIntegerField(default=0)
    next_at = models.BigIntegerField()
    throws = models.BigIntegerField(default=0)
    hits = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.kind} on {self.target}"


def node_of(key: str) -> str:
    """Return the id of an actor's node on the map; its calls carry it."""
    return f"actor:{key}"


def running(db: Database, sandbox: int) -> list[Actor]:
    """Return the actors of a sandbox that are at work, by id."""
    rows = db.read(
        f"SELECT {', '.join(_COLUMNS)} FROM simulation_actor"
        " WHERE sandbox=%s AND state=%s ORDER BY id",
        (sandbox, RUNNING),
    )
    return [_actor(row) for row in rows]


def remember(db: Database, actor: int, *, state: str, next_at: int | None, memory: bytes) -> None:
    """Write back what an actor has become by acting."""
    db.write(
        "UPDATE simulation_actor SET state=%s, next_at=%s, memory=%s WHERE id=%s",
        (state, next_at, memory.decode(), actor),
    )


_FAULT_COLUMNS: Final = ("id", "settings", "state", "began_at", "next_at", "throws", "hits")


def faults_of(db: Database, sandbox: int) -> list[dict[str, Any]]:
    """Return the faults of a sandbox, by id, each as its columns."""
    rows = db.read(
        f"SELECT {', '.join(_FAULT_COLUMNS)} FROM simulation_fault WHERE sandbox=%s ORDER BY id",
        (sandbox,),
    )
    found = [dict(zip(_FAULT_COLUMNS, row, strict=True)) for row in rows]
    for values in found:
        if isinstance(values["settings"], str):
            values["settings"] = orjson.loads(values["settings"])
    return found


def remember_fault(
    db: Database, fault: int, *, state: str, began_at: int, next_at: int, throws: int, hits: int
) -> None:
    """Write back where a fault stands."""
    db.write(
        "UPDATE simulation_fault SET state=%s, began_at=%s, next_at=%s, throws=%s, hits=%s"
        " WHERE id=%s",
        (state, began_at, next_at, throws, hits, fault),
    )


def forget_fault(db: Database, fault: int) -> None:
    """Delete a fault that is over."""
    db.write("DELETE FROM simulation_fault WHERE id=%s", (fault,))


def _actor(row: tuple[Any, ...]) -> Actor:
    values = dict(zip(_COLUMNS, row, strict=True))
    for name in ("settings", "memory"):
        # One database's driver parses JSON columns, the other's does not.
        if isinstance(values[name], str):
            values[name] = orjson.loads(values[name])
    return Actor(**values)
