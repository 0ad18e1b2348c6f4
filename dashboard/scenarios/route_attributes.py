"""Attributes of topics, subscriptions, targets and schedules as a person writes them. Pure.

As with queues: what AWS assumes anyway is left out, policies are objects, and so is a constant
input that AWS takes as the text of an object.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from dashboard.scenarios.queue_attributes import readable, without_assumed
from dashboard.scenarios.routes import INPUT

# What CreateTopic assumes (API reference of SNS, CreateTopic, checked 21 Nov 2026).
OF_TOPICS: Final[Mapping[str, object]] = {
    "ContentBasedDeduplication": False,
    "FifoThroughputScope": "Topic",
    "MaximumMessageSize": 262_144,
    "SignatureVersion": 1,
    "TracingConfig": "PassThrough",
}
OF_SUBSCRIPTIONS: Final[Mapping[str, object]] = {
    "FilterPolicyScope": "MessageAttributes",
    "RawMessageDelivery": False,
}
# What CreateSchedule assumes (API reference of EventBridge Scheduler, checked 21 Nov 2026).
OF_SCHEDULES: Final[Mapping[str, object]] = {
    "ActionAfterCompletion": "NONE",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "ScheduleExpressionTimezone": "UTC",
    "State": "ENABLED",
}
OF_SCHEDULED: Final[Mapping[str, object]] = {
    "RetryPolicy": {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185},
}
TIMES: Final = ("EndDate", "StartDate")
_DEFAULT_POLICY: Final = "__default_policy_ID"
_SHOWN_ONLY: Final = frozenset((
    # of topics
    "BeginningArchiveTime", "EffectiveDeliveryPolicy", "Owner", "SubscriptionsConfirmed",
    "SubscriptionsDeleted", "SubscriptionsPending", "TopicArn",
    # of subscriptions; what was replayed is over
    "ConfirmationWasAuthenticated", "Endpoint", "PendingConfirmation", "Protocol", "ReplayPolicy",
    "ReplayStatus", "SubscriptionArn", "SubscriptionPrincipal",
))  # fmt: skip


def settable(shown: Mapping[str, str], assumed: Mapping[str, object]) -> dict[str, Any]:
    """Return, of what SNS shows of a topic or a subscription, what it takes."""
    chosen = {
        name: readable(name, value, name)
        for name, value in shown.items()
        if name not in _SHOWN_ONLY
    }
    if _is_assumed(chosen.get("Policy")):
        del chosen["Policy"]
    return without_assumed(chosen, assumed)


def differing(given: Mapping[str, Any], assumed: Mapping[str, object]) -> dict[str, Any]:
    """Return settings without those that say nothing, their input and times to be read."""
    found = {name: value for name, value in given.items() if assumed.get(name) != value}
    if INPUT in found:
        found[INPUT] = opened(found[INPUT])
    return found | {name: _moment(found[name]) for name in TIMES if name in found}


def said(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as AWS takes them: an input is text."""
    value = settings.get(INPUT)
    is_text = value is None or isinstance(value, str)
    return dict(settings) if is_text else {**settings, INPUT: _text(value)}


def opened(text: object) -> Any:
    """Return the object or list that a text is, if it would be written like that again."""
    if not isinstance(text, str):
        return text
    try:
        value = json.loads(text)
        return value if isinstance(value, dict | list) and _text(value) == text else text
    except (ValueError, RecursionError):
        return text


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _moment(value: Any) -> Any:
    if not isinstance(value, int):
        return value
    moment = datetime.fromtimestamp(value / 1000, UTC)
    return moment.isoformat(timespec="milliseconds" if value % 1000 else "seconds")


def _is_assumed(policy: Any) -> bool:
    """Tell whether a topic's policy is the one that AWS shows where none was given."""
    if not isinstance(policy, Mapping) or policy.get("Id") != _DEFAULT_POLICY:
        return False
    statements = policy.get("Statement")
    return isinstance(statements, list) and len(statements) == 1
