"""Queue attributes as a person writes them, and as AWS takes them. Pure.

In a document a number is a number, a policy is an object, and what AWS assumes anyway is left out:
``{"VisibilityTimeout": 12}``. AWS takes text only.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from dashboard.scenarios.parts import ScenarioError
from messaging.kernel.wording import gettext_noop as _

# Those of topics and subscriptions are among them.
POLICIES: Final = frozenset((
    "ArchivePolicy", "DeliveryPolicy", "FilterPolicy", "Policy", "RedriveAllowPolicy",
    "RedrivePolicy",
))  # fmt: skip
# What CreateQueue assumes (API reference of SQS, CreateQueue, checked 21 Nov 2026).
ASSUMED: Final[Mapping[str, object]] = {
    "ContentBasedDeduplication": False,
    "DeduplicationScope": "queue",
    "DelaySeconds": 0,
    "FifoThroughputLimit": "perQueue",
    "KmsDataKeyReusePeriodSeconds": 300,
    "MaximumMessageSize": 1_048_576,
    "MessageRetentionPeriod": 345_600,
    "ReceiveMessageWaitTimeSeconds": 0,
    "SqsManagedSseEnabled": True,
    "VisibilityTimeout": 30,
}
# The name of a queue or a topic says whether it is FIFO.
_BY_NAME: Final = ("FifoQueue", "FifoTopic")
_SHOWN_ONLY: Final = frozenset(("CreatedTimestamp", "LastModifiedTimestamp", "QueueArn"))
_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_WORDS: Final = {"true": True, "false": False}


def readable(name: str, value: object, path: str = "") -> Any:
    """Return a value as a document holds it; raises ScenarioError."""
    if name in POLICIES:
        return _policy(value, path)
    if isinstance(value, bool) or (isinstance(value, int) and value >= 0):
        return value
    if not isinstance(value, str):
        raise ScenarioError(path, _("must be text, a whole number, or true or false"))
    if _WHOLE.fullmatch(value):
        return int(value)
    return _WORDS.get(value, value)


def plain(value: object) -> str:
    """Return a value as AWS takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def without_assumed(
    attributes: Mapping[str, object], assumed: Mapping[str, object] = ASSUMED
) -> dict[str, Any]:
    """Return attributes without those that say nothing, by name."""
    return {
        name: value
        for name, value in sorted(attributes.items())
        if name not in _BY_NAME
        and value not in ("", {})
        and not (name in assumed and type(value) is type(assumed[name]) and value == assumed[name])
    }


def settable(shown: Mapping[str, str]) -> dict[str, Any]:
    """Return, of what GetQueueAttributes shows, what CreateQueue takes."""
    chosen = {
        name: readable(name, value, name)
        for name, value in shown.items()
        if name not in _SHOWN_ONLY and not name.startswith("Approximate")
    }
    if "KmsMasterKeyId" in chosen and chosen.get("SqsManagedSseEnabled") is False:
        # A key of one's own implies it.
        del chosen["SqsManagedSseEnabled"]
    return without_assumed(chosen)


def _policy(value: object, path: str) -> Any:
    if isinstance(value, str):
        if not value:
            return {}
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = None
    if not isinstance(value, Mapping):
        raise ScenarioError(path, _("must be an object"))
    return dict(value)
