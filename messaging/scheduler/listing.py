"""Pages of schedules and groups."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.paging import BadToken, page
from messaging.scheduler.errors import ValidationException
from messaging.scheduler.limits import LIST_DEFAULT


def paged(req: Mapping[str, Any], items: list[Any], scope: str) -> tuple[list[Any], str | None]:
    """Return one page of what has names; raises ValidationException for a foreign token."""
    limit = req.get("MaxResults") or LIST_DEFAULT
    try:
        return page(items, req.get("NextToken"), limit, key=lambda item: item.arn, scope=scope)
    except BadToken as error:
        raise ValidationException(f"Invalid NextToken: {error}.") from None
