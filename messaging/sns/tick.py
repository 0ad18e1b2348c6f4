"""What happens in SNS because time passes: requests to confirm lapse, replays go on."""

from typing import Any

from messaging.kernel.batch import Batch
from messaging.kernel.context import Context
from messaging.kernel.ids import number_of
from messaging.kernel.world import World
from messaging.sns import archive, replaying, sending, transitions
from messaging.sns.models import Subscription
from messaging.sns.store import archived, memory, subscriptions, topics
from messaging.sns.store.subscriptions import COMPLETED
from messaging.sns.store.topics import TopicRecord


def next_due(batch: Batch, world: World) -> int | None:
    """Return the sandbox time at which a token ends or a replay goes on."""
    found = (archived.next_lapse(batch.db, world.id), archived.next_replay(batch.db, world.id))
    return min((at for at in found if at is not None), default=None)


def run_due(ctx: Context) -> None:
    """Do what is due at ``ctx.now``."""
    found = Subscription.objects.filter(sandbox=ctx.sandbox)
    for row in found.filter(token_until__lte=ctx.now).order_by("id"):
        if row.ended:
            row.delete()
        else:
            transitions.unsubscribe(ctx, row, why="not confirmed")
    for row in found.filter(replay_at__lte=ctx.now).order_by("id"):
        _replay(ctx, row)
    memory.forget_expired(ctx.db, ctx.sandbox, ctx.now)


def _replay(ctx: Context, row: Subscription) -> None:
    """Hand over the next messages of an archive."""
    state: dict[str, Any] = row.replay or {}
    topic = topics.by_arn(ctx, row.topic_arn)
    if topic is None or not topic.settings.archive_days:
        _set(ctx, row, {**state, "status": replaying.FAILED}, at=None)
        return
    archive.prune(ctx, topic)
    limit = replaying.STEP_MESSAGES
    ctx.flush()
    rows = archived.after(ctx.db, topic.id, since=state["from"], last=state["last"], limit=limit)
    end = state["to"]
    ours = [each for each in rows if end is None or each.at <= end]
    is_done = len(ours) < limit and (end is None or end <= ctx.now or len(ours) < len(rows))
    _hand_over(ctx, topic, row, ours)
    replay = {**state, "status": COMPLETED if is_done else replaying.IN_PROGRESS}
    if ours:
        replay["last"] = ours[-1].id
    _set(ctx, row, replay, at=None if is_done else ctx.now + replaying.STEP_MS)


def _hand_over(
    ctx: Context, topic: TopicRecord, row: Subscription, rows: list[archived.Row]
) -> None:
    to = subscriptions.find(ctx, topic, row.arn)
    if to is None or not rows:
        return
    cause = ctx.emit("sns.Replayed", topic.arn, {
        "sub": row.arn, "to": row.endpoint, "count": len(rows),
    })  # fmt: skip
    for each in rows:
        sending.deliver_archived(
            ctx, topic, to, archive.opened(each.publication), number=number_of(each.id),
            at=each.at, cause=cause,
        )  # fmt: skip


def _set(ctx: Context, row: Subscription, replay: dict[str, object], *, at: int | None) -> None:
    if at is None or row.replay is None or replay["status"] != row.replay["status"]:
        transitions.set_subscription(ctx, row, replay=replay, replay_at=at)
        return
    row.replay, row.replay_at = replay, at
    row.save(update_fields=["replay", "replay_at"])
