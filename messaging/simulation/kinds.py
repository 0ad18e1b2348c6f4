"""The table of kinds: what an actor of each kind is asked, and by which function it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from messaging.kernel.topology import Edge
from messaging.kernel.wording import gettext_noop as _
from messaging.simulation.behaviours import consumer, fleet, producer
from messaging.simulation.fields import SettingsError
from messaging.simulation.stage import Stage


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One kind of actor.

    ``read`` checks settings from JSON; ``begin`` (when it is started), ``adapt`` (to new settings)
    and ``act`` return the sandbox time of the next act, if any; ``picture`` gives what the node
    shows, ``resource`` the ARN that the actor works on.
    """

    kind: str
    column: str
    read: Callable[[Mapping[str, Any]], Any]
    begin: Callable[[Stage, Any], int | None]
    adapt: Callable[[Stage, Any], int | None]
    act: Callable[[Stage, Any], int | None]
    picture: Callable[[Any, Mapping[str, Any]], dict[str, Any]]
    resource: Callable[[Any], str]
    edges: Callable[[str, Any], list[Edge]]


KINDS: Final[dict[str, Behaviour]] = {
    module.KIND: Behaviour(
        kind=module.KIND,
        column=module.COLUMN,
        read=module.read,
        begin=module.begin,
        adapt=module.adapt,
        act=module.act,
        picture=module.picture,
        resource=module.resource,
        edges=module.edges,
    )
    for module in (consumer, fleet, producer)
}


def kind_of(name: str) -> Behaviour:
    """Return a kind by its name; raises SettingsError."""
    if name not in KINDS:
        raise SettingsError("kind", _("must be one of %(known)s"), known=", ".join(sorted(KINDS)))
    return KINDS[name]
