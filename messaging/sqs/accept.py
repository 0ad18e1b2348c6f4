"""What happens when another service delivers to a queue: the same checks as for a client's send."""

import orjson

from messaging.kernel.context import Context
from messaging.sqs.domain.messages import read_message
from messaging.sqs.errors import QueueDoesNotExist
from messaging.sqs.sending import enqueue
from messaging.sqs.store import queues


def accept(ctx: Context, target: str, body: str, cause: int | None) -> None:
    """Take a packet whose ``body`` is JSON with the parameters of SendMessage."""
    queue = queues.by_arn(ctx, target)
    if queue is None:
        raise QueueDoesNotExist
    enqueue(ctx, queue, [read_message(orjson.loads(body), queue.settings)], cause=cause)
