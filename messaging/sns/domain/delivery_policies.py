"""Delivery policies of topics and subscriptions: ranges, defaults, which one holds (N7). Pure.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from messaging.sns.domain.retries import BACKOFFS, policy_of, total_ms
from messaging.sns.errors import InvalidParameter
from messaging.sns.limits import (
    HTTP_DELAY_S_DEFAULT,
    HTTP_DELAY_S_MAX,
    HTTP_RETRIES_DEFAULT,
    HTTP_RETRIES_MAX,
    HTTP_TOTAL_S_MAX,
)

_KNOWN: Final = frozenset({
    "minDelayTarget", "maxDelayTarget", "numRetries", "numNoDelayRetries", "numMinDelayRetries",
    "numMaxDelayRetries", "backoffFunction",
})  # fmt: skip
_DEFAULTS: Final[dict[str, Any]] = {
    "minDelayTarget": HTTP_DELAY_S_DEFAULT,
    "maxDelayTarget": HTTP_DELAY_S_DEFAULT,
    "numRetries": HTTP_RETRIES_DEFAULT,
    "numMaxDelayRetries": 0,
    "numNoDelayRetries": 0,
    "numMinDelayRetries": 0,
    "backoffFunction": "linear",
}
CONTENT_TYPE: Final = "text/plain; charset=UTF-8"


def parse_topic_policy(text: str) -> dict[str, Any] | None:
    """Return a DeliveryPolicy, None where the text takes it back; raises InvalidParameter."""
    if not text:
        return None
    document = _object(text)
    http = document.get("http")
    if not isinstance(http, dict):
        if http is None:
            return None
        raise InvalidParameter.of("DeliveryPolicy: http must be a JSON object")
    kept: dict[str, Any] = {"disableSubscriptionOverrides": False}
    for name, value in http.items():
        if value is None:
            continue
        if name == "defaultHealthyRetryPolicy":
            check_retries(value, name)
        elif name == "defaultThrottlePolicy":
            _check_throttle(value, name)
        elif name not in ("disableSubscriptionOverrides", "defaultRequestPolicy"):
            raise InvalidParameter.of(f"DeliveryPolicy: {name} is not a known property")
        kept[name] = value
    return {"http": kept}


def parse_subscription_policy(text: str) -> dict[str, Any] | None:
    """Return a subscription's DeliveryPolicy, None where the text takes it back."""
    if not text:
        return None
    document = _object(text)
    for name, value in document.items():
        if value is None:
            continue
        if name == "healthyRetryPolicy":
            check_retries(value, name)
        elif name == "throttlePolicy":
            _check_throttle(value, name)
        elif name not in ("guaranteed", "requestPolicy", "sicklyRetryPolicy"):
            raise InvalidParameter.of(f"DeliveryPolicy: {name} is not a known property")
    retry = document.get("healthyRetryPolicy")
    return {
        "healthyRetryPolicy": {**_DEFAULTS, **retry} if retry else None,
        "sicklyRetryPolicy": None,
        "throttlePolicy": document.get("throttlePolicy"),
        "requestPolicy": document.get("requestPolicy"),
        "guaranteed": False,
    }


def check_retries(policy: Any, where: str) -> None:
    """Check a retry policy's ranges; raises InvalidParameter."""
    if not isinstance(policy, dict):
        raise InvalidParameter.of(f"DeliveryPolicy: {where} must be a JSON object")
    for name, value in policy.items():
        _check_entry(name, value, where)
    whole = {**_DEFAULTS, **policy}
    if "maxDelayTarget" not in policy:
        whole["maxDelayTarget"] = max(whole["maxDelayTarget"], whole["minDelayTarget"])
    made = policy_of(whole)
    checks = (
        (1 <= whole["minDelayTarget"] <= whole["maxDelayTarget"], "minDelayTarget",
         "must be between 1 and maxDelayTarget"),
        (whole["maxDelayTarget"] <= HTTP_DELAY_S_MAX, "maxDelayTarget",
         f"must be at most {HTTP_DELAY_S_MAX}"),
        (whole["numRetries"] <= HTTP_RETRIES_MAX, "numRetries",
         f"must be between 0 and {HTTP_RETRIES_MAX}"),
        (made.backoffs >= 0, "numRetries", "must be at least the sum of the other retries"),
    )  # fmt: skip
    for holds, name, reason in checks:
        if not holds:
            raise _out_of_range(where, name, reason)
    if total_ms(made) > HTTP_TOTAL_S_MAX * 1000:
        raise _out_of_range(where, "numRetries", f"must take at most {HTTP_TOTAL_S_MAX} seconds")


def effective_topic(policy: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a topic's policy with every default."""
    http = (policy or {}).get("http", {})
    request = http.get("defaultRequestPolicy") or {"headerContentType": CONTENT_TYPE}
    found = {
        "defaultHealthyRetryPolicy": {**_DEFAULTS, **http.get("defaultHealthyRetryPolicy", {})},
        "disableSubscriptionOverrides": http.get("disableSubscriptionOverrides", False),
        "defaultRequestPolicy": request,
    }
    if "defaultThrottlePolicy" in http:
        found["defaultThrottlePolicy"] = http["defaultThrottlePolicy"]
    return {"http": found}


def effective(own: Mapping[str, Any] | None, topic: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what holds for an HTTP subscription: its own policy, else its topic's, else AWS's."""
    http = effective_topic(topic)["http"]
    mine = {} if own is None or http["disableSubscriptionOverrides"] else own
    return {
        "healthyRetryPolicy": mine.get("healthyRetryPolicy") or http["defaultHealthyRetryPolicy"],
        "sicklyRetryPolicy": None,
        "throttlePolicy": mine.get("throttlePolicy") or http.get("defaultThrottlePolicy"),
        "requestPolicy": mine.get("requestPolicy") or http["defaultRequestPolicy"],
        "guaranteed": False,
    }


def _check_entry(name: str, value: Any, where: str) -> None:
    if name not in _KNOWN:
        raise InvalidParameter.of(f"DeliveryPolicy: {where}.{name} is not a known property")
    if name == "backoffFunction":
        if value not in BACKOFFS:
            raise _out_of_range(where, name, f"must be one of {', '.join(BACKOFFS)}")
    elif not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _out_of_range(where, name, "must be a non-negative integer")


def _object(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidParameter.of("DeliveryPolicy: failed to parse JSON") from None
    if not isinstance(document, dict):
        raise InvalidParameter.of("DeliveryPolicy: must be a JSON object")
    return document


def _check_throttle(value: Any, where: str) -> None:
    most = value.get("maxReceivesPerSecond", 1) if isinstance(value, dict) else None
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        raise _out_of_range(where, "maxReceivesPerSecond", "must be at least 1")


def _out_of_range(where: str, name: str, reason: str) -> InvalidParameter:
    return InvalidParameter.of(f"DeliveryPolicy: {where}.{name} {reason}")
