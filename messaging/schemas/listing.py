"""Pages of anything that has a name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from messaging.kernel.paging import BadToken, page
from messaging.schemas.errors import BadRequestException
from messaging.schemas.limits import PAGE_DEFAULT, PAGE_MAX

Item = TypeVar("Item")


def paged(
    req: Mapping[str, Any], items: Sequence[Item], key: Callable[[Item], str], *, scope: str
) -> tuple[list[Item], str | None]:
    """Return one page of items sorted by key; raises BadRequestException for a foreign token."""
    limit = req.get("Limit")
    limit = PAGE_DEFAULT if limit is None else limit
    if not 1 <= limit <= PAGE_MAX:
        raise BadRequestException(f"Limit must be between 1 and {PAGE_MAX}.")
    try:
        return page(items, req.get("NextToken"), limit, key=key, scope=scope)
    except BadToken as error:
        raise BadRequestException(f"Invalid NextToken: {error}.") from None
