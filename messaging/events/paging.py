"""Listings by pages: all of EventBridge's ask for them alike."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from messaging.events.errors import ValidationException
from messaging.events.limits import PAGE_MAX
from messaging.kernel.context import Context
from messaging.kernel.paging import BadToken, page

Item = TypeVar("Item")


def listing(
    ctx: Context,
    req: Mapping[str, Any],
    items: Sequence[Item],
    *,
    name: str,
    key: Callable[[Item], str],
    show: Callable[[Item], Any],
) -> dict[str, Any]:
    """Return a page of ``items`` under ``name``, sorted by ``key``, with the token of the next."""
    asked = {part: value for part, value in req.items() if part not in ("NextToken", "Limit")}
    scope = f"events:{name}:{ctx.account}:{ctx.region}:{sorted(asked.items())}"
    limit = req.get("Limit") or PAGE_MAX
    try:
        chosen, token = page(
            sorted(items, key=key), req.get("NextToken"), limit, key=key, scope=scope
        )
    except BadToken:
        raise ValidationException.of("NextToken") from None
    result: dict[str, Any] = {name: [show(item) for item in chosen]}
    if token:
        result["NextToken"] = token
    return result


def with_prefix(
    items: Sequence[Item], prefix: str | None, key: Callable[[Item], str]
) -> list[Item]:
    """Return the items whose name begins so; databases differ about capital letters."""
    return [item for item in items if key(item).startswith(prefix or "")]
