"""What each protocol's endpoint gets of one message: packets, each wrapped as it needs it."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from messaging.kernel.access import visitor_mark
from messaging.kernel.context import Context
from messaging.sns import signing
from messaging.sns.domain import envelope
from messaging.sns.domain.messages import Publication
from messaging.sns.store.subscriptions import SubscriptionRecord
from messaging.sns.store.topics import TopicRecord

AGENT: Final = "Amazon Simple Notification Service Agent"
_RENAMED: Final = {"SigningCertUrl": "SigningCertURL", "UnsubscribeUrl": "UnsubscribeURL"}


@dataclass
class Wrapping:
    """One published message, and what has been made of it so far: a signature costs time."""

    ctx: Context
    topic: TopicRecord
    publication: Publication
    message_id: str
    sequence: str | None
    at: int
    is_replayed: bool = False
    _signed: dict[str, dict[str, Any]] = field(default_factory=dict)

    def packet_body(self, to: SubscriptionRecord) -> str:
        """Return what the packet to a subscription's endpoint holds."""
        make = {"sqs": self._sqs, "lambda": self._function, "firehose": self._stream}
        return make.get(to.protocol, self._web)(to)

    def notification(self, to: SubscriptionRecord) -> dict[str, Any]:
        """Return the fields of the envelope for a subscription."""
        text = self.publication.text_for(to.protocol)
        fields = self._signed.get(text)
        if fields is None:
            fields = self._signed[text] = self._sign(text)
        found = {**fields, "UnsubscribeURL": unsubscribe_url(self.ctx, to.arn, to.account)}
        if self.is_replayed:
            found["Replayed"] = "true"
        if self.publication.attributes:
            found["MessageAttributes"] = envelope.attributes_shown(self.publication.attributes)
        return found

    def _sign(self, text: str) -> dict[str, Any]:
        fields = envelope.notification(
            message_id=self.message_id,
            topic_arn=self.topic.arn,
            text=text,
            at=self.at,
            subject=self.publication.subject,
            sequence=self.sequence,
        )
        return signed(self.ctx, self.topic, fields)

    def _sqs(self, to: SubscriptionRecord) -> str:
        text = self.publication.text_for(to.protocol)
        params: dict[str, Any] = {
            "MessageBody": text if to.raw else envelope.rendered(self.notification(to))
        }
        if to.raw and self.publication.attributes:
            params["MessageAttributes"] = _plain(self.publication.attributes)
        if self.publication.group is not None and to.fifo is self.topic.fifo:
            params["MessageGroupId"] = self.publication.group
            if to.fifo:
                params["MessageDeduplicationId"] = self.publication.dedup
        return orjson.dumps(params).decode()

    def _function(self, to: SubscriptionRecord) -> str:
        event = envelope.as_lambda_event(self.notification(to), to.arn)
        payload = orjson.dumps(event).decode()
        return orjson.dumps(
            {"FunctionName": to.endpoint, "InvocationType": "Event", "Payload": payload}
        ).decode()

    def _stream(self, to: SubscriptionRecord) -> str:
        text = self.publication.text_for(to.protocol)
        line = text if to.raw else orjson.dumps(self.notification(to)).decode()
        return orjson.dumps({
            "DeliveryStreamName": to.endpoint.rpartition("/")[2],
            "Record": {"Data": b64encode(f"{line}\n".encode()).decode()},
        }).decode()  # fmt: skip

    def _web(self, to: SubscriptionRecord) -> str:
        assert to.delivery is not None
        text = self.publication.text_for(to.protocol)
        fields = self.notification(to) if not to.raw else {"MessageId": self.message_id}
        headers = web_headers(
            envelope.NOTIFICATION, fields["MessageId"], self.topic.arn, to.arn, raw=to.raw
        )
        headers["content-type"] = to.delivery["requestPolicy"]["headerContentType"]
        body = text if to.raw else envelope.rendered(fields)
        return orjson.dumps({"headers": headers, "body": body}).decode()


def signed(ctx: Context, topic: TopicRecord, fields: dict[str, str]) -> dict[str, Any]:
    """Sign the fields of an envelope; those of a FIFO topic are not."""
    if topic.fifo:
        return dict(fields)
    text, version = envelope.text_to_sign(fields), topic.settings.signature
    signature = signing.signer_of(ctx).sign(text, version, ctx.caller.host)
    return envelope.signed(fields, signature)


def web_headers(
    kind: str, message_id: str, topic_arn: str, arn: str, *, raw: bool = False
) -> dict[str, str]:
    """Return the headers of a POST to an HTTP endpoint."""
    headers = {
        "user-agent": AGENT,
        "content-type": "text/plain; charset=UTF-8",
        "x-amz-sns-message-type": kind,
        "x-amz-sns-message-id": message_id,
        "x-amz-sns-topic-arn": topic_arn,
    }
    if kind == envelope.NOTIFICATION:
        headers["x-amz-sns-subscription-arn"] = arn
    if raw:
        headers["x-amz-sns-rawdelivery"] = "true"
    return headers


def unsubscribe_url(ctx: Context, arn: str, account: str) -> str:
    return _link(ctx, account, f"Action=Unsubscribe&SubscriptionArn={arn}")


def confirm_url(ctx: Context, topic_arn: str, token: str, account: str) -> str:
    return _link(ctx, account, f"Action=ConfirmSubscription&TopicArn={topic_arn}&Token={token}")


def dead_letter(protocol: str, body: str) -> str:
    """Return a packet's body as a message for the dead-letter queue."""
    if protocol == "sqs":
        return body
    packed: Mapping[str, Any] = orjson.loads(body)
    if protocol == "firehose":
        text = b64decode(packed["Record"]["Data"]).decode().rstrip("\n")
    elif protocol == "lambda":
        sns = orjson.loads(packed["Payload"])["Records"][0]["Sns"]
        kept = {_RENAMED.get(name, name): value for name, value in sns.items() if value}
        text = envelope.rendered(kept)
    else:
        text = packed["body"]
    return orjson.dumps({"MessageBody": text}).decode()


def _link(ctx: Context, account: str, query: str) -> str:
    """Return an address that anybody may follow: it says which sandbox it is about."""
    mark = visitor_mark(ctx.sandbox, account)
    return f"{ctx.caller.host}/?{query}&Version=2010-03-31&Sandbox={mark}"


def _plain(attributes: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return message attributes as JSON has them: binary values as base64."""
    return {
        name: {
            key: b64encode(value).decode() if isinstance(value, bytes) else value
            for key, value in attribute.items()
        }
        for name, attribute in attributes.items()
    }
