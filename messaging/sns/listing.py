"""Pages of a hundred, as every list of SNS has them."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from messaging.kernel import paging
from messaging.kernel.context import Context
from messaging.sns.errors import InvalidParameter
from messaging.sns.limits import LIST_MAX

Item = TypeVar("Item")


class Page(NamedTuple, Generic[Item]):
    """Some items, and ``NextToken`` where there are more."""

    items: list[Item]
    token: dict[str, str]


def page(
    ctx: Context,
    items: Sequence[Item],
    token: str | None,
    what: str,
    *,
    key: Callable[[Any], str],
    limit: int = LIST_MAX,
) -> Page[Item]:
    """Return the next page of ``items``, sorted by ``key``; raises InvalidParameter."""
    scope = f"sns:{what}:{ctx.account}:{ctx.region}"
    try:
        chosen, following = paging.page(items, token, limit, key=key, scope=scope)
    except paging.BadToken:
        raise InvalidParameter.of("NextToken", reason="Invalid or expired next token") from None
    return Page(chosen, {"NextToken": following} if following else {})
