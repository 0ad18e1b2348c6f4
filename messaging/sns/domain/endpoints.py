"""Protocols and what their endpoints look like (N1). Pure."""

import re
from typing import Final
from urllib.parse import urlsplit

from messaging.sns.errors import InvalidParameter

PROTOCOLS: Final = (
    "application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs",
)  # fmt: skip
WEB: Final = frozenset({"http", "https"})
# What ends in the sandbox's inbox.
PEOPLE: Final = frozenset({"application", "email", "email-json", "sms"})
INBOX_NODE: Final = "inbox:people"
RAW: Final = frozenset({"firehose", "http", "https", "sqs"})
# Who owns the endpoint need not confirm; nor do short messages.
_NO_CONSENT: Final = frozenset({"application", "firehose", "lambda", "sqs"})
_PHONE: Final = re.compile(r"\+[0-9]{1,15}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_ARN_OF: Final = {
    "application": re.compile(r"arn:aws[\w-]*:sns:[\w-]+:[0-9]{12}:endpoint/[^/]+/[^/]+/[^/]+"),
    "firehose": re.compile(r"arn:aws[\w-]*:firehose:[\w-]+:[0-9]{12}:deliverystream/[\w.-]+"),
    "lambda": re.compile(r"arn:aws[\w-]*:lambda:[\w-]+:[0-9]{12}:function:[\w:$-]+"),
    "sqs": re.compile(r"arn:aws[\w-]*:sqs:[\w-]+:[0-9]{12}:[\w-]+(\.fifo)?"),
}


def check_endpoint(protocol: str, endpoint: str, *, fifo_topic: bool) -> None:
    """Check a new subscription's endpoint; raises InvalidParameter."""
    if protocol not in PROTOCOLS:
        raise InvalidParameter.of(f"Amazon SNS does not support this protocol string: {protocol}")
    if protocol in _ARN_OF:
        _check_arn(protocol, endpoint)
    elif protocol == "sms":
        if not is_phone(endpoint):
            raise InvalidParameter(f"Invalid SMS endpoint: {endpoint}")
    elif protocol in WEB:
        _check_url(protocol, endpoint)
    elif not _EMAIL.fullmatch(endpoint):
        raise InvalidParameter.of("Email address")
    if fifo_topic and protocol != "sqs":
        raise InvalidParameter.of("Invalid parameter: Endpoint Reason: Please use FIFO SQS queue")
    if protocol == "sqs" and endpoint.endswith(".fifo") and not fifo_topic:
        raise InvalidParameter.of(
            "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard"
            " SNS topics"
        )


def is_phone(number: str) -> bool:
    """Tell whether a text is a phone number in E.164 form; spaces and hyphens do not matter."""
    return _PHONE.fullmatch(re.sub(r"[ .\-()]", "", number)) is not None


def needs_consent(protocol: str, endpoint: str, account: str) -> bool:
    """Tell whether the endpoint must confirm what ``account`` asks for."""
    if protocol == "sms":
        return False
    if protocol in _NO_CONSENT:
        return endpoint.split(":")[4] != account
    return True


def _check_arn(protocol: str, endpoint: str) -> None:
    if _ARN_OF[protocol].fullmatch(endpoint):
        return
    if protocol == "application":
        raise InvalidParameter.of(f"Application endpoint arn invalid:{endpoint}")
    name = {"sqs": "SQS", "lambda": "Lambda", "firehose": "Firehose"}[protocol]
    raise InvalidParameter.of(f"{name} endpoint ARN")


def _check_url(protocol: str, endpoint: str) -> None:
    try:
        parts = urlsplit(endpoint)
        is_good = parts.scheme == protocol and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or any(sign <= " " for sign in endpoint):
        raise InvalidParameter.of("Endpoint must match the specified protocol")
