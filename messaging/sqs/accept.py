"""What happens when another service delivers to a queue: the same checks as for a client's send."""

import orjson

from messaging.kernel.context import Context
from messaging.kernel.packets import Packet
from messaging.sqs.addressing import check_caller, check_service_allowed
from messaging.sqs.domain.messages import read_message
from messaging.sqs.errors import QueueDoesNotExist
from messaging.sqs.sending import enqueue
from messaging.sqs.store import queues


def accept(ctx: Context, packet: Packet) -> None:
    """Take a packet whose ``body`` is JSON with the parameters of SendMessage."""
    queue = queues.by_arn(ctx, packet.target)
    if queue is None:
        raise QueueDoesNotExist
    if packet.principal.startswith("arn:"):
        # The role in which a schedule or a pipe works.
        check_caller(ctx, queue, "SendMessage")
    elif packet.principal:
        check_service_allowed(ctx, queue, "SendMessage")
    message = read_message(orjson.loads(packet.body), queue.settings)
    enqueue(ctx, queue, [message], cause=packet.cause)
