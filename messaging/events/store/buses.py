"""Buses in memory: what every call needs of a bus, read once per configuration."""

from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from messaging.events.domain.names import DEFAULT_BUS, bus_arn, read_bus
from messaging.kernel.context import Context
from messaging.kernel.policies import parse_policy

_COLUMNS: Final = "id, account, region, name, arn, settings, policy, created_at, modified_at"
_INSERT: Final = (
    "INSERT INTO events_eventbus (id, sandbox, account, region, name, arn, settings, policy, tags,"
    " created_at, modified_at) VALUES (%s,%s,%s,%s,%s,%s,'{}','','{}',%s,%s)"
)


@dataclass(frozen=True, slots=True)
class BusRecord:
    """A bus's identity and settings; ``id`` is 0 for a default bus that nobody has used yet."""

    id: int
    account: str
    region: str
    name: str
    arn: str
    settings: dict[str, Any]
    policy_text: str
    policy: dict[str, Any] | None
    created_at: int
    modified_at: int


def by_name(ctx: Context, account: str, region: str, name: str) -> BusRecord | None:
    """Return a bus of the sandbox; the default bus is always there."""
    if "\x00" in name:
        return None
    cache: dict[Any, BusRecord] = ctx.world.caches.setdefault("events.buses", {})
    key = (account, region, name)
    found = cache.get(key)
    if found is None:
        ctx.write()
        rows = ctx.db.read(
            f"SELECT {_COLUMNS} FROM events_eventbus WHERE sandbox=%s AND arn=%s",
            (ctx.sandbox, bus_arn(*key)),
        )
        if rows:
            found = _record(rows[0])
        elif name == DEFAULT_BUS:
            found = BusRecord(0, *key, bus_arn(*key), {}, "", None, 0, 0)
        else:
            return None
        cache[key] = found
    return found


def by_arn(ctx: Context, arn: str) -> BusRecord | None:
    """Return a bus of the sandbox by its ARN."""
    account, region, name = read_bus(arn, account="", region="")
    return by_name(ctx, account, region, name) if account else None


def insert_default(ctx: Context, bus: BusRecord) -> BusRecord:
    """Give the default bus its row; return the bus as it is from now on."""
    used = replace(bus, id=ctx.new_id(), created_at=ctx.now, modified_at=ctx.now)
    ctx.db.write(
        _INSERT,
        (used.id, ctx.sandbox, used.account, used.region, used.name, used.arn, ctx.now, ctx.now),
    )
    # Nothing that is known of other buses changes: only other processes have to look again.
    ctx.world.version += 1
    cache: dict[Any, BusRecord] = ctx.world.caches.setdefault("events.buses", {})
    cache[used.account, used.region, used.name] = used
    return used


def _record(row: tuple[Any, ...]) -> BusRecord:
    bus_id, account, region, name, arn, settings, policy, created_at, modified_at = row
    return BusRecord(
        bus_id, account, region, name, arn, read_json(settings), policy,
        parse_policy(policy) if policy else None, created_at, modified_at,
    )  # fmt: skip


def read_json(stored: Any) -> Any:
    """Return what a JSON column holds: one database gives it as text."""
    return orjson.loads(stored) if isinstance(stored, str) else stored
