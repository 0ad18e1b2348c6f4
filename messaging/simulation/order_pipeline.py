"""A shop: orders are paid for by workers that fail on poison, shipments are packed in order.

Producers are slower than consumers and dead letters are kept for an hour, so the picture stays as
lively after a week as in its first minute.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from messaging import dispatch
from messaging.kernel.arns import build_arn
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller
from messaging.kernel.world import World
from messaging.simulation import actors

HOUR_S: Final = 3600
ORDER: Final = (
    '{"order":${counter},"customer":"c-${integer:10,99}","total":${decimal:5,250},'
    '"card":"${choice:visa,mastercard,amex}"}'
)
POISON_ORDER: Final = '{"order":${counter},"customer":"c-${integer:10,99}","total":NaN}'
SHIPMENT: Final = (
    '{"shipment":${counter},"customer":"${group}","parcels":${integer:1,4},'
    '"carrier":"${choice:van,bike,post}"}'
)


def build(batch: Batch, world: World, caller: Caller) -> None:
    """Create the queues and set the actors to work."""
    orders, shipments = _queues(batch, world, caller)
    for kind, label, settings in _cast(orders, shipments):
        actors.add(batch, world, kind=kind, label=label, settings=settings, by=caller.actor)


def _queues(batch: Batch, world: World, caller: Caller) -> tuple[str, str]:
    """Return the ARNs of both work queues."""
    orders_dlq = _create_queue(batch, world, caller, "orders-dlq", {
        "MessageRetentionPeriod": str(HOUR_S),
    })  # fmt: skip
    shipments_dlq = _create_queue(batch, world, caller, "shipments-dlq.fifo", {
        "FifoQueue": "true",
        "MessageRetentionPeriod": str(HOUR_S),
    })  # fmt: skip
    orders = _create_queue(batch, world, caller, "orders", {
        "VisibilityTimeout": "12",
        "RedrivePolicy": _redrive(orders_dlq, after=3),
    })  # fmt: skip
    shipments = _create_queue(batch, world, caller, "shipments.fifo", {
        "FifoQueue": "true",
        "VisibilityTimeout": "20",
        "RedrivePolicy": _redrive(shipments_dlq, after=5),
    })  # fmt: skip
    return orders, shipments


def _cast(orders: str, shipments: str) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Return kind, label and settings of each actor."""
    return [
        ("producer", "checkout-api", {
            "target": orders, "rate": 1.5, "body": ORDER,
            "poison_share": 0.06, "poison_body": POISON_ORDER,
        }),
        ("producer", "warehouse", {
            "target": shipments, "rate": 0.8, "body": SHIPMENT,
            "groups": 5, "group_prefix": "c-",
        }),
        ("consumer", "payment-worker", {
            "source": orders, "slots": 4, "work": "exponential", "seconds": 2.6,
            "poison": "NaN",
        }),
        ("consumer", "legacy-worker", {
            "source": orders, "slots": 2, "work": "uniform", "seconds": 3, "seconds_most": 6,
            "poison": "NaN",
        }),
        ("consumer", "packer", {
            "source": shipments, "slots": 4, "batch": 2, "work": "uniform", "seconds": 1.5,
            "seconds_most": 4.5, "failure_rate": 0.02,
        }),
    ]  # fmt: skip


def _create_queue(
    batch: Batch, world: World, caller: Caller, name: str, attributes: Mapping[str, str]
) -> str:
    params = {"QueueName": name, "Attributes": attributes}
    dispatch.run(batch, world, dispatch.prepare(caller, "sqs", "CreateQueue", params))
    return build_arn("sqs", region=caller.region, account=caller.account, resource=name)


def _redrive(dlq_arn: str, *, after: int) -> str:
    return orjson.dumps({"deadLetterTargetArn": dlq_arn, "maxReceiveCount": after}).decode()
