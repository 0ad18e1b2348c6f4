"""E-mails, short messages and pushes: they end in the inbox of the sandbox. N1, N2."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from messaging.kernel.models import Sandbox
from messaging.sns.models import InboxItem, PhoneBook
from tests.fixtures.engine import ACCOUNT, REGION
from tests.fixtures.refusals import refused
from tests.services.sns.conftest import Queue, Topic

Events = Callable[..., list[Any]]
PHONE = "+4915112345678"


def inbox() -> list[tuple[str, str, str, str]]:
    """Return what lies in the inbox, oldest first: protocol, address, subject, body."""
    rows = InboxItem.objects.order_by("id")
    return [(row.protocol, row.address, row.subject, row.body) for row in rows]


def test_N1_an_e_mail_address_is_asked_first(topic: Topic, follow: Callable[[str], int]) -> None:
    topic.subscribe("me@example.com", "email")
    topic.publish("too early")
    [(protocol, address, subject, body)] = inbox()
    assert (protocol, address) == ("email", "me@example.com")
    assert subject == "AWS Notification - Subscription Confirmation"
    assert follow(body.rpartition("\n")[2]) == 200
    topic.publish("hello", Subject="News")
    _, _, subject, body = inbox()[-1]
    assert subject == "News"
    assert body.startswith("hello\n\n--\nIf you wish to stop receiving notifications")
    [link] = [line for line in body.splitlines() if "Action=Unsubscribe" in line]
    assert follow(link) == 200
    topic.publish("not any more")
    assert len(inbox()) == 2


def test_json_e_mails_are_envelopes(topic: Topic, api: Any) -> None:
    topic.subscribe("me@example.com", "email-json")
    token = json.loads(inbox()[0][3])["Token"]
    api.confirm_subscription(TopicArn=topic.arn, Token=token)
    topic.publish("hello")
    assert json.loads(inbox()[-1][3])["Message"] == "hello"


def test_N1_a_phone_needs_no_consent_and_sees_the_display_name(
    topic: Topic, events: Events
) -> None:
    topic.subscribe(PHONE, "sms")
    topic.publish("plain")
    topic.set(DisplayName="Shop")
    topic.publish(json.dumps({"default": "long", "sms": "short"}), MessageStructure="json")
    assert [item[3] for item in inbox()] == ["plain", "Shop> short"]
    assert [each["to"] for each in events("sns.Delivered")] == ["inbox:people"] * 2


def test_N2_a_phone_is_reached_directly(api: Any, events: Events) -> None:
    sent = api.publish(PhoneNumber=PHONE, Message="code 1234")
    assert inbox() == [("sms", PHONE, "", "code 1234")]
    [published] = events("sns.PublishedDirectly")
    assert published["id"] == sent["MessageId"]
    assert events("sns.InboxReceived")[0]["m"] == published["m"]
    for number in ("+1a234", "NAA+15551234567"):
        with refused(
            "InvalidParameter",
            f"Invalid parameter: PhoneNumber Reason: {number} is not valid to publish to",
        ):
            api.publish(PhoneNumber=number, Message="x")
    with refused("InvalidParameter"):
        api.publish(PhoneNumber=PHONE, Message="x" * 1601)


def test_numbers_of_the_sms_sandbox_are_verified_with_the_code_they_got(api: Any) -> None:
    api.create_sms_sandbox_phone_number(PhoneNumber=PHONE)
    listed = api.list_sms_sandbox_phone_numbers()["PhoneNumbers"]
    assert listed == [{"PhoneNumber": PHONE, "Status": "Pending"}]
    code = inbox()[0][3].split()[-1]
    with refused("VerificationException"):
        api.verify_sms_sandbox_phone_number(PhoneNumber=PHONE, OneTimePassword="00000")
    api.verify_sms_sandbox_phone_number(PhoneNumber=PHONE, OneTimePassword=code)
    assert api.list_sms_sandbox_phone_numbers()["PhoneNumbers"][0]["Status"] == "Verified"
    api.delete_sms_sandbox_phone_number(PhoneNumber=PHONE)
    with refused("ResourceNotFound"):
        api.delete_sms_sandbox_phone_number(PhoneNumber=PHONE)
    assert api.get_sms_sandbox_account_status()["IsInSandbox"] is False


def test_settings_of_short_messages(api: Any) -> None:
    api.set_sms_attributes(attributes={"DefaultSMSType": "Transactional"})
    api.set_sms_attributes(attributes={"DefaultSenderID": "Shop"})
    assert api.get_sms_attributes()["attributes"] == {
        "DefaultSMSType": "Transactional", "DefaultSenderID": "Shop",
    }  # fmt: skip
    asked = api.get_sms_attributes(attributes=["DefaultSenderID"])["attributes"]
    assert asked == {"DefaultSenderID": "Shop"}
    for wrong in ({"Unknown": "x"}, {"DefaultSMSType": "x"}, {"DefaultSenderID": "123"}):
        with refused("InvalidParameter"):
            api.set_sms_attributes(attributes=wrong)
    assert api.check_if_phone_number_is_opted_out(phoneNumber=PHONE)["isOptedOut"] is False
    assert api.list_phone_numbers_opted_out()["phoneNumbers"] == []
    assert api.opt_in_phone_number(phoneNumber=PHONE)
    assert api.list_origination_numbers()["PhoneNumbers"] == []


def test_a_phone_that_has_opted_out_gets_nothing(
    api: Any, topic: Topic, sandbox: Sandbox, events: Events
) -> None:
    topic.subscribe(PHONE, "sms")
    PhoneBook.objects.create(sandbox=sandbox.pk, account=ACCOUNT, region=REGION, opted_out=[PHONE])
    assert api.list_phone_numbers_opted_out()["phoneNumbers"] == [PHONE]
    with refused("OptedOut"):
        api.publish(PhoneNumber=PHONE, Message="x")
    topic.publish("x")
    assert inbox() == []
    assert events("sns.DeliveryFailed")[0]["code"] == "OptedOut"
    api.opt_in_phone_number(phoneNumber=PHONE)
    topic.publish("again")
    assert [item[3] for item in inbox()] == ["again"]


@pytest.fixture
def app(api: Any) -> str:
    return str(
        api.create_platform_application(
            Name="shop", Platform="GCM", Attributes={"PlatformCredential": "secret"}
        )["PlatformApplicationArn"]
    )


def test_apps_and_devices_are_made_found_changed_and_deleted(api: Any, app: str) -> None:
    assert app == f"arn:aws:sns:{REGION}:{ACCOUNT}:app/GCM/shop"
    assert api.get_platform_application_attributes(PlatformApplicationArn=app)["Attributes"] == {
        "Enabled": "true"
    }
    made = api.create_platform_endpoint(PlatformApplicationArn=app, Token="t1")["EndpointArn"]
    assert made.startswith(app.replace(":app/", ":endpoint/"))
    again = api.create_platform_endpoint(PlatformApplicationArn=app, Token="t1")["EndpointArn"]
    assert again == made
    with refused(
        "InvalidParameter",
        f"Invalid parameter: Token Reason: Endpoint {made} already exists with the same Token, but"
        " different attributes.",
    ):
        api.create_platform_endpoint(
            PlatformApplicationArn=app, Token="t1", CustomUserData="somebody"
        )
    api.set_endpoint_attributes(EndpointArn=made, Attributes={"Enabled": "false"})
    listed = api.list_endpoints_by_platform_application(PlatformApplicationArn=app)["Endpoints"]
    assert listed == [{"EndpointArn": made, "Attributes": {"Enabled": "false", "Token": "t1"}}]
    assert api.get_endpoint_attributes(EndpointArn=made)["Attributes"]["Token"] == "t1"
    api.delete_endpoint(EndpointArn=made)
    with refused("NotFound", "Endpoint does not exist", status=404):
        api.get_endpoint_attributes(EndpointArn=made)
    [shown] = api.list_platform_applications()["PlatformApplications"]
    assert "PlatformCredential" not in shown["Attributes"]
    api.set_platform_application_attributes(
        PlatformApplicationArn=app, Attributes={"SuccessFeedbackSampleRate": "10"}
    )
    api.delete_platform_application(PlatformApplicationArn=app)
    with refused("NotFound", "PlatformApplication does not exist"):
        api.create_platform_endpoint(PlatformApplicationArn=app, Token="t1")


def test_a_device_gets_what_its_platform_is_sent(api: Any, app: str, topic: Topic) -> None:
    device = api.create_platform_endpoint(PlatformApplicationArn=app, Token="t")["EndpointArn"]
    texts = json.dumps({"default": "for all", "GCM": '{"notification": {}}'})
    api.publish(TargetArn=device, Message=texts, MessageStructure="json")
    topic.subscribe(device, "application")
    topic.publish(texts, MessageStructure="json")
    topic.publish("plain")
    assert [item[3] for item in inbox()] == ['{"notification": {}}'] * 2 + ["plain"]


def test_a_device_that_is_off_gets_nothing(
    api: Any, app: str, topic: Topic, queue: Queue, events: Events
) -> None:
    device = api.create_platform_endpoint(PlatformApplicationArn=app, Token="t")["EndpointArn"]
    topic.subscribe(device, "application", RedrivePolicy={"deadLetterTargetArn": queue.arn})
    api.set_endpoint_attributes(EndpointArn=device, Attributes={"Enabled": "false"})
    with refused("EndpointDisabled", "Endpoint is disabled"):
        api.publish(TargetArn=device, Message="x")
    topic.publish("nobody home")
    assert inbox() == []
    assert events("sns.DeliveryFailed")[0]["code"] == "EndpointDisabled"
    assert queue.bodies() == ["nobody home"]
