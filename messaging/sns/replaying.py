"""Replays of an archive: begun by a subscription's ReplayPolicy, done step by step (N13)."""

from typing import Any, Final

from messaging.kernel.context import Context
from messaging.sns import archive
from messaging.sns.domain.subscription_attributes import replay_of
from messaging.sns.errors import InvalidParameter
from messaging.sns.store.topics import TopicRecord

PENDING: Final = "Pending"
IN_PROGRESS: Final = "In progress"
FAILED: Final = "Failed"
# Ours: how long a replay is pending, and how it goes on.
STARTS_AFTER_MS: Final = 1_000
STEP_MS: Final = 100
STEP_MESSAGES: Final = 50


def begun(ctx: Context, topic: TopicRecord | None, policy: str) -> dict[str, Any]:
    """Return the fields of a subscription that begins a replay, or ends one; InvalidParameter."""
    if not policy or topic is None:
        return {"replay": None, "replay_at": None}
    if not topic.settings.archive_days:
        raise InvalidParameter.of("ReplayPolicy: the topic has no ArchivePolicy")
    asked = replay_of(policy)
    if asked["from"] > ctx.now:
        raise InvalidParameter.of("ReplayPolicy: StartingPoint must be in the past")
    start = max(asked["from"], archive.since(topic, ctx.now))
    ctx.due(ctx.now + STARTS_AFTER_MS)
    replay = {"from": start, "to": asked["to"], "last": 0, "status": PENDING}
    return {"replay": replay, "replay_at": ctx.now + STARTS_AFTER_MS}
