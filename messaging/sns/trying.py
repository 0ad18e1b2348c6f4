"""Filter policies as people try them: what they look at in a call, and whether a text is one."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from messaging.patterns.tree import Pattern
from messaging.sns.domain.filters import (
    BY_ATTRIBUTES,
    BY_BODY,
    attributes_event,
    body_event,
    check_policy,
    compile_policy,
)

SCOPES: Final = (BY_ATTRIBUTES, BY_BODY)
TITLE_CHARS: Final = 80


def read(text: str, scope: str) -> Pattern:
    """Return a filter policy; raises InvalidParameter with AWS's words."""
    check_policy(text, scope)
    return compile_policy(text)


def seen(
    operation: str, params: Mapping[str, Any], *, account: str, region: str, at: int
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield topic, title and what policies look at, of each message that a call publishes."""
    entries = params.get("PublishBatchRequestEntries", ())
    for entry in [params] if operation == "Publish" else entries:
        body = entry.get("Message") or ""
        events = {
            BY_ATTRIBUTES: attributes_event(entry.get("MessageAttributes")),
            BY_BODY: body_event(body),
        }
        yield params.get("TopicArn", ""), entry.get("Subject") or body[:TITLE_CHARS], events


def samples(*, account: str, region: str, at: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield nothing: there are no messages that every topic gets."""
    yield from ()
