"""How topics look on the map: plain data, read without side effects."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlsplit

from messaging.kernel.batch import Batch
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.topology import Contents, Edge, Held, Node
from messaging.kernel.world import World
from messaging.sns import rewinding
from messaging.sns.domain.endpoints import INBOX_NODE, PEOPLE, WEB
from messaging.sns.domain.labels import filter_label
from messaging.sns.domain.subscription_attributes import dead_letter_arn
from messaging.sns.inspecting import inbox
from messaging.sns.models import InboxItem, Subscription, Topic

__all__ = ("Replay", "contents", "edges", "inbox", "nodes", "resting")

_PENDING: Final = "pending confirmation"


def nodes(sandbox: int) -> list[Node]:
    """Return a node for each topic and each HTTP endpoint, and the inbox where it is used."""
    return Replay.now(sandbox).nodes()


def edges(sandbox: int) -> list[Edge]:
    """Return an edge for each subscription, and one to its dead-letter queue."""
    return Replay.now(sandbox).edges()


def contents(
    sandbox: int, arns: Sequence[str] | None = None, limit: int = 32
) -> dict[str, Contents]:
    """Return nothing: a topic keeps no messages for anybody to receive."""
    return {}


def resting(sandbox: int) -> Iterator[tuple[str, Held]]:
    """Yield nothing, for the same reason."""
    yield from ()


def subscriptions(sandbox: int, topic: str) -> list[str]:
    """Return the ARNs of a topic's subscriptions; those that wait for consent are among them."""
    rows = Subscription.objects.live().filter(sandbox=sandbox, topic_arn=topic).order_by("id")
    return list(rows.values_list("arn", flat=True))


@dataclass(frozen=True)
class Told:
    """A subscription as the log tells it."""

    topic: str
    protocol: str
    endpoint: str
    attributes: dict[str, str] = field(default_factory=dict)
    confirmed: bool = True

    @property
    def node(self) -> str:
        """The node that it leads to."""
        return INBOX_NODE if self.protocol in PEOPLE else self.endpoint

    @property
    def label(self) -> str:
        if not self.confirmed:
            return _PENDING
        return filter_label(self.attributes.get("FilterPolicy") or "{}")


class Replay:
    """The topics of the past with their subscriptions, folded from the log event by event."""

    kinds: Final = frozenset({
        "sns.AttributesSet", "sns.InboxReceived", "sns.Subscribed", "sns.SubscriptionAttributesSet",
        "sns.SubscriptionConfirmed", "sns.TagsSet", "sns.TopicCreated", "sns.TopicDeleted",
        "sns.Unsubscribed",
    })  # fmt: skip
    emptied: Final = frozenset[str]()

    def __init__(
        self,
        topics: Mapping[str, Mapping[str, Any]] | None = None,
        subscriptions: Mapping[str, Told] | None = None,
        *,
        has_inbox: bool = False,
    ) -> None:
        self.topics = dict(topics or {})
        self.subscriptions = dict(subscriptions or {})
        self._has_inbox = has_inbox

    @classmethod
    def now(cls, sandbox: int) -> "Replay":
        """Start with the topics as they are."""
        topics = Topic.objects.filter(sandbox=sandbox).order_by("id")
        rows = Subscription.objects.live().filter(sandbox=sandbox).order_by("id")
        return cls(
            {row.arn: {"attributes": row.attributes, "tags": row.tags} for row in topics},
            {
                row.arn: Told(
                    row.topic_arn, row.protocol, row.endpoint, row.attributes, row.confirmed
                )
                for row in rows
            },
            has_inbox=InboxItem.objects.filter(sandbox=sandbox).exists(),
        )

    def copy(self) -> "Replay":
        """Return what goes on by itself from here; what it holds is never changed in place."""
        return Replay(self.topics, self.subscriptions, has_inbox=self._has_inbox)

    def drop(self, node: str) -> None:
        """Forget a topic or a subscription that was not there yet."""
        self.topics.pop(node, None)
        self.subscriptions.pop(node, None)

    def assume(self, node: str) -> None:
        """Take in a topic of which nothing but its ARN is known any more."""
        if node.startswith("arn:") and node.split(":")[2] == "sns":
            self.topics.setdefault(node, {"attributes": _kind_of(node), "tags": {}})

    def take(self, at: int, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        """Fold one event; return whether nodes or edges may look different now."""
        fold = _FOLDS.get(kind)
        if fold is None:
            return False
        fold(self, arn, data)
        return True

    def nodes(self) -> list[Node]:
        counts: dict[str, int] = {}
        for told in self.subscriptions.values():
            counts[told.topic] = counts.get(told.topic, 0) + told.confirmed
        found = [_topic(arn, counts.get(arn, 0)) for arn in self.topics]
        found += [_endpoint(url) for url in self._urls()]
        if self._has_inbox or any(t.protocol in PEOPLE for t in self.subscriptions.values()):
            found.append(Node(INBOX_NODE, "inbox", "Inbox", "consumers", {"meta": "people"}))
        return found

    def edges(self) -> list[Edge]:
        """Return edges; several subscriptions that lead to one node are one edge."""
        labels: dict[tuple[str, str, str], list[str]] = {}
        for told in self.subscriptions.values():
            labels.setdefault((told.topic, told.node, "subscription"), []).append(told.label)
            letters = dead_letter_arn(told.attributes)
            if letters:
                labels.setdefault((told.topic, letters, "dlq"), []).append("undelivered")
        return [Edge(*key, _joined(said)) for key, said in labels.items()]

    def settings(self, node: str) -> dict[str, str]:
        """Return a topic's attributes."""
        known = self.topics.get(node)
        return {} if known is None else dict(known["attributes"])

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Put the topics and subscriptions of a copy back to this moment."""
        subscriptions = {
            arn: rewinding.Kept(
                told.topic, told.protocol, told.endpoint, told.attributes, told.confirmed
            )
            for arn, told in self.subscriptions.items()
        }
        rewinding.restore(world, self.topics, subscriptions, moment)
        return Losses()

    def created(self, arn: str, data: Mapping[str, Any]) -> None:
        self.topics[arn] = {"attributes": data["attributes"], "tags": data.get("tags", {})}

    def changed(self, arn: str, data: Mapping[str, Any]) -> None:
        known = self.topics.get(arn, {"tags": {}})
        self.topics[arn] = {**known, "attributes": data["attributes"]}

    def tagged(self, arn: str, data: Mapping[str, Any]) -> None:
        if arn in self.topics:
            self.topics[arn] = {**self.topics[arn], "tags": data["tags"]}

    def deleted(self, arn: str, data: Mapping[str, Any]) -> None:
        self.topics.pop(arn, None)
        gone = [sub for sub, told in self.subscriptions.items() if told.topic == arn]
        for sub in gone:
            del self.subscriptions[sub]

    def subscribed(self, arn: str, data: Mapping[str, Any]) -> None:
        self.subscriptions[arn] = Told(
            data["topic"], data["protocol"], data["to"], data["attributes"],
            data.get("confirmed", True),
        )  # fmt: skip

    def configured(self, arn: str, data: Mapping[str, Any]) -> None:
        known = self.subscriptions.get(arn)
        if known is not None:
            self.subscriptions[arn] = replace(known, attributes=data["attributes"])

    def unsubscribed(self, arn: str, data: Mapping[str, Any]) -> None:
        self.subscriptions.pop(arn, None)

    def received(self, arn: str, data: Mapping[str, Any]) -> None:
        self._has_inbox = True

    def _urls(self) -> list[str]:
        told = self.subscriptions.values()
        return list(dict.fromkeys(each.endpoint for each in told if each.protocol in WEB))


_FOLDS: Final = {
    "sns.AttributesSet": Replay.changed,
    "sns.InboxReceived": Replay.received,
    "sns.Subscribed": Replay.subscribed,
    "sns.SubscriptionAttributesSet": Replay.configured,
    "sns.SubscriptionConfirmed": Replay.subscribed,
    "sns.TagsSet": Replay.tagged,
    "sns.TopicCreated": Replay.created,
    "sns.TopicDeleted": Replay.deleted,
    "sns.Unsubscribed": Replay.unsubscribed,
}


def _topic(arn: str, subscribers: int) -> Node:
    _, _, _, region, account, name = arn.split(":", 5)
    plural = "" if subscribers == 1 else "s"
    cfg = {
        "fifo": name.endswith(".fifo"),
        "region": region,
        "account": account,
        "meta": f"{subscribers} subscription{plural}",
    }
    return Node(arn, "topic", name, "routing", cfg)


def _endpoint(url: str) -> Node:
    parts = urlsplit(url)
    label = f"{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"
    return Node(url, "endpoint", label, "consumers", {"meta": f"{parts.scheme} endpoint"})


def _joined(labels: Sequence[str]) -> str:
    if len(labels) == 1:
        return labels[0]
    said = f"{len(labels)} subscriptions"
    pending = sum(label == _PENDING for label in labels)
    return f"{said}, {pending} pending" if pending else said


def _kind_of(arn: str) -> dict[str, str]:
    return {"FifoTopic": "true"} if arn.endswith(".fifo") else {}
