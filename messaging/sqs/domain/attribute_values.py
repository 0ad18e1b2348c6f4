"""How each queue attribute's text is read (rules Q4, D6, L1, L5)."""

import re
from collections.abc import Callable
from typing import Any

from messaging.kernel.policies import count_statements, parse_policy
from messaging.sqs import limits
from messaging.sqs.domain.redrive import (
    RedriveAllowPolicy,
    RedrivePolicy,
    parse_redrive_allow_policy,
    parse_redrive_policy,
)
from messaging.sqs.errors import InvalidAttributeValue, OverLimit

Read = Callable[[str, str], Any]
"""(attribute's name, text) → value; raises with AWS's text."""

# A key's id, its alias or the ARN of either
_KEY_ID = re.compile(r"[A-Za-z0-9:/_+=,.@-]{1,2048}")
_DIGITS = re.compile(r"[0-9]{1,9}")


def read_boolean(name: str, value: str) -> bool:
    """Read ``true`` or ``false`` in any case."""
    word = value.lower()
    if word not in ("true", "false"):
        raise InvalidAttributeValue.of(name)
    return word == "true"


def _integer(least: int, most: int) -> Callable[[str, str], int]:
    def read(name: str, value: str) -> int:
        if not _DIGITS.fullmatch(value) or not least <= int(value) <= most:
            raise InvalidAttributeValue.of(name)
        return int(value)

    return read


def _choice(*words: str) -> Callable[[str, str], str]:
    def read(name: str, value: str) -> str:
        if value not in words:
            raise InvalidAttributeValue.of(name)
        return value

    return read


def _key_id(name: str, value: str) -> str:
    if value and not _KEY_ID.fullmatch(value):
        raise InvalidAttributeValue.of(name)
    return value


def _policy(name: str, value: str) -> str:
    if not value:
        return ""
    try:
        policy = parse_policy(value)
    except ValueError:
        raise InvalidAttributeValue.of(name) from None
    count = count_statements(policy)
    if count > limits.POLICY_STATEMENTS_MAX:
        raise OverLimit(
            f"{count} statements were found in the submitted policy, max allowed is "
            f"{limits.POLICY_STATEMENTS_MAX}"
        )
    return value


def _redrive(_: str, value: str) -> RedrivePolicy | None:
    return parse_redrive_policy(value) if value else None


def _redrive_allow(_: str, value: str) -> RedriveAllowPolicy | None:
    return parse_redrive_allow_policy(value) if value else None


FIFO_ONLY = {
    "ContentBasedDeduplication": "Unknown Attribute ContentBasedDeduplication.",
    "DeduplicationScope": (
        "You can specify the DeduplicationScope only when FifoQueue is set to true."
    ),
    "FifoThroughputLimit": (
        "You can specify the FifoThroughputLimit only when FifoQueue is set to true."
    ),
}

READERS: dict[str, tuple[str, Read]] = {
    "ContentBasedDeduplication": ("content_dedup", read_boolean),
    "DeduplicationScope": ("dedup_scope", _choice("queue", "messageGroup")),
    "DelaySeconds": ("delay_s", _integer(0, limits.DELAY_S_MAX)),
    "FifoThroughputLimit": ("fifo_throughput", _choice("perQueue", "perMessageGroupId")),
    "KmsDataKeyReusePeriodSeconds": (
        "kms_reuse_s",
        _integer(limits.KMS_REUSE_S_MIN, limits.KMS_REUSE_S_MAX),
    ),
    "KmsMasterKeyId": ("kms_key", _key_id),
    "MaximumMessageSize": (
        "max_size",
        _integer(limits.MESSAGE_BYTES_MIN, limits.MESSAGE_BYTES_MAX),
    ),
    "MessageRetentionPeriod": (
        "retention_s",
        _integer(limits.RETENTION_S_MIN, limits.RETENTION_S_MAX),
    ),
    "Policy": ("policy", _policy),
    "ReceiveMessageWaitTimeSeconds": ("wait_s", _integer(0, limits.WAIT_S_MAX)),
    "RedriveAllowPolicy": ("redrive_allow", _redrive_allow),
    "RedrivePolicy": ("redrive", _redrive),
    "SqsManagedSseEnabled": ("sse_sqs", read_boolean),
    "VisibilityTimeout": ("visibility_s", _integer(0, limits.VISIBILITY_S_MAX)),
}
