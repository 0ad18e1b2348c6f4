"""API destinations with their connections in memory: read once per configuration."""

from dataclasses import dataclass
from typing import Any, Final

from messaging.events.domain.connections import AUTHORIZED
from messaging.events.store.buses import read_json
from messaging.kernel.context import Context

_READ: Final = (
    "SELECT d.endpoint, d.method, d.per_second, c.auth_type, c.state, c.secrets"
    " FROM events_apidestination d LEFT JOIN events_connection c"
    " ON c.sandbox=d.sandbox AND c.arn=d.connection_arn WHERE d.sandbox=%s AND d.arn=%s"
)


@dataclass(frozen=True, slots=True)
class DestinationRecord:
    endpoint: str
    method: str
    per_second: int
    auth_type: str
    is_active: bool
    auth: dict[str, Any]


def by_arn(ctx: Context, arn: str) -> DestinationRecord | None:
    """Return an API destination of the sandbox."""
    cache: dict[str, DestinationRecord] = ctx.world.caches.setdefault("events.destinations", {})
    found = cache.get(arn)
    if found is None:
        rows = ctx.db.read(_READ, (ctx.sandbox, arn))
        if not rows:
            return None
        endpoint, method, per_second, kind, state, auth = rows[0]
        found = cache[arn] = DestinationRecord(
            endpoint, method, per_second, kind or "", state == AUTHORIZED, read_json(auth or "{}")
        )
    return found


def next_slot(ctx: Context, arn: str, per_second: int) -> int:
    """Return in how many milliseconds a destination takes the next call, and take that place."""
    paced: dict[str, int] = ctx.world.caches.setdefault("events.paced", {})
    at = max(ctx.now, paced.get(arn, 0))
    paced[arn] = at + max(1, 1000 // per_second)
    # Within a second of calls nothing has to wait: the rate is a rate, not a distance.
    return max(0, at - ctx.now - 1000)
