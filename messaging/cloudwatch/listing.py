"""Pages of alarms and of their history."""

from collections.abc import Callable, Mapping
from typing import Any

from messaging.cloudwatch.errors import InvalidNextToken
from messaging.kernel.paging import BadToken, page


def paged(
    req: Mapping[str, Any], items: list[Any], limit: int, *, key: Callable[[Any], str], scope: str
) -> tuple[list[Any], str | None]:
    """Return one page, and the token of the next; raises InvalidNextToken."""
    try:
        return page(items, req.get("NextToken"), limit, key=key, scope=scope)
    except BadToken as error:
        raise InvalidNextToken(f"Invalid NextToken: {error}.") from None
