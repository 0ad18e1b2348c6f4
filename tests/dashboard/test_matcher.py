"""The matcher playground: verdicts on what came by, counter-examples, refusals, saving."""

import json
from typing import Any

import pytest

from dashboard.matcher.marking import lines
from messaging.kernel import recent
from tests.dashboard.conftest import ACCOUNT, REGION, Desk, text_of

RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/shop/gold"


def put(desk: Desk, **detail: Any) -> None:
    entry = {"Source": "shop.orders", "DetailType": "OrderPlaced", "EventBusName": "shop"}
    answer = call(desk, "events", "PutEvents", Entries=[entry | {"Detail": json.dumps(detail)}])
    assert answer["FailedEntryCount"] == 0


def call(desk: Desk, service: str, operation: str, **params: Any) -> Any:
    made = desk.post(
        f"aws/{service}/op/{operation}/",
        **{
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in params.items()
        },
    )
    assert made.status_code == 200, text_of(made)
    text = made.content.decode()
    raw = text[text.index('aria-label="Raw response">') :].split(">", 1)[1].split("</pre>")[0]
    return json.loads(raw.replace("&quot;", '"').replace("&#x27;", "'"))


@pytest.fixture(autouse=True)
def nothing_came_by(desk: Desk) -> None:
    recent.forget(desk.sandbox.pk)


@pytest.fixture
def rule(desk: Desk) -> str:
    call(desk, "events", "CreateEventBus", Name="shop")
    pattern = '{"source": ["shop.orders"], "detail": {"tier": ["gold"]}}'
    call(desk, "events", "PutRule", Name="gold", EventBusName="shop", EventPattern=pattern)
    put(desk, tier="gold", total=10)
    put(desk, tier="silver", total=500)
    return RULE


def check(desk: Desk, text: str, **more: str) -> str:
    page = desk.post("matcher/check/", text=text, **({"of": RULE} | more))
    assert page.status_code == 200
    return " ".join(text_of(page).split())


def test_the_page_shows_what_is_in_force_and_what_came_by(desk: Desk, rule: str) -> None:
    told = " ".join(text_of(desk.get("matcher/", of=rule)).split())
    assert "1 match 1 do not 0 would change" in told
    assert 'detail.tier asks for "gold" , and there is "silver"' in told


def test_a_wider_pattern_says_what_would_change(desk: Desk, rule: str) -> None:
    told = check(desk, '{"detail": {"tier": ["gold", "silver"]}}')
    assert "2 match 0 do not 1 would change" in told
    assert "Comes in now, and did not" in told


def test_a_narrower_pattern_shows_what_is_lost(desk: Desk, rule: str) -> None:
    told = check(desk, '{"source": ["shop.orders"], "detail": {"tier": ["gold"], "total": [1]}}')
    assert "0 match 2 do not 1 would change" in told
    assert "Came in, and does not any more" in told
    assert "detail.total asks for 1 , and there is 10" in told


@pytest.mark.parametrize("text", ["", "{", '{"a": 1}', '{"a": [{"nope": 1}]}', "[]"])
def test_what_is_no_pattern_gets_awss_own_words(desk: Desk, rule: str, text: str) -> None:
    assert "Event pattern is not valid. Reason: " in check(desk, text)


def test_saving_puts_it_in_force(desk: Desk, rule: str) -> None:
    text = '{"detail": {"tier": ["silver"]}}'
    page = desk.post("matcher/save/", of=rule, text=text)
    assert "Saved." in page.headers["HX-Trigger"]
    found = call(desk, "events", "DescribeRule", Name="gold", EventBusName="shop")
    assert json.loads(found["EventPattern"]) == json.loads(text)
    refused = desk.post("matcher/save/", of=rule, text='{"a": 1}')
    assert "HX-Trigger" not in refused.headers
    assert "not valid" in text_of(refused)


def test_a_filter_policy_is_tried_in_both_scopes(desk: Desk) -> None:
    queue = desk.create("vip")
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:orders"
    call(desk, "sns", "CreateTopic", Name="orders")
    subscription = call(
        desk, "sns", "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=queue,
        Attributes={"FilterPolicy": '{"tier": ["gold"]}'}, ReturnSubscriptionArn=True,
    )["SubscriptionArn"]  # fmt: skip
    attributes = {"tier": {"DataType": "String", "StringValue": "gold"}}
    call(desk, "sns", "Publish", TopicArn=topic, Message='{"tier": "silver"}',
         MessageAttributes=attributes)  # fmt: skip
    policy = '{"tier": ["gold"]}'
    by_attributes = check(desk, policy, of=subscription, scope="MessageAttributes")
    assert "1 match 0 do not 0 would change" in by_attributes
    by_body = check(desk, policy, of=subscription, scope="MessageBody")
    assert "0 match 1 do not" in by_body
    assert 'tier asks for "gold" , and there is "silver"' in by_body
    refused = check(desk, '{"tier": "gold"}', of=subscription)
    assert "FilterPolicy" in refused


def test_there_is_nothing_to_try_where_nothing_is(desk: Desk) -> None:
    for given in ({}, {"service": "sqs"}, {"of": RULE}):
        assert desk.get("matcher/", **given).status_code == 404
    assert desk.get("matcher/", service="events").status_code == 200


def test_the_lines_of_a_path_are_marked() -> None:
    document = {"a": {"b": [1, 2], "c": "x"}, "d": [{"e": 1}]}
    shown = lines(document, ("a", "b"))
    assert [line.text for line in shown if line.is_marked] == ['    "b": [1, 2],']
    text = "\n".join(line.text for line in shown)
    assert json.loads(text) == document
    missing = lines(document, ("a", "z"))
    assert next(line.text for line in missing if line.is_marked) == '  "a": {'
    assert not any(line.is_marked for line in lines(document, None))
