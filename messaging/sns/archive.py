"""The archive of a FIFO topic: what was published, for as long as its policy says (N13)."""

from base64 import b64decode, b64encode
from typing import Any, Final

import orjson

from messaging.kernel.context import Context
from messaging.kernel.tables import Table
from messaging.sns.domain.envelope import timestamp
from messaging.sns.domain.messages import Publication
from messaging.sns.limits import DAY_S
from messaging.sns.store import archived
from messaging.sns.store.topics import TopicRecord

ARCHIVED: Final = Table(
    "sns_archived",
    {
        "id": "bigint",
        "sandbox": "bigint",
        "topic_id": "bigint",
        "at": "bigint",
        "publication": "text",
    },
)


def keep(ctx: Context, topic: TopicRecord, publication: Publication, number: int) -> None:
    """Put a message into its topic's archive, if it has one."""
    if not topic.settings.archive_days:
        return
    text = orjson.dumps(publication._asdict(), default=_encode).decode()
    ctx.insert(ARCHIVED, (ctx.world.base | number, ctx.sandbox, topic.id, ctx.now, text))


def opened(text: str) -> Publication:
    """Return what ``keep`` has stored."""
    fields: dict[str, Any] = orjson.loads(text)
    for attribute in (fields["attributes"] or {}).values():
        if "BinaryValue" in attribute:
            attribute["BinaryValue"] = b64decode(attribute["BinaryValue"])
    return Publication(**fields)


def since(topic: TopicRecord, now: int) -> int:
    """Return from when on an archive has messages."""
    return max(topic.created_at, now - topic.settings.archive_days * DAY_S * 1000)


def beginning(ctx: Context, topic: TopicRecord) -> str:
    """Return BeginningArchiveTime, "" where nothing is archived."""
    if not topic.settings.archive_days:
        return ""
    return timestamp(since(topic, ctx.now))


def prune(ctx: Context, topic: TopicRecord) -> None:
    """Drop what is older than the archive's policy."""
    archived.remove_before(ctx.db, topic.id, since(topic, ctx.now))


def _encode(value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return b64encode(bytes(value)).decode()
    raise TypeError(f"{type(value).__name__} is no attribute value")
