"""The actors of every sandbox, and what each remembers between two acts."""

from typing import Any, Final

import orjson
from django.db import models

from messaging.kernel.database import Database

RUNNING: Final = "running"
STOPPED: Final = "stopped"
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


def _actor(row: tuple[Any, ...]) -> Actor:
    values = dict(zip(_COLUMNS, row, strict=True))
    for name in ("settings", "memory"):
        # One database's driver parses JSON columns, the other's does not.
        if isinstance(values[name], str):
            values[name] = orjson.loads(values[name])
    return Actor(**values)
