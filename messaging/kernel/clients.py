"""How programs outside look on the map: who has called, and what it uses."""

from typing import Final

from messaging.kernel.models import Client, Link
from messaging.kernel.topology import Edge, Node

_PREFIX: Final = "client:"
# Other verbs (a look at attributes, a deletion) are no flow of messages.
_FLOWS: Final = ("receive", "send")


def nodes(sandbox: int) -> list[Node]:
    """Return a node for each program; one that only receives stands with the consumers."""
    verbs: dict[str, set[str]] = {}
    for client, verb in Link.objects.filter(sandbox=sandbox).values_list("client", "verb"):
        verbs.setdefault(client, set()).add(verb)
    return [
        _node(client, verbs.get(_PREFIX + client.key, set()))
        for client in Client.objects.filter(sandbox=sandbox)
    ]


def edges(sandbox: int) -> list[Edge]:
    """Return an edge for each resource that a program sends to or receives from."""
    return [
        Edge(link.client, link.arn, "send")
        if link.verb == "send"
        else Edge(link.arn, link.client, "receive")
        for link in Link.objects.filter(sandbox=sandbox, verb__in=_FLOWS)
    ]


def _node(client: Client, verbs: set[str]) -> Node:
    column = "consumers" if "receive" in verbs and "send" not in verbs else "sources"
    return Node(_PREFIX + client.key, "client", client.label, column, {"meta": _doing(verbs)})


def _doing(verbs: set[str]) -> str:
    """Say in a few words what the program does here."""
    done = [word for verb, word in (("send", "sends"), ("receive", "receives")) if verb in verbs]
    return " and ".join(done) or "looks"
