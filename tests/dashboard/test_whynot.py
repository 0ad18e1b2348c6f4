"""Why a publication did not get to a node: the first hop that failed, and what stopped it."""

import json
from typing import Any

import pytest

from messaging.kernel import recent
from messaging.kernel.models import Event
from tests.dashboard.conftest import ACCOUNT, REGION, Desk, text_of

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:orders"


@pytest.fixture(autouse=True)
def nothing_came_by(desk: Desk) -> None:
    recent.forget(desk.sandbox.pk)


def call(desk: Desk, service: str, operation: str, **params: Any) -> None:
    given = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in params.items()
    }
    made = desk.post(f"aws/{service}/op/{operation}/", **given)
    assert made.status_code == 200, text_of(made)


def allow(desk: Desk, name: str, service: str) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": desk.arn(name),
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    desk.call("SetQueueAttributes", QueueUrl=desk.url(name), Attributes={"Policy": policy})


def seq_of(desk: Desk, kind: str) -> str:
    events = Event.objects.of_sandbox(desk.sandbox.pk).filter(kind=kind).order_by("-id")
    return str(events[0].pk & (1 << 40) - 1)


def answer(desk: Desk, kind: str, node: str) -> str:
    page = desk.get("whynot/", seq=seq_of(desk, kind), node=node)
    assert page.status_code == 200
    whole = " ".join(text_of(page).split())
    return whole[whole.index("Where it should be") :]


@pytest.fixture
def topic(desk: Desk) -> str:
    call(desk, "sns", "CreateTopic", Name="orders")
    for name, policy in (("vip", {"tier": ["gold"]}), ("all", None)):
        desk.create(name)
        allow(desk, name, "sns")
        attributes = {"FilterPolicy": json.dumps(policy)} if policy else {}
        call(
            desk, "sns", "Subscribe", TopicArn=TOPIC, Protocol="sqs", Endpoint=desk.arn(name),
            Attributes=attributes,
        )  # fmt: skip
    return TOPIC


def publish(desk: Desk, tier: str) -> None:
    attributes = {"tier": {"DataType": "String", "StringValue": tier}}
    call(desk, "sns", "Publish", TopicArn=TOPIC, Message="{}", MessageAttributes=attributes)


def test_a_filter_stops_it_and_the_clause_is_named(desk: Desk, topic: str) -> None:
    publish(desk, "silver")
    told = answer(desk, "sns.Published", desk.arn("vip"))
    assert "It stopped here." in told
    assert 'tier asks for "gold" , and there is "silver"' in told
    assert "It got there." in answer(desk, "sns.Published", desk.arn("all"))


def test_a_missing_permission_is_written_out(desk: Desk, topic: str) -> None:
    desk.call("SetQueueAttributes", QueueUrl=desk.url("all"), Attributes={"Policy": ""})
    publish(desk, "gold")
    told = answer(desk, "sns.Published", desk.arn("all"))
    assert "This statement is missing:" in told
    assert '"Principal": { "Service": "sns.amazonaws.com" }' in told
    assert topic in told


def test_without_a_way_it_says_where_it_leads(desk: Desk, topic: str) -> None:
    desk.create("elsewhere")
    publish(desk, "gold")
    told = answer(desk, "sns.Published", desk.arn("elsewhere"))
    assert "No subscription, rule or target leads from orders to elsewhere." in told
    assert "It leads to: all, vip" in told


def test_a_rule_that_does_not_match_is_told_with_both_documents(desk: Desk) -> None:
    call(desk, "events", "CreateEventBus", Name="shop")
    pattern = '{"detail": {"total": [{"numeric": [">", 100]}]}}'
    call(desk, "events", "PutRule", Name="big", EventBusName="shop", EventPattern=pattern)
    queue = desk.create("work")
    allow(desk, "work", "events")
    targets = [{"Id": "1", "Arn": queue}]
    call(desk, "events", "PutTargets", Rule="big", EventBusName="shop", Targets=targets)
    entry = {"Source": "shop", "DetailType": "Placed", "EventBusName": "shop"}
    details = [entry | {"Detail": json.dumps({"total": total})} for total in (500, 7)]
    call(desk, "events", "PutEvents", Entries=details)
    told = answer(desk, "events.Received", queue)
    assert 'detail.total asks for {"numeric": [">", 100]} , and there is 7' in told
    first = Event.objects.of_sandbox(desk.sandbox.pk).filter(kind="events.Received").order_by("id")
    page = desk.get("whynot/", seq=str(first[0].pk & (1 << 40) - 1), node=queue)
    assert "It got there." in text_of(page)


def test_with_nothing_chosen_it_asks(desk: Desk) -> None:
    assert "Nothing was published yet." in text_of(desk.get("whynot/"))
    for seq in ("0", "99999", "nonsense"):
        assert desk.get("whynot/", seq=seq, node="arn:aws:sqs:x:1:y").status_code == 200
