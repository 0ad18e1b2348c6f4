"""Table of contents of the SQS package."""

from messaging.kernel.service import Service
from messaging.sqs import accept, addressing, checking, models, tick, topology
from messaging.sqs.operations import dead_letters, messages, permissions, queues, receipts, tags

SERVICE = Service(
    "sqs",
    (dead_letters, messages, permissions, queues, receipts, tags),
    tick=tick,
    accept=accept.accept,
    topology=topology,
    tables=(
        models.Queue,
        models.DeletedQueue,
        models.Message,
        models.Group,
        models.Tenant,
        models.Dedup,
        models.ReceiveAttempt,
        models.MoveTask,
    ),
    target_of=addressing.target_of,
    find_errors=checking.find_errors,
)
