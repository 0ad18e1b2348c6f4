"""Topics in memory: what every call needs of a topic, read once per configuration."""

from dataclasses import dataclass
from typing import Any, Final

import orjson

from messaging.kernel.context import Context
from messaging.sns.domain.topic_attributes import TopicSettings, settings_of

_COLUMNS: Final = "id, account, region, name, arn, attributes, created_at"


@dataclass(frozen=True, slots=True)
class TopicRecord:
    """A topic's identity and settings."""

    id: int
    account: str
    region: str
    name: str
    arn: str
    attributes: dict[str, str]
    settings: TopicSettings
    created_at: int

    @property
    def fifo(self) -> bool:
        return self.settings.fifo


def by_arn(ctx: Context, arn: str) -> TopicRecord | None:
    """Return a topic of the sandbox by its ARN."""
    cache: dict[str, TopicRecord] = ctx.world.caches.setdefault("sns.topics", {})
    found = cache.get(arn)
    if found is None and "\x00" not in arn:
        ctx.flush()
        rows = ctx.db.read(
            f"SELECT {_COLUMNS} FROM sns_topic WHERE sandbox=%s AND arn=%s", (ctx.sandbox, arn)
        )
        if rows:
            found = cache[arn] = _record(rows[0])
    return found


def known(ctx: Context, arn: str) -> bool:
    """Tell whether a topic is in memory; nothing is read."""
    return arn in ctx.world.caches.get("sns.topics", ())


def _record(row: tuple[Any, ...]) -> TopicRecord:
    topic_id, account, region, name, arn, stored, created_at = row
    attributes: dict[str, str] = stored if isinstance(stored, dict) else orjson.loads(stored)
    return TopicRecord(
        topic_id, account, region, name, arn, attributes, settings_of(attributes), created_at
    )
