"""How programs outside look on the map: who has called, and what it uses."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.kernel.batch import Batch
from messaging.kernel.models import Client, Link
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.topology import Edge, Node
from messaging.kernel.world import World

_PREFIX: Final = "client:"
# Other verbs (a look at attributes, a deletion) are no flow of messages.
_FLOWS: Final = ("receive", "send")


def nodes(sandbox: int) -> list[Node]:
    """Return a node for each program; one that only receives stands with the consumers."""
    return Replay.now(sandbox).nodes()


def edges(sandbox: int) -> list[Edge]:
    """Return an edge for each resource that a program sends to or receives from."""
    return Replay.now(sandbox).edges()


class Replay:
    """The programs of the past: who had called by then, folded from the log event by event."""

    kinds: Final = frozenset({"client.Connected", "client.Linked"})
    emptied: Final = frozenset[str]()

    def __init__(
        self,
        labels: Mapping[str, str] | None = None,
        links: Mapping[tuple[str, str, str], None] | None = None,
    ) -> None:
        self._labels = dict(labels or {})
        self._links = dict(links or {})

    @classmethod
    def now(cls, sandbox: int) -> "Replay":
        """Start with the programs as they are."""
        clients = Client.objects.filter(sandbox=sandbox)
        links = Link.objects.filter(sandbox=sandbox).values_list("client", "arn", "verb")
        return cls({_PREFIX + each.key: each.label for each in clients}, dict.fromkeys(links))

    def copy(self) -> "Replay":
        return Replay(self._labels, self._links)

    def drop(self, node: str) -> None:
        """Forget a program that had not called yet."""
        self._labels.pop(node, None)

    def assume(self, node: str) -> None:
        """Take in nobody: programs are never forgotten, so all that were there still are."""

    def take(self, at: int, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        """Fold one event; return whether nodes or edges may look different now."""
        if kind == "client.Connected":
            self._labels[arn] = data["label"]
        elif kind == "client.Linked":
            self._links[data["by"], arn, data["verb"]] = None
        else:
            return False
        return True

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Let a copy know the programs that had called by now, and no others."""
        keys = [node.removeprefix(_PREFIX) for node in self._labels]
        Client.objects.filter(sandbox=world.id).exclude(key__in=keys).delete()
        for link in Link.objects.filter(sandbox=world.id):
            if (link.client, link.arn, link.verb) not in self._links:
                link.delete()
        return Losses()

    def nodes(self) -> list[Node]:
        verbs: dict[str, set[str]] = {}
        for client, _, verb in self._links:
            verbs.setdefault(client, set()).add(verb)
        return [_node(node, label, verbs.get(node, set())) for node, label in self._labels.items()]

    def edges(self) -> list[Edge]:
        return [_edge(*link) for link in self._links if link[2] in _FLOWS]


def _node(node: str, label: str, verbs: set[str]) -> Node:
    column = "consumers" if "receive" in verbs and "send" not in verbs else "sources"
    return Node(node, "client", label, column, {"meta": _doing(verbs)})


def _edge(client: str, arn: str, verb: str) -> Edge:
    return Edge(client, arn, "send") if verb == "send" else Edge(arn, client, "receive")


def _doing(verbs: set[str]) -> str:
    """Say in a few words what the program does here."""
    done = [word for verb, word in (("send", "sends"), ("receive", "receives")) if verb in verbs]
    return " and ".join(done) or "looks"
