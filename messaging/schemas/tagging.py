"""Tags of requests, checked."""

from collections.abc import Mapping

from messaging.kernel.tags import find_problem, merge_tags
from messaging.schemas.errors import BadRequestException


def read_tags(
    added: Mapping[str, str] | None, existing: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the tags that there are with those that are added; raises BadRequestException."""
    problem = find_problem(added or {}, existing=existing)
    if problem is not None:
        raise BadRequestException(problem.text)
    return merge_tags(existing or {}, added or {})
