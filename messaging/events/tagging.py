"""Tags of buses and rules: a list of pairs on the wire, a map in the table."""

from collections.abc import Iterable, Mapping

from messaging.events.errors import LimitExceededException, ValidationException
from messaging.kernel.tags import find_problem


def read_tags(
    pairs: Iterable[Mapping[str, str]], existing: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return tags as a map, checked for being added to ``existing`` ones."""
    tags = {pair["Key"]: pair["Value"] for pair in pairs}
    problem = find_problem(tags, existing=existing)
    if problem is not None and problem.kind == "count":
        raise LimitExceededException
    if problem is not None:
        raise ValidationException(problem.text)
    return tags


def write_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags as AWS lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
