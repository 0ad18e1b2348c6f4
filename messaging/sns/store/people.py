"""The inbox of the sandbox, and what is known of phones and devices."""

from typing import Any, Final

import orjson

from messaging.kernel.context import Context
from messaging.kernel.tables import Table

INBOX: Final = Table(
    "sns_inboxitem",
    {
        "id": "bigint",
        "sandbox": "bigint",
        "at": "bigint",
        "protocol": "text",
        "address": "text",
        "source": "text",
        "subject": "text",
        "body": "text",
        "message": "bigint",
        "event": "bigint",
    },
)


def device(ctx: Context, arn: str) -> dict[str, Any] | None:
    """Return a platform endpoint: its attributes with ``Platform`` and whether its app is there."""
    cache: dict[str, Any] = ctx.world.caches.setdefault("sns.devices", {})
    if arn not in cache:
        ctx.flush()
        rows = ctx.db.read(
            "SELECT e.attributes, a.platform, a.attributes FROM sns_platformendpoint e"
            " JOIN sns_platformapplication a ON a.sandbox=e.sandbox AND a.arn=e.application"
            " WHERE e.sandbox=%s AND e.arn=%s",
            (ctx.sandbox, arn),
        )
        if not rows:
            return None
        stored, platform, app = rows[0]
        cache[arn] = {**_json(stored), "Platform": platform, "App": _json(app)}
    found: dict[str, Any] = cache[arn]
    return found


def opted_out(ctx: Context, account: str, region: str) -> frozenset[str]:
    """Return the phone numbers that want no messages of an account."""
    cache: dict[Any, frozenset[str]] = ctx.world.caches.setdefault("sns.opted_out", {})
    if (account, region) not in cache:
        ctx.flush()
        rows = ctx.db.read(
            "SELECT opted_out FROM sns_phonebook WHERE sandbox=%s AND account=%s AND region=%s",
            (ctx.sandbox, account, region),
        )
        cache[account, region] = frozenset(_json(rows[0][0])) if rows else frozenset()
    return cache[account, region]


def _json(stored: Any) -> Any:
    return stored if isinstance(stored, dict | list) else orjson.loads(stored)
