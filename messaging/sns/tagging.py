"""Tags of topics, in SNS's form and words."""

from collections.abc import Iterable, Mapping

from messaging.kernel.tags import find_problem
from messaging.sns.errors import InvalidParameter, TagLimitExceeded


def read_tags(listed: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return a list of tags as a map; raises InvalidParameter."""
    tags: dict[str, str] = {}
    for tag in listed:
        if tag["Key"] in tags:
            raise InvalidParameter.of("Duplicated keys are not allowed.")
        tags[tag["Key"]] = tag["Value"]
    return tags


def check_tags(tags: Mapping[str, str], existing: Mapping[str, str]) -> None:
    """Check tags that are added to ``existing`` ones; raises with SNS's errors."""
    problem = find_problem(tags, existing=existing)
    if problem is None:
        return
    if problem.kind == "count":
        raise TagLimitExceeded
    raise InvalidParameter.of("Tags", reason=problem.text)


def listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags as SNS lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
