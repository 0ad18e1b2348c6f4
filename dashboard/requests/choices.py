"""What the filters of the requests log offer, and names for what the log has as ids."""

from dataclasses import dataclass

from dashboard.console.door import ACTOR
from messaging import registry
from messaging.kernel import clients
from messaging.kernel.models import Sandbox
from messaging.simulation import topology as simulation


@dataclass(frozen=True)
class Choices:
    """Actors and resources as (id, name), and the operations that exist."""

    actors: list[tuple[str, str]]
    operations: list[str]
    resources: list[tuple[str, str]]

    def name_of(self, node: str) -> str:
        """Return the name of an actor or a resource, also of one that is gone."""
        known = dict(self.actors) | dict(self.resources)
        return known.get(node) or node.rpartition(":")[2]


def choices_of(sandbox: Sandbox) -> Choices:
    """Return who could have called what on which resource."""
    actors = [*simulation.nodes(sandbox.pk), *clients.nodes(sandbox.pk)]
    services = registry.SERVICES.values()
    resources = [
        (node.id, node.label)
        for service in services
        if service.topology is not None
        for node in service.topology.nodes(sandbox.pk)
    ]
    return Choices(
        actors=sorted({*((node.id, node.label) for node in actors), (ACTOR, ACTOR)}),
        operations=sorted({name for service in services for name in service.operations}),
        resources=sorted(resources, key=lambda pair: pair[1]),
    )
