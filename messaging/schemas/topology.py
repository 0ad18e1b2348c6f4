"""Schemas are not on the map; a fork from the past leaves out what came later."""

from typing import Any

from messaging.kernel.batch import Batch
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.replaying import Facts, Resources, contents, resting
from messaging.kernel.topology import Edge, Node
from messaging.kernel.world import World
from messaging.schemas.models import CodeBinding, Discoverer, Registry, Schema, Version

__all__ = ("Replay", "contents", "edges", "nodes", "resting")


def nodes(sandbox: int) -> list[Node]:
    """Return nothing: a registry takes part in no flow."""
    return []


def edges(sandbox: int) -> list[Edge]:
    """Return nothing, for the same reason."""
    return []


class Replay(Resources):
    """The discoverers of the past, and whether they were started."""

    kinds = frozenset(
        {
            "schemas.DiscovererCreated",
            "schemas.DiscovererDeleted",
            "schemas.DiscovererStarted",
            "schemas.DiscovererStopped",
            "schemas.DiscovererUpdated",
        }
    )
    gone = "schemas.DiscovererDeleted"

    @staticmethod
    def read(sandbox: int) -> dict[str, Facts]:
        """Return the state of each discoverer."""
        found = Discoverer.objects.filter(sandbox=sandbox).order_by("id")
        return {each.arn: {"state": each.state} for each in found}

    def nodes(self) -> list[Node]:
        return []

    def edges(self) -> list[Edge]:
        return []

    def settings(self, node: str) -> dict[str, str]:
        return {}

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Let a copy have what was there by then, with the versions of then."""
        later: dict[str, Any] = {"sandbox": world.id, "seq__gt": moment.seq}
        for table in (CodeBinding, Version, Schema, Registry, Discoverer):
            table._default_manager.filter(**later).delete()
        for schema in Schema.objects.filter(sandbox=world.id):
            _rewind(schema)
        for discoverer in Discoverer.objects.filter(sandbox=world.id):
            discoverer.state = self._known.get(discoverer.arn, {}).get("state", discoverer.state)
            discoverer.save(update_fields=("state",))
        return Losses()


def _rewind(schema: Schema) -> None:
    """Let a schema end with the last version that it has; without any it is gone."""
    versions = Version.objects.filter(sandbox=schema.sandbox, schema_arn=schema.arn)
    newest = versions.order_by("number").last()
    if newest is None:
        schema.delete()
        return
    schema.last_version, schema.modified_at = newest.number, newest.created_at
    schema.save(update_fields=("last_version", "modified_at"))
