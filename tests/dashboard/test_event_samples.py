"""Events as AWS's services send them: chosen in the panel of the default bus, changed, sent."""

import json
from typing import Any

import pytest

from messaging.kernel.models import Event
from tests.dashboard.conftest import ACCOUNT, REGION, Desk, text_of

DEFAULT = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
SHOP = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/shop"
CREATED = "aws.s3 · Object Created"


def send(desk: Desk, **given: str) -> Any:
    asked = {"arn": DEFAULT, "Sample": CREATED, "Resources": "[]", "Detail": "{}"}
    return desk.post("aws/events/samples/", **asked | given)


def put_rule(desk: Desk, name: str, pattern: Any) -> None:
    desk.post("aws/events/op/PutRule/", Name=name, EventPattern=json.dumps(pattern))


@pytest.fixture
def rules(desk: Desk) -> None:
    put_rule(desk, "uploads", {"source": ["aws.s3"], "detail": {"object": {"size": [7]}}})
    put_rule(desk, "machines", {"source": ["aws.ec2"]})


def test_only_the_default_bus_offers_samples(desk: Desk, rules: None) -> None:
    desk.post("aws/events/new/CreateEventBus/", Name="shop")
    assert 'data-tab="samples"' in desk.panel(DEFAULT)
    assert 'data-tab="samples"' not in desk.panel(SHOP)
    assert desk.get("aws/events/samples/", arn=SHOP).status_code == 404
    assert desk.get("aws/events/samples/").status_code == 404


def test_a_sample_is_chosen(desk: Desk) -> None:
    told = text_of(desk.get("aws/events/samples/", arn=DEFAULT))
    assert '"name": "amzn-s3-demo-bucket"' in told
    other = desk.get("aws/events/samples/", arn=DEFAULT, Sample="aws.ecr · ECR Image Action")
    assert '"action-type": "PUSH"' in text_of(other)


def test_a_sent_sample_is_matched_and_tells_its_sender(desk: Desk, rules: None) -> None:
    page = send(desk, Detail='{"object": {"size": 7}}', Resources='["arn:aws:s3:::mine"]')
    assert page.status_code == 200
    told = text_of(page)
    assert "Sent as s3.amazonaws.com." in told
    assert "Rules that matched: uploads" in told
    (came,) = desk.events("events.Received")
    assert (came["by"], came["source"], came["type"]) == (
        "s3.amazonaws.com", "aws.s3", "Object Created",
    )  # fmt: skip
    assert came["id"] in told
    assert '"arn:aws:s3:::mine"' in told
    matched = Event.objects.of_sandbox(desk.sandbox.pk).get(kind="events.Matched")
    assert matched.arn.endswith("rule/uploads")


def test_what_nobody_matches_is_said_so(desk: Desk) -> None:
    assert "No rule matched it." in text_of(send(desk))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"Detail": "{"}, "Line 1, column 2"),
        ({"Detail": "[]"}, "an object in braces"),
        ({"Detail": ""}, "an object in braces"),
        ({"Detail": '{"n": NaN}'}, "Detail is malformed."),
        ({"Resources": "{}"}, "Resources are a list of texts."),
        ({"Resources": "[1]"}, "Resources are a list of texts."),
        ({"Sample": "aws.nothing · Nothing"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_stands_in_the_form(desk: Desk, given: dict[str, str], says: str) -> None:
    page = send(desk, **given)
    assert page.status_code == 422
    assert says in text_of(page)
    assert desk.events("events.Received") == []


def test_a_check_says_it_while_somebody_types(desk: Desk) -> None:
    asked = {"arn": DEFAULT, "Sample": CREATED, "Detail": "{", "slots": "SampleForm-Detail_error"}
    told = text_of(desk.post("aws/events/samples/check/", **asked))
    assert told.startswith("Line 1, column 2")
    assert desk.events("events.Received") == []


def test_put_events_still_refuses_the_source(desk: Desk) -> None:
    entry = {"Source": "aws.s3", "DetailType": "Object Created", "Detail": "{}"}
    page = desk.post("aws/events/op/PutEvents/", Entries=json.dumps([entry]))
    assert "NotAuthorizedForSourceException" in text_of(page)


def test_a_pattern_is_tried_against_samples(desk: Desk) -> None:
    pattern = '{"source": ["aws.ecs"], "detail": {"lastStatus": ["STOPPED"]}}'
    asked = {"service": "events", "against": "samples", "text": pattern}
    told = text_of(desk.post("matcher/check/", **asked))
    assert "1 match" in told
    assert "aws.ecs · ECS Task State Change" in told
    page = desk.get("matcher/", service="events", against="samples").content.decode()
    assert '<option value="samples" selected>' in page
