"""What a producer sends, when, and what it does about errors."""

import itertools
from statistics import mean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.kernel.errors import AwsError, ServiceUnavailable
from messaging.simulation.behaviours import producer
from messaging.simulation.fields import SettingsError
from tests.simulation.conftest import Theatre

ARN = "arn:aws:sqs:eu-central-1:402177851930:work"


def test_even_pace_is_exact_even_where_the_gap_is_no_whole_millisecond(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, rate=3, pace="even")
    theatre.to(10_000)
    sent = [event["at"] for event in theatre.events("sqs.MessageSent")]
    assert len(sent) == 30
    assert sent[:4] == [333, 667, 1_000, 1_333]


def test_random_pace_has_the_rate_that_was_asked_for(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, rate=20)
    theatre.to(100_000)
    sent = [event["at"] for event in theatre.events("sqs.MessageSent")]
    assert 1_850 < len(sent) < 2_150
    gaps = [later - earlier for earlier, later in itertools.pairwise(sent)]
    assert min(gaps) < 5
    assert max(gaps) > 3 * mean(gaps)


def test_several_messages_a_millisecond(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, rate=5_000, pace="even")
    theatre.to(40)
    assert len(theatre.events("sqs.MessageSent")) == pytest.approx(200, abs=5)


def test_bodies_count_and_a_share_of_them_is_poison(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, rate=50, body="good ${counter}", poison_share=0.2,
                     poison_body="bad ${counter}")  # fmt: skip
    theatre.to(20_000)
    bodies = [event["b"] for event in theatre.events("sqs.MessageSent")]
    assert [int(body.split()[1]) for body in bodies] == list(range(1, len(bodies) + 1))
    share = sum(body.startswith("bad") for body in bodies) / len(bodies)
    assert 0.15 < share < 0.25


def test_batches_attributes_and_delay(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, rate=10, pace="even", batch=10, delay=3,
                     attributes={"tier": "${choice:gold,gold}"})  # fmt: skip
    theatre.to(1_000)
    sent = theatre.events("sqs.MessageSent")
    assert [event["at"] for event in sent] == [1_000] * 10
    assert {event["is"] for event in sent} == {"d"}
    theatre.to(4_000)
    got = theatre.aws("ReceiveMessage", QueueUrl=theatre.urls[work], MessageAttributeNames=["All"])
    [message] = got["Messages"]
    assert message["MessageAttributes"]["tier"] == {"DataType": "String", "StringValue": "gold"}


def test_groups_in_turn_and_by_dice(theatre: Theatre) -> None:
    turn, dice = theatre.queue("turn.fifo"), theatre.queue("dice.fifo")
    theatre.producer("a", turn, rate=10, pace="even", groups=3, group_order="round-robin",
                     group_prefix="c-")  # fmt: skip
    theatre.producer("b", dice, rate=10, pace="even", groups=3)
    theatre.to(6_000)
    sent = theatre.events("sqs.MessageSent")
    in_turn = [event["g"] for event in sent if event["arn"] == turn]
    assert in_turn[:4] == ["c-01", "c-02", "c-03", "c-01"]
    by_dice = [event["g"] for event in sent if event["arn"] == dice]
    assert set(by_dice) == {"group-01", "group-02", "group-03"}
    assert by_dice[:6] != by_dice[6:12] or by_dice[:3] != by_dice[3:6]


def test_a_queue_that_is_gone_is_tried_again_ever_less_often(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, rate=10, pace="even")
    theatre.aws("DeleteQueue", QueueUrl=theatre.urls[work])
    theatre.to(600_000)
    failed = [event["at"] for event in theatre.events("api.Failed")]
    gaps = [later - earlier for earlier, later in itertools.pairwise(failed)]
    assert 500 <= gaps[0] <= 1_000
    assert all(30_000 <= gap <= 60_000 for gap in gaps[7:])
    memory = theatre.actor("shop").memory
    assert memory["lost"] == len(failed)
    assert len(memory["errors"]) == 5
    assert memory["errors"][-1][1:3] == ["SendMessage", "QueueDoesNotExist"]

    theatre.queue("work")
    theatre.to(700_000)
    assert len(theatre.events("sqs.MessageSent")) > 300, "it recovers"


def test_a_throttled_message_is_kept_and_sent_later(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, rate=1, pace="even", body="${counter}")
    with monkeypatch.context() as patched:
        patched.setattr("messaging.sqs.operations.messages.accept_messages", refuse)
        theatre.to(1_200)
        assert not theatre.events("sqs.MessageSent")
    theatre.to(3_000)
    sent = theatre.events("sqs.MessageSent")
    assert [event["b"] for event in sent][:2] == ["1", "2"]
    assert sent[0]["at"] > 1_200
    assert theatre.actor("shop").memory.get("lost", 0) == 0


def test_a_message_is_given_up_after_five_tries(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, rate=1, pace="even")
    monkeypatch.setattr("messaging.sqs.operations.messages.accept_messages", refuse)
    theatre.to(120_000)
    memory = theatre.actor("shop").memory
    assert memory["failures"] == len(theatre.events("api.Failed"))
    assert memory["written"] - 1 <= memory["failures"] / 5 <= memory["written"]
    assert memory["lost"] >= memory["written"] - 1


def refuse(*args: object) -> AwsError:
    raise ServiceUnavailable


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({}, "target"),
        ({"target": "work"}, "target"),
        ({"target": ARN, "rate": 0}, "rate"),
        ({"target": ARN, "rate": float("nan")}, "rate"),
        ({"target": ARN, "rate": "5"}, "rate"),
        ({"target": ARN, "rate": True}, "rate"),
        ({"target": ARN, "batch": 11}, "batch"),
        ({"target": ARN, "batch": 1.5}, "batch"),
        ({"target": ARN, "pace": "sometimes"}, "pace"),
        ({"target": ARN, "body": ""}, "body"),
        ({"target": ARN, "body": 5}, "body"),
        ({"target": ARN, "poison_share": 1.1}, "poison_share"),
        ({"target": ARN, "attributes": {"a": 1}}, "attributes"),
        ({"target": ARN, "attributes": ["a"]}, "attributes"),
        ({"target": ARN, "colour": "red"}, "colour"),
        ({"target": ARN + ".fifo"}, "groups"),
    ],
)
def test_settings_that_cannot_be_used_are_named(raw: dict[str, Any], field: str) -> None:
    with pytest.raises(SettingsError) as caught:
        producer.read(raw)
    assert caught.value.field == field
    assert caught.value.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
NAMES = st.sampled_from(
    ("target", "rate", "pace", "batch", "body", "poison_share", "groups", "attributes", "delay")
)


@given(st.dictionaries(NAMES | st.text(), JSON))
def test_whatever_comes_as_settings_is_read_or_refused(raw: dict[str, Any]) -> None:
    try:
        producer.read({"target": ARN, **raw})
    except SettingsError as error:
        assert error.text


TOPIC = "arn:aws:sns:eu-central-1:402177851930:news"
BUS = "arn:aws:events:eu-central-1:402177851930:event-bus/shop"


def test_a_topic_gets_what_a_queue_would(theatre: Theatre) -> None:
    theatre.executor.call_sync(theatre.caller, "sns", "CreateTopic", {"Name": "news"})
    theatre.producer("shop", TOPIC, rate=10, pace="even", batch=5, delay=3,
                     attributes={"tier": "gold", "total:Number": "7"})  # fmt: skip
    theatre.to(1_000)
    published = theatre.events("sns.Published")
    assert len(published) == 10
    assert {event["by"] for event in published} == {"actor:shop"}
    assert theatre.actor("shop").memory["sent"] == 10


def test_a_bus_gets_events(theatre: Theatre) -> None:
    theatre.executor.call_sync(theatre.caller, "events", "CreateEventBus", {"Name": "shop"})
    theatre.producer("till", BUS, rate=2, pace="even", body='{"n": ${counter}}',
                     source="shop.till", detail_type="Sold")  # fmt: skip
    theatre.producer("broken", BUS, rate=2, pace="even", body="no JSON")
    theatre.to(2_000)
    received = theatre.events("events.Received")
    assert [(event["source"], event["type"]) for event in received] == [("shop.till", "Sold")] * 4
    assert theatre.actor("broken").memory["lost"] == 4


@pytest.mark.parametrize("target", ["arn:aws:lambda:eu-central-1:402177851930:function:f", "queue"])
def test_it_sends_to_queues_topics_and_buses_only(target: str) -> None:
    with pytest.raises(SettingsError, match="a queue, a topic or an event bus"):
        producer.read({"target": target})


def test_attributes_are_texts_or_numbers() -> None:
    with pytest.raises(SettingsError, match="String and Number"):
        producer.read({"target": ARN, "attributes": {"a:Binary": "x"}})
