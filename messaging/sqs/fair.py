"""Fair queues: who is noisy, and whose messages a receive gets then (Q-F2 – Q-F4)."""

from typing import Final

from messaging.kernel.context import Context
from messaging.sqs import limits
from messaging.sqs.domain.fairness import Tenant, Totals, order
from messaging.sqs.store import messages, queues, tenants
from messaging.sqs.store.messages import Row
from messaging.sqs.store.queues import QueueRecord

# AWS does not say how far "recent" processing time reaches back: this much, and half of what was
# before it.
WINDOW_MS: Final = 60_000
# How deep a receive looks for quiet tenants' messages before it goes by tenant.
NEAR: Final = 1_000


def noisy_tenants(ctx: Context, queue: QueueRecord) -> list[Tenant]:
    """Return the noisy tenants in the order in which they are served; remembers who is one."""
    sums = tenants.sums(ctx.db, queue.id)
    if ctx.now - sums.since >= WINDOW_MS:
        tenants.start_window(ctx.db, queue.id, ctx.now)
    found = tenants.suspects(
        ctx.db,
        queue.id,
        flying=limits.NOISY_IN_FLIGHT_MIN,
        busy_ms=limits.NOISY_SHARE * sums.busy_ms,
    )
    if not found:
        return []
    totals = Totals(queues.in_flight(ctx, queue.id), sums.busy_ms)
    judged = order((Tenant(*suspect) for suspect in found), totals, ctx.now)
    before = {suspect[0]: suspect[5] for suspect in found}
    for tenant in judged:
        if tenant.noisy != before[tenant.name]:
            tenants.mark_noisy(ctx.db, queue.id, tenant.name, noisy=tenant.noisy)
    return [tenant for tenant in judged if tenant.noisy]


def quiet_first(ctx: Context, queue: QueueRecord, count: int, noisy: list[Tenant]) -> list[Row]:
    """Return messages of quiet tenants, oldest first, then those of noisy ones (Q-F3)."""
    names = [tenant.name for tenant in noisy]
    found = messages.quiet(ctx.db, queue.id, names, now=ctx.now, window=NEAR, limit=count)
    if len(found) < count:
        found = _merge(found, _far(ctx, queue, count))
    found = sorted(found, key=lambda row: (row.visible_at, row.id))[:count]
    for tenant in noisy:
        if len(found) >= count:
            break
        found += _of_tenant(ctx, queue, tenant.name, count - len(found))
    return found


def _far(ctx: Context, queue: QueueRecord, count: int) -> list[Row]:
    """Return quiet messages that lie far behind those of noisy tenants."""
    found = []
    for name in tenants.quiet_names(ctx.db, queue.id, limit=count):
        found += _of_tenant(ctx, queue, name, count)
    visible, _, _ = queues.counters(ctx, queue.id)
    if visible > tenants.sums(ctx.db, queue.id).waiting:
        sql = messages.READY_UNGROUPED
        found += messages.select(ctx.db, sql, queue.id, ctx.now, count)
    return found


def _of_tenant(ctx: Context, queue: QueueRecord, name: str, count: int) -> list[Row]:
    sql = messages.READY_OF_TENANT
    return messages.select(ctx.db, sql, queue.id, name, ctx.now, count, lock=True)


def _merge(found: list[Row], more: list[Row]) -> list[Row]:
    known = {row.id for row in found}
    return found + [row for row in more if row.id not in known]
