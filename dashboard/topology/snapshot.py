"""What a sandbox looks like at one sequence number: one read transaction, no side effects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from django.db import connection
from django.urls import reverse

from messaging import registry
from messaging.kernel import clients
from messaging.kernel.clock import Clock
from messaging.kernel.models import Sandbox
from messaging.kernel.topology import Contents, Edge, Node
from messaging.simulation import chaos
from messaging.simulation import topology as simulation

# The kind of an edge, and what a queue's node says of itself.
_LETTERS: Final = "dlq"
_BEGIN: Final = {"postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"}


@dataclass(frozen=True, slots=True)
class Head:
    """A sandbox's row as the picture needs it."""

    id: int
    slug: str
    epoch: str
    last_seq: int
    first_seq: int
    clock: Clock
    version: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes and edges; contents are read for the nodes that are asked for."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


@contextmanager
def one_moment() -> Iterator[None]:
    """Let all reads inside see the database as it was at the first of them.

    A plain BEGIN, since Django's ``atomic`` would take SQLite's write lock away from the engine.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN.get(connection.vendor, "BEGIN"))
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def read_head(sandbox: int) -> Head | None:
    """Return where a sandbox stands, or None when it is gone."""
    row = Sandbox.objects.filter(pk=sandbox).first()
    if row is None:
        return None
    return Head(row.pk, row.slug, row.epoch, row.last_seq, row.first_seq, row.clock, row.version)


def read_picture(head: Head) -> Picture:
    """Return every node and edge: resources, simulated actors, outside clients."""
    sources = [service.topology for service in registry.SERVICES.values() if service.topology]
    nodes: list[Node] = []
    edges: list[Edge] = []
    for source in (*sources, simulation, clients):
        nodes.extend(source.nodes(head.id))
        edges.extend(source.edges(head.id))
    return Picture(addressed(head, nodes, edges, chaos.felt(head.id)), edges)


def read_actors(head: Head) -> dict[str, Node]:
    """Return those who work: how busy they are changes without an event of the picture.

    They are the simulated actors, and what a service's topology calls its ``workers``.
    """
    panels, faults = _panels(head), chaos.felt(head.id)
    readers = [getattr(service.topology, "workers", None) for service in registry.SERVICES.values()]
    nodes = [node for read in readers if read is not None for node in read(head.id)]
    nodes += simulation.nodes(head.id)
    return {node.id: _addressed(panels, node, faults) for node in nodes}


def read_contents(sandbox: int, arns: Sequence[str]) -> dict[str, Contents]:
    """Return what the given nodes hold."""
    by_service: dict[str, list[str]] = {}
    for arn in arns:
        if arn.startswith("arn:"):
            by_service.setdefault(registry.service_of_arn(arn).name, []).append(arn)
    contents: dict[str, Contents] = {}
    for name, members in by_service.items():
        topology = registry.SERVICES[name].topology
        if topology is not None:
            contents.update(topology.contents(sandbox, arns=members))
    return contents


def addressed(
    head: Head, nodes: Iterable[Node], edges: Iterable[Edge], faults: Mapping[str, list[str]]
) -> list[Node]:
    """Return nodes with the addresses of their panels, and the faults that are on.

    A queue is a dead-letter queue where any resource says so: another queue, which its own service
    knows, or a subscription, a rule, a schedule or a function.
    """
    panels = _panels(head)
    letters = {edge.target for edge in edges if edge.kind == _LETTERS}
    return [_addressed(panels, _as_letters(node, letters), faults) for node in nodes]


def _as_letters(node: Node, letters: AbstractSet[str]) -> Node:
    if node.id not in letters or node.cfg.get(_LETTERS) is not False:
        return node
    cfg = {**node.cfg, _LETTERS: True, "meta": node.cfg["kept"]}
    return Node(node.id, node.kind, node.label, node.column, cfg)


def _panels(head: Head) -> str:
    """Return the address of a sandbox's panels, up to the node's id."""
    return f"{reverse('node', args=[head.slug])}?id="


def _addressed(panels: str, node: Node, faults: Mapping[str, list[str]]) -> Node:
    """Add the address of the node's panel, and the faults that are on."""
    cfg = {**node.cfg, "url": panels + quote(node.id, safe="")}
    if node.id in faults:
        cfg["faults"] = faults[node.id]
    return Node(node.id, node.kind, node.label, node.column, cfg)
