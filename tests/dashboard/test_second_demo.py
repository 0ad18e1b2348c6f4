"""The demo with routes, a pipe, functions and an alarm: all of it works, and the alarm goes off."""

import json
from collections import Counter
from typing import Any

import pytest

from dashboard.scenarios.second_demo import create_second_demo
from messaging.engine import engine
from messaging.kernel.access import root_arn
from messaging.kernel.context import Caller
from messaging.kernel.models import Event, Sandbox
from messaging.simulation import control
from tests.dashboard.conftest import Desk

MINUTE_MS = 60_000


@pytest.fixture
def demo(desk: Desk) -> Sandbox:
    made = create_second_demo()
    assert create_second_demo().pk == made.pk
    return made


def later(sandbox: Sandbox, ms: int) -> None:
    control.forward(sandbox.pk, control.pause(sandbox.pk).now + ms)


def ask(sandbox: Sandbox, service: str, operation: str, **params: Any) -> dict[str, Any]:
    account = sandbox.accounts.get()
    caller = Caller(sandbox.pk, account.number, account.home_region, root_arn(account.number),
                    "client:test", label="test")  # fmt: skip
    return dict(engine().executor.call_sync(caller, service, operation, params))


def turns(sandbox: Sandbox) -> list[str]:
    log = Event.objects.of_sandbox(sandbox.pk).filter(kind="cloudwatch.AlarmStateChanged")
    return [json.loads(data)["to"] for data in log.order_by("id").values_list("data", flat=True)]


def test_the_alarm_goes_off_within_about_a_minute_and_people_are_told(demo: Sandbox) -> None:
    start = control.pause(demo.pk).now
    later(demo, 80_000)
    assert turns(demo)[-1] == "ALARM"
    (alarm,) = ask(demo, "cloudwatch", "DescribeAlarms")["MetricAlarms"]
    assert (alarm["AlarmName"], alarm["StateValue"]) == ("orders-unbilled", "ALARM")
    assert alarm["StateUpdatedTimestamp"] - start <= 75_000
    told = Event.objects.of_sandbox(demo.pk).filter(kind="sns.InboxReceived")
    assert json.loads(told.values_list("data", flat=True)[0])["protocol"] == "sms"


def test_the_alarm_is_over_when_the_dead_letters_are_gone(demo: Sandbox) -> None:
    control.pause(demo.pk)
    control.stop_actor(demo.pk, "shop")
    later(demo, 6 * MINUTE_MS)
    assert turns(demo)[-2:] == ["ALARM", "OK"]


def test_all_of_it_works_and_nothing_fails_but_what_shall(demo: Sandbox) -> None:
    later(demo, 3 * MINUTE_MS)
    log = Event.objects.of_sandbox(demo.pk)
    kinds = Counter(log.values_list("kind", flat=True))
    assert {
        "events.Delivered", "events.Matched", "lambda.Succeeded", "pipes.Delivered",
        "pipes.Enriched", "pipes.Filtered", "sns.Filtered", "sqs.MessageMoved",
    } <= set(kinds)  # fmt: skip
    assert not {
        "api.Failed", "events.DeliveryFailed", "lambda.Throttled", "pipes.DeliveryFailed",
    } & set(kinds)  # fmt: skip
    invoked = Counter(log.filter(kind="lambda.Invoked").values_list("arn", flat=True))
    names = {arn.rpartition(":")[2] for arn in invoked}
    assert names == {"billing", "rewards", "risk"}


@pytest.mark.slow
def test_nothing_piles_up(demo: Sandbox) -> None:
    account = demo.accounts.get().number
    later(demo, 10 * MINUTE_MS)
    for queue in ("gold-orders", "big-orders", "all-orders", "reviews"):
        url = f"http://127.0.0.1:8000/{account}/{queue}"
        found = ask(demo, "sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])
        assert int(found["Attributes"]["ApproximateNumberOfMessages"]) < 10


@pytest.mark.parametrize(
    ("service", "resource", "words"),
    [
        ("lambda", "function:billing", "seconds=0.4-1.2 poison=unreadable"),
        ("pipes", "pipe/risk-check", "What the function gets"),
        ("cloudwatch", "alarm:orders-unbilled", "GreaterThanOrEqualToThreshold"),
    ],
)
def test_a_look_at_a_panel_leaves_no_event(
    desk: Desk, demo: Sandbox, service: str, resource: str, words: str
) -> None:
    control.pause(demo.pk)
    account = demo.accounts.get()
    arn = f"arn:aws:{service}:{account.home_region}:{account.number}:{resource}"
    before = Event.objects.of_sandbox(demo.pk).count()
    page = desk.client.get(f"/s/{demo.slug}/node/", {"id": arn}).content.decode()
    assert words in page
    assert f"<bdi data-untrusted>{resource.replace('/', ':').partition(':')[2]}</bdi>" in page
    assert Event.objects.of_sandbox(demo.pk).count() == before
