"""Filter policies: their limits, in AWS's words, and what they look at (N10–N12). Pure.

https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from messaging.patterns.clauses import is_number
from messaging.patterns.dialects import TOPIC
from messaging.patterns.nodes import Malformed, read
from messaging.patterns.parsing import OR, RESERVED, InvalidPattern, parse
from messaging.patterns.tree import Pattern
from messaging.sns.errors import InvalidParameter
from messaging.sns.limits import (
    FILTER_BYTES_MAX,
    FILTER_COMBINATIONS_MAX,
    FILTER_KEYS_MAX,
    FILTER_NUMBER_MAX,
)

BY_ATTRIBUTES: Final = "MessageAttributes"
BY_BODY: Final = "MessageBody"
SCOPES: Final = (BY_BODY, BY_ATTRIBUTES)
Event = Mapping[str, Any]


@lru_cache(maxsize=20_000)
def compile_policy(text: str) -> Pattern:
    """Return a policy that has been checked, ready to match."""
    return parse(text, TOPIC)


def check_policy(text: str, scope: str, *, prefix: str = "") -> None:
    """Check a FilterPolicy; raises InvalidParameter. ``prefix`` is Subscribe's."""
    if len(text.encode()) > FILTER_BYTES_MAX:
        raise InvalidParameter.of(f"{prefix}FilterPolicy: Filter policy is too large")
    try:
        policy = read(text).plain()
    except Malformed:
        raise InvalidParameter.of(f"{prefix}FilterPolicy: {complaint(text)}") from None
    if isinstance(policy, dict) and scope == BY_ATTRIBUTES and _is_nested(policy):
        raise InvalidParameter.of(
            f"{prefix}Filter policy scope {BY_ATTRIBUTES} does not support nested filter policy"
        )
    if isinstance(policy, dict) and not policy:
        return
    try:
        parse(text, TOPIC)
    except InvalidPattern as error:
        raise InvalidParameter.of(f"{prefix}FilterPolicy: {error.told}") from None
    _check_limits(policy, prefix)


def attributes_event(attributes: Mapping[str, Mapping[str, Any]] | None) -> Event:
    """Return what a policy on attributes looks at: texts, numbers and arrays of them (N11)."""
    event: dict[str, Any] = {}
    for name, attribute in (attributes or {}).items():
        kind, text = attribute["DataType"], attribute.get("StringValue")
        if text is None:
            continue
        if kind == "String.Array":
            value = _parsed(text)
            if not isinstance(value, dict):
                event[name] = value
        elif kind.startswith("Number"):
            event[name] = _number(text)
        else:
            event[name] = text
    return event


def body_event(message: str) -> Event | None:
    """Return what a policy on the body looks at; None where the body is no JSON object."""
    try:
        value = json.loads(message) if message.lstrip().startswith("{") else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def complaint(text: str) -> str:
    """Say where a text stops being JSON, nearly as AWS's parser does."""
    at = _broken_at(text)
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    where = f'at [Source: (String)"{text}"; line: 1, column: {at + 2}]'
    if at >= len(text):
        return f"failed to parse JSON. Unexpected end-of-input\n {where}"
    before = text[:at].rstrip()[-1:]
    wanted = "a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
    if before in ("{", ","):
        wanted = "double-quote to start field name"
    sign = text[at]
    return (
        f"failed to parse JSON. Unexpected character ('{sign}' (code {ord(sign)})): was expecting"
        f" {wanted}\n {where}"
    )


def _broken_at(text: str) -> int:
    try:
        read(text)
    except Malformed as error:
        return error.place
    return len(text)


def _check_limits(policy: Mapping[str, Any], prefix: str) -> None:
    if len(policy) > FILTER_KEYS_MAX:
        raise InvalidParameter.of(
            f"{prefix}FilterPolicy: Filter policy can not have more than {FILTER_KEYS_MAX} keys"
        )
    if combinations(policy) > FILTER_COMBINATIONS_MAX:
        raise InvalidParameter.of(f"{prefix}FilterPolicy: Filter policy is too complex")
    _check_numbers(policy, prefix)


def combinations(policy: Mapping[str, Any], depth: int = 1) -> int:
    """Return how many combinations a policy has: the product over its arrays, each times its depth.

    The alternatives of a ``$or`` add up.
    """
    product = 1
    for name, below in policy.items():
        if name == OR and _is_choice(below):
            product *= sum(combinations(each, depth) for each in below)
        elif isinstance(below, dict):
            product *= combinations(below, depth + 1)
        else:
            product *= len(below) * depth
    return product


def _check_numbers(value: Any, prefix: str) -> None:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            _check_numbers(each, prefix)
    elif is_number(value) and not abs(value) <= FILTER_NUMBER_MAX:
        raise InvalidParameter.of(
            f"{prefix}FilterPolicy: Value out of range: {value}, must be between"
            f" -{FILTER_NUMBER_MAX} and {FILTER_NUMBER_MAX}"
        )


def _is_nested(policy: Mapping[str, Any]) -> bool:
    for name, below in policy.items():
        if name == OR and _is_choice(below):
            if any(_is_nested(each) for each in below):
                return True
        elif isinstance(below, dict):
            return True
    return False


def _is_choice(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(each, dict) and each for each in value)
        and not any(name in RESERVED for each in value for name in each)
    )


def _parsed(text: str) -> Any:
    """Return what a text says, an empty object where it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {}


def _number(text: str) -> float | int | str:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text
