"""The 60 s rule of PurgeQueue, read from the log: AWS has no call that tells when it was."""

from typing import Final

from dashboard.console.desk import QueueDesk
from messaging.kernel.clock import wall_ms
from messaging.kernel.models import Event

INTERVAL_MS: Final = 60_000
_SECOND: Final = 1_000


def waiting_time(desk: QueueDesk) -> dict[str, int]:
    """Return when the queue may be purged again and in how many seconds, {} where it may now."""
    now = desk.sandbox.clock.now(wall_ms())
    purges = Event.objects.of_sandbox(desk.sandbox.pk).filter(kind="sqs.QueuePurged", arn=desk.arn)
    last = purges.order_by("-id").values_list("at", flat=True).first()
    if last is None or last + INTERVAL_MS <= now:
        return {}
    left = last + INTERVAL_MS - now
    return {"free_at": last + INTERVAL_MS, "free_in": -(-left // _SECOND)}
