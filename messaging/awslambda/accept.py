"""What happens when another service delivers to a function: an asynchronous invocation (LM5)."""

import orjson

from messaging.awslambda import running
from messaging.awslambda.addressing import check_invoker, not_found
from messaging.awslambda.domain.names import unqualified
from messaging.awslambda.errors import RequestTooLargeException
from messaging.awslambda.limits import ASYNC_BYTES_MAX
from messaging.awslambda.store import functions
from messaging.kernel.context import Context
from messaging.kernel.errors import NotModelled
from messaging.kernel.packets import Packet


def accept(ctx: Context, packet: Packet) -> None:
    """Take a packet whose ``body`` is JSON with the parameters of Invoke; Payload is text."""
    arn = packet.target.removesuffix(":$LATEST")
    if ":function:" not in arn or unqualified(arn) != arn:
        raise NotModelled(f"Signalbox does not model invoking {packet.target}.")
    function = functions.by_arn(ctx, arn)
    if function is None:
        raise not_found(arn)
    if packet.principal:
        check_invoker(ctx, function)
    payload = orjson.loads(packet.body).get("Payload") or "{}"
    if len(payload.encode()) > ASYNC_BYTES_MAX:
        raise RequestTooLargeException(
            f"The payload is larger than {ASYNC_BYTES_MAX} bytes, the limit of events."
        )
    source = packet.via or ctx.caller.actor
    number = ctx.new_number()
    running.queue(ctx, function, payload, source=source, cause=packet.cause, number=number)
