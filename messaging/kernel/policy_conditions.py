"""Condition operators of IAM policies. Pure.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import base64
import binascii
import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from messaging.kernel.policy_patterns import Request, Truth, match_tokens

Test = Callable[[Request, str, str], Truth]
"""(request, policy's value, request's value) → does it match?"""


class Operator(NamedTuple):
    """A condition operator taken apart: set prefix, comparison, negation, IfExists."""

    quantifier: str
    test: Test
    negated: bool
    if_exists: bool


def check_condition(condition: Mapping[str, Mapping[str, Any]], request: Request) -> Truth:
    """Return whether a statement's Condition block holds: every operator and every key must."""
    result = Truth.YES
    for name, keys in condition.items():
        for key, raw in keys.items():
            truth = _check_key(name, key, as_texts(raw), request)
            if truth is Truth.NO:
                return Truth.NO
            if truth is Truth.UNKNOWN:
                result = Truth.UNKNOWN
    return result


def as_texts(raw: Any) -> list[str]:
    """Return a condition's values as texts: JSON booleans and numbers are written as IAM does."""
    items = raw if isinstance(raw, list) else [raw]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in items]


def is_operator(name: str) -> bool:
    """Tell whether IAM has a condition operator of that name."""
    return name in ("Null", "NullIfExists") or _parse_operator(name) is not None


def _check_key(name: str, key: str, wanted: Sequence[str], request: Request) -> Truth:
    if not request.knows(key):
        return Truth.UNKNOWN
    values = request.values(key)
    if name.startswith("Null"):
        return Truth.of(any((value.lower() == "true") == (values is None) for value in wanted))
    operator = _parse_operator(name)
    if operator is None:
        return Truth.UNKNOWN
    if not values:
        return _check_missing(operator)
    each = [_matches_any(operator, wanted, value, request) for value in values]
    if operator.negated:
        each = [truth.negate() for truth in each]
    wants_all = operator.quantifier == "ForAllValues" or (
        operator.negated and not operator.quantifier
    )
    return _all_of(each) if wants_all else _any_of(each)


def _check_missing(operator: Operator) -> Truth:
    if operator.quantifier == "ForAnyValue":
        return Truth.of(operator.if_exists)
    return Truth.of(operator.if_exists or operator.negated or operator.quantifier == "ForAllValues")


def _matches_any(operator: Operator, wanted: Iterable[str], value: str, request: Request) -> Truth:
    return _any_of(operator.test(request, want, value) for want in wanted)


def _any_of(truths: Iterable[Truth]) -> Truth:
    return max(truths, key=lambda truth: truth.value, default=Truth.NO)


def _all_of(truths: Iterable[Truth]) -> Truth:
    return min(truths, key=lambda truth: truth.value, default=Truth.YES)


def _parse_operator(name: str) -> Operator | None:
    quantifier, colon, rest = name.partition(":")
    if not colon:
        quantifier, rest = "", name
    elif quantifier not in ("ForAllValues", "ForAnyValue"):
        return None
    base = rest.removesuffix("IfExists")
    found = _OPERATORS.get(base)
    return Operator(quantifier, *found, base != rest) if found else None


def _string(request: Request, want: str, value: str) -> Truth:
    text = request.text(want)
    return text if isinstance(text, Truth) else Truth.of(text == value)


def _string_any_case(request: Request, want: str, value: str) -> Truth:
    text = request.text(want)
    return text if isinstance(text, Truth) else Truth.of(text.casefold() == value.casefold())


def _string_like(request: Request, want: str, value: str) -> Truth:
    tokens = request.tokens(want)
    return tokens if isinstance(tokens, Truth) else Truth.of(match_tokens(tokens, value))


def _arn_like(request: Request, want: str, value: str) -> Truth:
    wants, values = want.split(":", 5), value.split(":", 5)
    if len(wants) != len(values):
        return Truth.of(want == "*")
    return _all_of(_string_like(request, w, v) for w, v in zip(wants, values, strict=True))


def _boolean(request: Request, want: str, value: str) -> Truth:
    return _string_any_case(request, want, value)


def _binary(_: Request, want: str, value: str) -> Truth:
    try:
        same = base64.b64decode(want, validate=True) == base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return Truth.NO
    return Truth.of(same)


def _address(_: Request, want: str, value: str) -> Truth:
    try:
        inside = ipaddress.ip_address(value) in ipaddress.ip_network(want, strict=False)
    except ValueError:
        return Truth.NO
    return Truth.of(inside)


def _number(compare: Callable[[Decimal, Decimal], bool]) -> Test:
    def test(_: Request, want: str, value: str) -> Truth:
        try:
            return Truth.of(compare(Decimal(value), Decimal(want)))
        except InvalidOperation:
            return Truth.NO

    return test


def _date(compare: Callable[[float, float], bool]) -> Test:
    def test(_: Request, want: str, value: str) -> Truth:
        try:
            return Truth.of(compare(_seconds(value), _seconds(want)))
        except (ValueError, OverflowError):
            return Truth.NO

    return test


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


_OPERATORS: dict[str, tuple[Test, bool]] = {
    "ArnEquals": (_arn_like, False),
    "ArnLike": (_arn_like, False),
    "ArnNotEquals": (_arn_like, True),
    "ArnNotLike": (_arn_like, True),
    "BinaryEquals": (_binary, False),
    "Bool": (_boolean, False),
    "DateEquals": (_date(lambda a, b: a == b), False),
    "DateGreaterThan": (_date(lambda a, b: a > b), False),
    "DateGreaterThanEquals": (_date(lambda a, b: a >= b), False),
    "DateLessThan": (_date(lambda a, b: a < b), False),
    "DateLessThanEquals": (_date(lambda a, b: a <= b), False),
    "DateNotEquals": (_date(lambda a, b: a == b), True),
    "IpAddress": (_address, False),
    "NotIpAddress": (_address, True),
    "NumericEquals": (_number(lambda a, b: a == b), False),
    "NumericGreaterThan": (_number(lambda a, b: a > b), False),
    "NumericGreaterThanEquals": (_number(lambda a, b: a >= b), False),
    "NumericLessThan": (_number(lambda a, b: a < b), False),
    "NumericLessThanEquals": (_number(lambda a, b: a <= b), False),
    "NumericNotEquals": (_number(lambda a, b: a == b), True),
    "StringEquals": (_string, False),
    "StringEqualsIgnoreCase": (_string_any_case, False),
    "StringLike": (_string_like, False),
    "StringNotEquals": (_string, True),
    "StringNotEqualsIgnoreCase": (_string_any_case, True),
    "StringNotLike": (_string_like, True),
}
