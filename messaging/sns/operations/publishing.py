"""Publish to a topic, a phone or a device."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.kernel.ids import seeded_uuid
from messaging.kernel.service import hot
from messaging.sns import moving, people
from messaging.sns.addressing import topic_of
from messaging.sns.domain import messages
from messaging.sns.domain.endpoints import is_phone
from messaging.sns.domain.names import read_arn
from messaging.sns.errors import BatchRequestTooLong, InvalidParameter, NotFound
from messaging.sns.limits import MESSAGE_BYTES_DEFAULT
from messaging.sns.sending import publish as send
from messaging.sns.store.notes import Note

_DEVICE = "endpoint/"


@hot(rank=0)
def publish(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Send a message to whoever has subscribed to a topic, to one phone, or to one device (N2)."""
    phone, arn = req.get("PhoneNumber"), req.get("TopicArn") or req.get("TargetArn")
    if req.get("TopicArn") is not None:
        arn = req["TopicArn"]
    given = [name for name in ("TopicArn", "TargetArn", "PhoneNumber") if req.get(name)]
    if len(given) > 1:
        raise InvalidParameter.of(
            "TopicArn or TargetArn or PhoneNumber", reason="only one of them may be given"
        )
    if phone is not None and arn is None:
        return _to_phone(ctx, req, phone)
    if arn is None:
        raise InvalidParameter.of("TopicArn or TargetArn", reason="no value for required parameter")
    if req.get("TargetArn") and read_arn(arn, "TargetArn").resource.startswith(_DEVICE):
        return _to_device(ctx, req, arn)
    topic = topic_of(ctx, arn, "Publish")
    publication = messages.read_message(req, topic.settings)
    ctx.link(topic.arn, "send")
    return send(ctx, topic, publication).answer()


@hot(rank=0)
def publish_batch(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Send up to ten messages to a topic (N3); what is wrong with one refuses them all."""
    topic = topic_of(ctx, req["TopicArn"], "Publish")
    entries = req["PublishBatchRequestEntries"]
    messages.check_entries(entries)
    publications = [messages.read_message(entry, topic.settings) for entry in entries]
    if sum(each.size for each in publications) > topic.settings.max_bytes:
        raise BatchRequestTooLong
    ctx.link(topic.arn, "send")
    done = [
        {"Id": entry["Id"], **send(ctx, topic, publication).answer()}
        for entry, publication in zip(entries, publications, strict=True)
    ]
    return {"Successful": done, "Failed": []}


def _to_phone(ctx: Context, req: Mapping[str, Any], phone: str) -> dict[str, Any]:
    publication = messages.read_direct(req, max_bytes=MESSAGE_BYTES_DEFAULT)
    if not is_phone(phone):
        raise InvalidParameter.of("PhoneNumber", reason=f"{phone} is not valid to publish to")
    text = publication.text_for("sms")
    messages.check_sms(text)
    people.check_phone(ctx, phone, account=ctx.account, region=ctx.region)
    return _put(ctx, "sms", phone, text)


def _to_device(ctx: Context, req: Mapping[str, Any], arn: str) -> dict[str, Any]:
    publication = messages.read_direct(req, max_bytes=MESSAGE_BYTES_DEFAULT)
    try:
        device = people.check_device(ctx, arn)
    except NotFound:
        raise InvalidParameter.of(
            "TargetArn", reason="No endpoint found for the target arn specified"
        ) from None
    text = publication.texts.get(device["Platform"], publication.text_for("application"))
    return _put(ctx, "application", arn, text)


def _put(ctx: Context, protocol: str, address: str, text: str) -> dict[str, Any]:
    number = ctx.new_number()
    message_id = seeded_uuid(ctx.world.secret, number)
    seq = moving.published_directly(ctx, number, message_id, protocol, address)
    moving.put_into_inbox(
        ctx, protocol, address, source="", subject="", body=text, note=Note(number).text(),
        cause=seq,
    )  # fmt: skip
    return {"MessageId": message_id}
