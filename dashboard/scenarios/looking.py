"""Looking at a sandbox by AWS operations that only read, without an entry in the log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from messaging import dispatch, registry
from messaging.kernel.access import root_arn
from messaging.kernel.arns import parse_arn
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller
from messaging.kernel.topology import Node
from messaging.kernel.world import World


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a sandbox in the writer's transaction."""

    batch: Batch
    world: World

    def at(self, arn: str, operation: str, **params: Any) -> dict[str, Any]:
        """Call an operation of the service that an ARN is of, as the account that it is of."""
        parsed = parse_arn(arn)
        caller = Caller(
            self.world.id, parsed.account, parsed.region, root_arn(parsed.account), "console"
        )
        call = dispatch.prepare(caller, parsed.service, operation, params)
        call.operation = replace(call.operation, quiet=True)
        found: dict[str, Any] = dispatch.run(self.batch, self.world, call)
        return found

    def nodes(self, service: str, kind: str = "") -> Iterator[Node]:
        """Yield what a service has on the map, the oldest first."""
        known = registry.SERVICES.get(service)
        topology = known.topology if known else None
        for node in topology.nodes(self.world.id) if topology is not None else ():
            if not kind or node.kind == kind:
                yield node


def tags_of(found: Mapping[str, Any]) -> dict[str, str]:
    """Return tags that came as pairs."""
    return {pair["Key"]: pair["Value"] for pair in found.get("Tags") or ()}
