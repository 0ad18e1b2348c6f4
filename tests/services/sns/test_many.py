"""Ten thousand subscriptions on one topic."""

import json
from typing import Any

import pytest

from messaging.kernel.models import Event, Sandbox
from messaging.sns.models import InboxItem, Subscription
from messaging.sns.models import Topic as Row
from tests.fixtures.engine import ACCOUNT
from tests.services.sns.conftest import Topic

MANY = 10_000


@pytest.fixture
def crowd(sandbox: Sandbox, topic: Topic) -> Any:
    """Return a function that subscribes phones, each with a filter of its own if wanted."""

    def subscribe(*, filtered: bool) -> None:
        home = Row.objects.get(arn=topic.arn)
        # What follows changes nothing that is in memory yet: nobody has published.
        rows = []
        for n in range(MANY):
            rules = {"FilterPolicy": json.dumps({"n": [n]}), "FilterPolicyScope": "MessageBody"}
            rows.append(Subscription(
                id=home.pk + 1_000 + n, sandbox=sandbox.pk, topic_id=home.pk, topic_arn=topic.arn,
                arn=f"{topic.arn}:{n}", account=ACCOUNT, principal="", protocol="sms",
                endpoint=f"+49{n:07d}", attributes=rules if filtered else {}, confirmed=True,
            ))  # fmt: skip
        Subscription.objects.bulk_create(rows, batch_size=500)

    return subscribe


def test_all_of_them_are_reached(topic: Topic, crowd: Any) -> None:
    crowd(filtered=False)
    topic.publish("to everybody")
    assert InboxItem.objects.count() == MANY
    assert topic.get()["SubscriptionsConfirmed"] == str(MANY)


def test_the_one_that_wants_it_is_found(topic: Topic, crowd: Any, sandbox: Sandbox) -> None:
    crowd(filtered=True)
    topic.publish(json.dumps({"n": 4_711}))
    [item] = InboxItem.objects.all()
    assert item.address == "+490004711"
    told = Event.objects.of_sandbox(sandbox.pk).filter(kind="sns.Filtered")
    assert [json.loads(event.data)["count"] for event in told] == [MANY - 1]
