"""E-mails, short messages and pushes: they end in the inbox of the sandbox."""

from typing import Final

from messaging.kernel.context import Context
from messaging.kernel.errors import AwsError
from messaging.kernel.packets import Packet
from messaging.sns import moving
from messaging.sns.bodies import Wrapping, unsubscribe_url
from messaging.sns.domain import envelope
from messaging.sns.domain.names import read_arn
from messaging.sns.errors import EndpointDisabled, NotFound, OptedOut, PlatformApplicationDisabled
from messaging.sns.store import people
from messaging.sns.store.subscriptions import SubscriptionRecord

SUBJECT: Final = "AWS Notification Message"
_FOOTER: Final = (
    "\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the"
    " link below to unsubscribe:\n{url}\n\nPlease do not reply directly to this email. If you have"
    " any questions or comments regarding this email, please contact us at"
    " https://aws.amazon.com/support"
)


def deliver(
    ctx: Context, to: SubscriptionRecord, wrapping: Wrapping, *, note: str, cause: int
) -> None:
    """Put a message into the inbox, and say what became of it as for any other endpoint."""
    text = _text(ctx, to, wrapping)
    packet = Packet(
        to.endpoint, text, cause, via=to.topic_arn, origin=to.arn, first_at=ctx.now, note=note
    )
    try:
        _check(ctx, to)
    except AwsError as error:
        moving.settle(ctx, packet, error)
        return
    subject = ""
    if to.protocol in ("email", "email-json"):
        subject = wrapping.publication.subject or SUBJECT
    moving.put_into_inbox(
        ctx, to.protocol, to.endpoint, source=to.topic_arn, subject=subject, body=text, note=note,
        cause=cause,
    )  # fmt: skip
    moving.settle(ctx, packet, None)


def check_device(ctx: Context, arn: str) -> dict[str, str]:
    """Return a device; raises NotFound or EndpointDisabled."""
    device = people.device(ctx, arn)
    if device is None:
        raise NotFound.of("Endpoint")
    if device["App"].get("Enabled", "true").lower() == "false":
        raise PlatformApplicationDisabled
    if device.get("Enabled", "true").lower() == "false":
        raise EndpointDisabled
    return device


def check_phone(ctx: Context, number: str, *, account: str, region: str) -> None:
    """Check that a phone wants messages; raises OptedOut."""
    if number in people.opted_out(ctx, account, region):
        raise OptedOut


def _check(ctx: Context, to: SubscriptionRecord) -> None:
    if to.protocol == "application":
        check_device(ctx, to.endpoint)
    elif to.protocol == "sms":
        place = read_arn(to.topic_arn, "TopicArn")
        check_phone(ctx, to.endpoint, account=place.account, region=place.region)


def _text(ctx: Context, to: SubscriptionRecord, wrapping: Wrapping) -> str:
    publication = wrapping.publication
    text = publication.text_for(to.protocol)
    if to.protocol == "email-json":
        return envelope.rendered(wrapping.notification(to))
    if to.protocol == "email":
        return text + _FOOTER.format(url=unsubscribe_url(ctx, to.arn, to.account))
    if to.protocol == "application":
        device = people.device(ctx, to.endpoint)
        return publication.texts.get(device["Platform"], text) if device else text
    name = wrapping.topic.attributes.get("DisplayName")
    return f"{name}> {text}" if name else text
