"""What SNS wraps around a message, and what of it is signed (N4, N5). Pure.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import orjson

NOTIFICATION: Final = "Notification"
CONFIRMATION: Final = "SubscriptionConfirmation"
FAREWELL: Final = "UnsubscribeConfirmation"
_SIGNED: Final = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip


class Signature(NamedTuple):
    """A signature with what it takes to check it."""

    version: str
    value: str
    certificate_url: str


def timestamp(at: int) -> str:
    """Return a moment (milliseconds since 1970) as envelopes have it."""
    return f"{datetime.fromtimestamp(at // 1000, UTC).isoformat()[:19]}.{at % 1000:03d}Z"


def text_to_sign(fields: Mapping[str, str]) -> str:
    """Return the names and values that a signature covers, each on a line."""
    names = _SIGNED.get(fields["Type"], _SIGNED[CONFIRMATION])
    return "".join(f"{name}\n{fields[name]}\n" for name in names if name in fields)


def notification(
    *,
    message_id: str,
    topic_arn: str,
    text: str,
    at: int,
    subject: str | None,
    sequence: str | None,
) -> dict[str, str]:
    """Return the fields of a notification, in their order, up to the signature."""
    fields = {"Type": NOTIFICATION, "MessageId": message_id}
    if sequence is not None:
        fields["SequenceNumber"] = sequence
    fields["TopicArn"] = topic_arn
    if subject is not None:
        fields["Subject"] = subject
    return {**fields, "Message": text, "Timestamp": timestamp(at)}


def request_to_confirm(
    kind: str, *, message_id: str, topic_arn: str, arn: str, token: str, url: str, at: int
) -> dict[str, str]:
    """Return the fields of a request to confirm a subscription, or to take its end back."""
    text = (
        f"You have chosen to subscribe to the topic {topic_arn}.\nTo confirm the subscription,"
        " visit the SubscribeURL included in this message."
    )
    if kind == FAREWELL:
        text = (
            f"You have chosen to deactivate subscription {arn}.\nTo cancel this operation and"
            " restore the subscription, visit the SubscribeURL included in this message."
        )
    return {
        "Type": kind,
        "MessageId": message_id,
        "Token": token,
        "TopicArn": topic_arn,
        "Message": text,
        "SubscribeURL": url,
        "Timestamp": timestamp(at),
    }


def signed(fields: Mapping[str, str], signature: Signature | None) -> dict[str, Any]:
    """Return the fields with their signature; FIFO topics have none."""
    if signature is None:
        return dict(fields)
    return {
        **fields,
        "SignatureVersion": signature.version,
        "Signature": signature.value,
        "SigningCertURL": signature.certificate_url,
    }


def attributes_shown(
    attributes: Mapping[str, Mapping[str, Any]] | None,
) -> dict[str, dict[str, str]]:
    """Return message attributes as an envelope has them."""
    return {
        name: {"Type": attribute["DataType"], "Value": _value(attribute)}
        for name, attribute in (attributes or {}).items()
    }


def rendered(fields: Mapping[str, Any]) -> str:
    """Return an envelope as text, laid out as AWS does."""
    lines = [f'  "{name}" : {_written(value)}' for name, value in fields.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def as_lambda_event(fields: Mapping[str, Any], subscription_arn: str) -> dict[str, Any]:
    """Return what a function is invoked with."""
    renamed = {"SigningCertURL": "SigningCertUrl", "UnsubscribeURL": "UnsubscribeUrl"}
    told = {renamed.get(name, name): value for name, value in fields.items()}
    record = {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription_arn,
        "Sns": {"Subject": None, "MessageAttributes": {}, **told},
    }
    return {"Records": [record]}


def _written(value: Any) -> str:
    if not isinstance(value, Mapping):
        return _text(value)
    entries = [
        f'    "{name}" : {{"Type":{_text(each["Type"])},"Value":{_text(each["Value"])}}}'
        for name, each in value.items()
    ]
    return "{\n" + ",\n".join(entries) + "\n  }"


def _value(attribute: Mapping[str, Any]) -> str:
    binary = attribute.get("BinaryValue")
    if binary is None:
        return str(attribute["StringValue"])
    return b64encode(binary).decode() if isinstance(binary, bytes) else str(binary)


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()
