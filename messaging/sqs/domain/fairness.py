"""Fair queues: noisy tenants give way on standard queues (rules Q-F1–Q-F4).

A tenant is a MessageGroupId; a message without one is a tenant of its own and never noisy. AWS
calls its thresholds approximate; how far "recent" reaches is the caller's choice.
"""

from collections.abc import Iterable
from typing import NamedTuple

from messaging.sqs.limits import NOISY_CALM_S, NOISY_IN_FLIGHT_MIN, NOISY_SHARE


class Tenant(NamedTuple):
    """One message group of a standard queue; times in milliseconds.

    ``busy_ms`` is the recent sum of the time that its messages were in flight; ``noisy`` is what
    ``is_noisy`` said last.
    """

    name: str
    waiting: int
    in_flight: int
    busy_ms: int
    last_send_at: int
    noisy: bool = False


class Totals(NamedTuple):
    """The same sums over the whole queue, messages without a group included."""

    in_flight: int
    busy_ms: int


def is_noisy(tenant: Tenant, totals: Totals, now_ms: int) -> bool:
    """Tell whether a tenant uses more than its share (Q-F2).

    A noisy tenant stays so until its backlog is drained or it has sent nothing for five minutes
    (Q-F4).
    """
    if not tenant.waiting or now_ms - tenant.last_send_at >= NOISY_CALM_S * 1000:
        return False
    crowds = (
        tenant.in_flight >= NOISY_IN_FLIGHT_MIN
        and tenant.in_flight > NOISY_SHARE * totals.in_flight
    )
    return tenant.noisy or crowds or tenant.busy_ms > NOISY_SHARE * totals.busy_ms


def order(tenants: Iterable[Tenant], totals: Totals, now_ms: int) -> list[Tenant]:
    """Return whose messages go first (Q-F3): the quiet, then the noisy, fewest in flight first.

    The quiet keep the order given. Nobody is left out: where only noisy tenants wait, they are
    served normally. ``noisy`` is brought up to date.
    """
    judged = [tenant._replace(noisy=is_noisy(tenant, totals, now_ms)) for tenant in tenants]
    return sorted(judged, key=lambda tenant: tenant.in_flight + 1 if tenant.noisy else 0)
