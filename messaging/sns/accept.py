"""What happens when another service delivers to a topic: the same checks as for a client."""

import orjson

from messaging.kernel.context import Context
from messaging.kernel.packets import Packet
from messaging.sns.addressing import check_allowed
from messaging.sns.domain.messages import read_message
from messaging.sns.errors import NotFound
from messaging.sns.sending import publish
from messaging.sns.store import topics


def accept(ctx: Context, packet: Packet) -> None:
    """Take a packet whose ``body`` is JSON with the parameters of Publish."""
    topic = topics.by_arn(ctx, packet.target)
    if topic is None:
        raise NotFound.of("Topic")
    if packet.principal:
        check_allowed(ctx, topic, "Publish")
    publication = read_message(orjson.loads(packet.body), topic.settings)
    publish(ctx, topic, publication, cause=packet.cause)
