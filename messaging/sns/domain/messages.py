"""Messages on their way in: structure, subject, size, ids, attributes (N2, N3, N13). Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

from messaging.sns.domain.characters import check_storable
from messaging.sns.domain.message_attributes import attributes_size, check_attributes
from messaging.sns.domain.topic_attributes import TopicSettings
from messaging.sns.errors import (
    BatchEntryIdsNotDistinct,
    EmptyBatchRequest,
    InvalidBatchEntryId,
    InvalidParameter,
    TooManyEntriesInBatchRequest,
)
from messaging.sns.limits import (
    BATCH_ENTRIES_MAX,
    BATCH_ENTRY_ID_CHARS_MAX,
    SMS_CHARS_MAX,
    SUBJECT_CHARS_MAX,
)

# letters, digits and the punctuation of ASCII: all that prints but the space
_ID: Final = re.compile(r"[!-~]{1,128}")
_ENTRY_ID: Final = re.compile(rf"[A-Za-z0-9_-]{{1,{BATCH_ENTRY_ID_CHARS_MAX}}}")
_NOT_FOR_TYPE: Final = "The request includes {0} parameter that is not valid for this topic type"
_STRUCTURE: Final = "Message Structure - "


class Publication(NamedTuple):
    """A message that passed every check. ``texts`` are those of MessageStructure by protocol."""

    text: str
    texts: Mapping[str, str]
    subject: str | None
    attributes: Mapping[str, Mapping[str, Any]] | None
    group: str | None
    dedup: str | None
    size: int

    def text_for(self, protocol: str) -> str:
        return self.texts.get(protocol, self.text)


def read_message(params: Mapping[str, Any], settings: TopicSettings) -> Publication:
    """Check the parameters of Publish, or of a batch entry, for a topic; raises SnsError."""
    group, dedup = _read_ids(params, settings)
    found = _read(params, group, dedup)
    if found.size > settings.max_bytes:
        raise InvalidParameter.of("Message too long")
    if settings.fifo and found.dedup is None:
        return found._replace(dedup=sha256(params["Message"].encode()).hexdigest())
    return found


def read_direct(params: Mapping[str, Any], *, max_bytes: int) -> Publication:
    """Check a message that goes to one phone or device."""
    found = _read(params, None, None)
    if found.size > max_bytes:
        raise InvalidParameter.of("Message too long")
    return found


def check_sms(text: str) -> None:
    """Check a short message's length; raises InvalidParameter."""
    if len(text) > SMS_CHARS_MAX:
        raise InvalidParameter.of("Message too long")


def check_entries(entries: Sequence[Mapping[str, Any]]) -> None:
    """Check a batch as a whole (N3); raises SnsError."""
    if not entries:
        raise EmptyBatchRequest
    if len(entries) > BATCH_ENTRIES_MAX:
        raise TooManyEntriesInBatchRequest
    ids = [entry["Id"] for entry in entries]
    if len(set(ids)) < len(ids):
        raise BatchEntryIdsNotDistinct
    if not all(_ENTRY_ID.fullmatch(each) for each in ids):
        raise InvalidBatchEntryId


def dedup_token(publication: Publication, settings: TopicSettings) -> str:
    """Return what a FIFO topic remembers of a message for five minutes."""
    if settings.group_scope:
        return json.dumps([publication.group, publication.dedup])
    return publication.dedup or ""


def _read(params: Mapping[str, Any], group: str | None, dedup: str | None) -> Publication:
    message = params.get("Message")
    if not message:
        raise InvalidParameter.of("Empty message")
    check_storable(params, "Message", "MessageAttributes")
    subject = params.get("Subject")
    if subject is not None:
        _check_subject(subject)
    attributes = params.get("MessageAttributes") or None
    size = len(message.encode())
    if attributes:
        check_attributes(attributes)
        size += attributes_size(attributes)
    texts: dict[str, str] = {}
    if params.get("MessageStructure") == "json":
        texts = _read_structure(message)
    return Publication(
        texts.pop("default", message), texts, subject, attributes, group, dedup, size
    )


def _read_structure(message: str) -> dict[str, str]:
    """Return the texts by protocol; other values than texts are ignored."""
    try:
        parts = json.loads(message)
    except (ValueError, RecursionError):
        parts = None
    if not isinstance(parts, dict):
        raise InvalidParameter.of(f"{_STRUCTURE}JSON message body failed to parse")
    texts = {name: text for name, text in parts.items() if isinstance(text, str)}
    if "default" not in texts:
        raise InvalidParameter.of(f"{_STRUCTURE}No default entry in JSON message body")
    return texts


def _check_subject(subject: str) -> None:
    has_controls = any(sign < " " or sign == "\x7f" for sign in subject)
    if not subject or len(subject) > SUBJECT_CHARS_MAX or has_controls:
        raise InvalidParameter.of("Subject")


def _read_ids(params: Mapping[str, Any], settings: TopicSettings) -> tuple[str | None, str | None]:
    group, dedup = params.get("MessageGroupId"), params.get("MessageDeduplicationId")
    if settings.fifo and not group:
        raise InvalidParameter.of("The MessageGroupId parameter is required for FIFO topics")
    if dedup is not None and not settings.fifo:
        raise InvalidParameter.of(
            "MessageDeduplicationId", reason=_NOT_FOR_TYPE.format("MessageDeduplicationId")
        )
    for name, value in (("MessageGroupId", group), ("MessageDeduplicationId", dedup)):
        if value is not None and not _ID.fullmatch(value):
            raise InvalidParameter.of(
                name,
                reason=f"{name} can only include alphanumeric and punctuation characters. 1 to 128"
                " in length",
            )
    if settings.fifo and dedup is None and not settings.content_dedup:
        raise InvalidParameter.of(
            "The topic should either have ContentBasedDeduplication enabled or"
            " MessageDeduplicationId provided explicitly"
        )
    return group, dedup
