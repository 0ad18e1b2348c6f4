"""Queue attributes: read, checked, compared and shown (rules Q1, Q4, D6, L1, L5)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from messaging.sqs import limits
from messaging.sqs.domain.attribute_values import FIFO_ONLY, READERS, read_boolean
from messaging.sqs.domain.names import check_queue_name
from messaging.sqs.domain.redrive import RedriveAllowPolicy, RedrivePolicy
from messaging.sqs.errors import InvalidAttributeName, InvalidAttributeValue, QueueNameExists

Scope = Literal["queue", "messageGroup"]
Throughput = Literal["perQueue", "perMessageGroupId"]


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """A queue's attributes as values: ``settings_of`` reads what ``attribute_map`` wrote.

    ``policy`` is the text that the owner gave, ``""`` for none.
    """

    visibility_s: int = limits.VISIBILITY_S_DEFAULT
    delay_s: int = limits.DELAY_S_DEFAULT
    wait_s: int = limits.WAIT_S_DEFAULT
    retention_s: int = limits.RETENTION_S_DEFAULT
    max_size: int = limits.MESSAGE_BYTES_MAX
    fifo: bool = False
    content_dedup: bool = False
    dedup_scope: Scope = "queue"
    fifo_throughput: Throughput = "perQueue"
    redrive: RedrivePolicy | None = None
    redrive_allow: RedriveAllowPolicy | None = None
    policy: str = ""
    kms_key: str = ""
    kms_reuse_s: int = limits.KMS_REUSE_S_DEFAULT
    sse_sqs: bool = True


def create_settings(name: str, attributes: Mapping[str, str]) -> QueueSettings:
    """Return a new queue's settings; raises with AWS's texts where name or attributes are wrong."""
    asked = attributes.get("FifoQueue")
    fifo = asked is not None and read_boolean("FifoQueue", asked)
    if asked is not None and not fifo:
        # only "true" is legal: AWS does not know the attribute on standard queues
        raise InvalidAttributeName.unknown("FifoQueue")
    check_queue_name(name, fifo=fifo)
    rest = {key: value for key, value in attributes.items() if key != "FifoQueue"}
    return _apply(QueueSettings(fifo=fifo), rest)


def change_settings(settings: QueueSettings, attributes: Mapping[str, str]) -> QueueSettings:
    """Return the settings after SetQueueAttributes; raises with AWS's texts."""
    asked = attributes.get("FifoQueue")
    if asked is not None:
        if not settings.fifo:
            raise InvalidAttributeName.unknown("FifoQueue")
        if not read_boolean("FifoQueue", asked):
            raise InvalidAttributeValue.of(
                "FifoQueue", reason="Modifying queue type is not supported."
            )
    rest = {key: value for key, value in attributes.items() if key != "FifoQueue"}
    return _apply(settings, rest)


def check_same(existing: QueueSettings, name: str, attributes: Mapping[str, str]) -> None:
    """Check that CreateQueue asks for the queue that is there (Q1); raises QueueNameExists.

    Attributes that the request does not name are not compared.
    """
    wanted = attribute_map(create_settings(name, attributes))
    there = attribute_map(existing)
    for key in attributes:
        if wanted.get(key) != there.get(key):
            raise QueueNameExists.differs_in(key)


def attribute_map(settings: QueueSettings) -> dict[str, str]:
    """Return the attributes as AWS shows them, in AWS's words; what is not set is not there."""
    shown = {
        "VisibilityTimeout": str(settings.visibility_s),
        "MaximumMessageSize": str(settings.max_size),
        "MessageRetentionPeriod": str(settings.retention_s),
        "DelaySeconds": str(settings.delay_s),
        "ReceiveMessageWaitTimeSeconds": str(settings.wait_s),
    }
    if settings.policy:
        shown["Policy"] = settings.policy
    if settings.redrive:
        shown["RedrivePolicy"] = settings.redrive.text()
    if settings.redrive_allow:
        shown["RedriveAllowPolicy"] = settings.redrive_allow.text()
    if settings.fifo:
        shown["FifoQueue"] = "true"
        shown["ContentBasedDeduplication"] = _word(settings.content_dedup)
        shown["DeduplicationScope"] = settings.dedup_scope
        shown["FifoThroughputLimit"] = settings.fifo_throughput
    if settings.kms_key:
        shown["KmsMasterKeyId"] = settings.kms_key
    if settings.kms_key or settings.kms_reuse_s != limits.KMS_REUSE_S_DEFAULT:
        shown["KmsDataKeyReusePeriodSeconds"] = str(settings.kms_reuse_s)
    shown["SqsManagedSseEnabled"] = _word(settings.sse_sqs)
    return shown


def settings_of(stored: Mapping[str, str]) -> QueueSettings:
    """Return the settings that ``attribute_map`` wrote."""
    fifo = stored.get("FifoQueue") == "true"
    rest = {key: value for key, value in stored.items() if key != "FifoQueue"}
    return _apply(QueueSettings(fifo=fifo), rest)


def _apply(settings: QueueSettings, attributes: Mapping[str, str]) -> QueueSettings:
    changes: dict[str, Any] = {}
    for name, value in attributes.items():
        reader = READERS.get(name)
        if reader is None:
            raise InvalidAttributeName.unknown(name)
        if name in FIFO_ONLY and not settings.fifo:
            raise InvalidAttributeName(FIFO_ONLY[name])
        field, read = reader
        changes[field] = read(name, value)
    _choose_encryption(changes)
    after = replace(settings, **changes)
    if after.fifo_throughput == "perMessageGroupId" and after.dedup_scope != "messageGroup":
        raise InvalidAttributeValue(
            "The perMessageGroupId value is allowed only when the value for DeduplicationScope is "
            "messageGroup"
        )
    return after


def _choose_encryption(changes: dict[str, Any]) -> None:
    """Make SSE-KMS and SSE-SQS exclude each other: the one that is asked for wins."""
    if changes.get("kms_key"):
        if changes.get("sse_sqs"):
            raise InvalidAttributeName(
                "You can use one type of server-side encryption (SSE) at one time. You can either "
                "enable KMS SSE or SQS SSE."
            )
        changes["sse_sqs"] = False
    elif changes.get("sse_sqs"):
        changes["kms_key"] = ""


def _word(value: bool) -> str:
    return "true" if value else "false"
