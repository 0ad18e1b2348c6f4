"""How queues look on the map: plain data, read without side effects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db.models import QuerySet

from messaging.kernel.ids import number_of, secret_for, seeded_uuid
from messaging.kernel.models import Sandbox
from messaging.kernel.moment import Kept
from messaging.kernel.topology import Contents, Edge, Held, Node
from messaging.sqs.domain.attributes import (
    QueueSettings,
    attribute_map,
    change_settings,
    create_settings,
    settings_of,
)
from messaging.sqs.domain.redrive import RedrivePolicy, parse_redrive_policy
from messaging.sqs.inspecting import max_receives, message
from messaging.sqs.models import Message, Queue
from messaging.sqs.rewinding import Rewind
from messaging.sqs.store.messages import STATES

__all__ = ("contents", "edges", "max_receives", "message", "nodes", "peek")

# What the map shows of a message: a body may be a mebibyte.
_HELD: Final = ("hidden", "visible_at", "receives", "group_id", "tenant", "kept_since")


def nodes(sandbox: int) -> list[Node]:
    """Return a node for each queue; ``dlq`` marks what is some queue's dead-letter queue."""
    return _nodes(list(Queue.objects.filter(sandbox=sandbox).order_by("id")))


def edges(sandbox: int) -> list[Edge]:
    """Return an edge from each queue to its dead-letter queue."""
    return _edges(Queue.objects.filter(sandbox=sandbox).order_by("id"))


def contents(
    sandbox: int, arns: Sequence[str] | None = None, limit: int = 32
) -> dict[str, Contents]:
    """Return what each queue holds: exact counters and its ``limit`` most urgent messages."""
    queues = Queue.objects.filter(sandbox=sandbox)
    if arns is not None:
        queues = queues.filter(arn__in=arns)
    return {queue.arn: _contents(queue, limit) for queue in queues}


class Replay:
    """The queues of the past: their settings, folded from the log event by event.

    ``kinds`` are the events that it takes; ``emptied`` leave a queue without messages.
    """

    kinds: Final = frozenset({"sqs.QueueCreated", "sqs.AttributesSet", "sqs.QueueDeleted"})
    emptied: Final = frozenset({"sqs.QueuePurged", "sqs.QueueDeleted"})

    def __init__(self, queues: Iterable[Queue] = ()) -> None:
        self._queues = {queue.arn: queue for queue in queues}

    @classmethod
    def now(cls, sandbox: int) -> "Replay":
        """Start with the queues as they are."""
        return cls(Queue.objects.filter(sandbox=sandbox).order_by("id"))

    def copy(self) -> "Replay":
        """Return what goes on by itself from here; queues are never changed in place."""
        return Replay(self._queues.values())

    def drop(self, node: str) -> None:
        """Forget a queue that was not there yet."""
        self._queues.pop(node, None)

    def assume(self, node: str) -> None:
        """Take in a queue of which nothing but its ARN is known any more."""
        if node.startswith("arn:aws:sqs:") and node not in self._queues:
            name = node.rpartition(":")[2]
            self._put(node, create_settings(name, _kind_of(name)))

    def take(self, at: int, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        """Fold one event; return whether nodes or edges may look different now."""
        if kind == "sqs.QueueCreated":
            self._put(arn, create_settings(arn.rpartition(":")[2], data["attributes"]))
        elif kind == "sqs.AttributesSet" and arn in self._queues:
            known = settings_of(self._queues[arn].attributes)
            self._put(arn, change_settings(known, data["attributes"]))
        elif kind == "sqs.QueueDeleted":
            self._queues.pop(arn, None)
        else:
            return False
        return True

    def nodes(self) -> list[Node]:
        return _nodes(list(self._queues.values()))

    def edges(self) -> list[Edge]:
        return _edges(self._queues.values())

    def settings(self, node: str) -> dict[str, str]:
        """Return a queue's attributes."""
        queue = self._queues.get(node)
        return {} if queue is None else {**queue.attributes}

    def rewind(self, held: Mapping[str, Mapping[int, Kept]]) -> Rewind:
        """Return what puts a copy's queues back to this moment, with what they ``held``."""
        return Rewind(self._queues, held)

    def _put(self, arn: str, settings: QueueSettings) -> None:
        _, _, _, region, account, name = arn.split(":", 5)
        self._queues[arn] = Queue(
            arn=arn, region=region, account=account, name=name, fifo=settings.fifo,
            attributes=attribute_map(settings),
        )  # fmt: skip


def resting(sandbox: int) -> Iterator[tuple[str, Held]]:
    """Yield every message that is there: its queue, and how it lies there."""
    arns = dict(Queue.objects.filter(sandbox=sandbox).values_list("id", "arn"))
    columns = ("queue_id", *_HELD)
    for row in Message.objects.filter(sandbox=sandbox).only(*columns).iterator():
        yield arns[row.queue_id], _held(row)


def peek(sandbox: int, arn: str, limit: int = 32, offset: int = 0) -> list[dict[str, Any]]:
    """Return messages of a queue with their bodies, most urgent first, without receiving them."""
    queue = Queue.objects.filter(sandbox=sandbox, arn=arn).first()
    if queue is None:
        return []
    home = Sandbox.objects.get(pk=sandbox)
    secret = secret_for(home.seed, home.generation)
    found = _urgent(queue, limit, offset)
    return [_peeked(message, secret) for message in found]


def _nodes(queues: Sequence[Queue]) -> list[Node]:
    targets = {redrive.dlq_arn for queue in queues if (redrive := _redrive(queue))}
    return [_node(queue, is_dlq=queue.arn in targets) for queue in queues]


def _edges(queues: Iterable[Queue]) -> list[Edge]:
    found = []
    for queue in queues:
        redrive = _redrive(queue)
        if redrive is not None:
            plural = "" if redrive.max_receives == 1 else "s"
            label = f"after {redrive.max_receives} receive{plural}"
            found.append(Edge(queue.arn, redrive.dlq_arn, "dlq", label))
    return found


def _node(queue: Queue, *, is_dlq: bool) -> Node:
    visibility_s = int(queue.attributes["VisibilityTimeout"])
    kept_s = int(queue.attributes["MessageRetentionPeriod"])
    cfg: dict[str, Any] = {
        "dlq": is_dlq,
        "region": queue.region,
        "account": queue.account,
        "visibility": visibility_s,
        "kept": _kept_for(kept_s),
        "meta": _kept_for(kept_s) if is_dlq else f"visibility {visibility_s} s",
    }
    return Node(queue.arn, "fifo" if queue.fifo else "queue", queue.name, "queues", cfg)


def _kind_of(name: str) -> dict[str, str]:
    return {"FifoQueue": "true"} if name.endswith(".fifo") else {}


def _kept_for(seconds: int) -> str:
    """Say a retention period in the largest unit that is exact."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds % length == 0:
            return f"{seconds // length} {unit} retention"
    return f"{seconds} s retention"


def _contents(queue: Queue, limit: int) -> Contents:
    if not (queue.visible or queue.in_flight or queue.delayed):
        return Contents(0, 0, 0, 0, [])
    held = [_held(message) for message in _urgent(queue, limit, 0, columns=_HELD)]
    oldest = Message.objects.filter(queue_id=queue.pk).order_by("kept_since")
    oldest_at = oldest.values_list("kept_since", flat=True).first()
    return Contents(queue.visible, queue.in_flight, queue.delayed, oldest_at or 0, held)


def _held(message: Message) -> Held:
    return Held(
        number_of(message.pk),
        STATES[message.hidden],
        message.visible_at if message.hidden else 0,
        message.receives,
        message.group_id or message.tenant,
        message.kept_since,
    )


def _urgent(queue: Queue, limit: int, offset: int, *, columns: Sequence[str] = ()) -> list[Message]:
    """Return messages in flight by soonest expiry, then visible oldest first, then delayed.

    Each state is a query of its own that an index answers in order: depth does not matter.
    """
    found: list[Message] = []
    for hidden, count in ((1, queue.in_flight), (0, queue.visible), (2, queue.delayed)):
        wanted = limit - len(found)
        if wanted <= 0:
            break
        if offset >= count:
            offset -= count
            continue
        # No further than there is something to find: an index would be walked to its end.
        rows = _in_state(queue, hidden)
        rows = rows.only(*columns) if columns else rows
        found += rows[offset : min(offset + wanted, count)]
        offset = 0
    return found


def _in_state(queue: Queue, hidden: int) -> QuerySet[Message]:
    if hidden:
        rows = Message.objects.filter(
            sandbox=queue.sandbox, hidden=hidden, hidden__gt=0, queue_id=queue.pk
        )
        return rows.order_by("visible_at", "id")
    rows = Message.objects.filter(queue_id=queue.pk, hidden=0)
    return rows.order_by("kept_since", "id")


def _peeked(message: Message, secret: bytes) -> dict[str, Any]:
    return {
        "m": number_of(message.pk),
        "id": seeded_uuid(secret, number_of(message.pk)),
        "body": message.body,
        "state": STATES[message.hidden],
        "until": message.visible_at if message.hidden else 0,
        "receives": message.receives,
        "group": message.group_id or message.tenant,
        "sent_at": message.sent_at,
        "attributes": message.attributes or "",
    }


def _redrive(queue: Queue) -> RedrivePolicy | None:
    text = queue.attributes.get("RedrivePolicy")
    return parse_redrive_policy(text) if text else None
