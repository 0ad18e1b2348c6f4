"""Filter policies in both scopes: operators, limits, AWS's texts: N10–N12."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.refusals import refused
from tests.services.sns.conftest import Queue, Topic, words

Events = Callable[..., list[Any]]
REASON = "Invalid parameter: Attributes Reason: "


@pytest.fixture
def filtered(topic: Topic, queue: Queue) -> Callable[..., str]:
    """Return a function that subscribes the queue with a filter policy."""

    def subscribe(policy: Any, scope: str = "MessageAttributes") -> str:
        return topic.subscribe(queue, FilterPolicy=policy, FilterPolicyScope=scope)

    return subscribe


MATCHES: list[tuple[Any, dict[str, Any], bool]] = [
    ({"color": ["red"]}, {"color": "red"}, True),
    ({"color": ["red"]}, {"color": "Red"}, False),
    ({"color": ["red"]}, {}, False),
    ({"color": ["red"], "size": ["L"]}, {"color": "red"}, False),
    ({"color": ["red", "blue"]}, {"color": "blue"}, True),
    ({"n": [{"numeric": [">", 0, "<=", 100]}]}, {"n": 99.12}, True),
    ({"n": [{"numeric": [">", 0, "<=", 100]}]}, {"n": 101}, False),
    ({"n": [{"numeric": ["=", 5]}]}, {"n": "5"}, False),
    ({"n": [5]}, {"n": 5.0}, True),
    ({"s": [{"prefix": "auto-"}]}, {"s": "auto-1"}, True),
    ({"s": [{"suffix": "ball"}]}, {"s": "football"}, True),
    ({"s": [{"equals-ignore-case": "Red"}]}, {"s": "rED"}, True),
    ({"s": [{"anything-but": ["a", "b"]}]}, {"s": "c"}, True),
    ({"s": [{"anything-but": ["a", "b"]}]}, {"s": "a"}, False),
    ({"s": [{"anything-but": {"prefix": "x-"}}]}, {"s": "x-1"}, False),
    ({"ip": [{"cidr": "10.0.0.0/24"}]}, {"ip": "10.0.0.77"}, True),
    ({"s": [{"exists": True}]}, {"s": "x"}, True),
    ({"s": [{"exists": False}]}, {"s": "x"}, False),
    ({"s": [{"exists": False}]}, {}, True),
    ({"list": ["b"]}, {"list": ["a", "b"]}, True),
    ({"list": [{"anything-but": ["a"]}]}, {"list": ["a", "b"]}, True),
    ({"list": [{"anything-but": ["a", "b"]}]}, {"list": ["a", "b"]}, False),
    ({"$or": [{"a": ["1"]}, {"b": ["2"]}]}, {"b": "2"}, True),
    ({"$or": [{"a": ["1"]}, {"b": ["2"]}]}, {"b": "1"}, False),
    ({"$or": ["1", "2"]}, {"a": "1"}, False),
]


@pytest.mark.parametrize(("policy", "attributes", "wanted"), MATCHES)
def test_N10_operators_on_attributes(
    topic: Topic, queue: Queue, filtered: Callable[..., str], policy: Any,
    attributes: dict[str, Any], wanted: bool,
) -> None:  # fmt: skip
    filtered(policy)
    topic.publish(MessageAttributes=words(**attributes))
    assert bool(queue.bodies()) is wanted


@pytest.mark.parametrize(("policy", "body", "wanted"), MATCHES)
def test_N10_operators_on_the_body(
    topic: Topic, queue: Queue, filtered: Callable[..., str], policy: Any, body: Any, wanted: bool
) -> None:
    filtered(policy, "MessageBody")
    topic.publish(json.dumps(body))
    assert bool(queue.bodies()) is wanted


def test_N11_binary_attributes_are_not_looked_at(
    topic: Topic, queue: Queue, filtered: Callable[..., str]
) -> None:
    filtered({"bits": [{"exists": False}]})
    topic.publish(MessageAttributes={"bits": {"DataType": "Binary", "BinaryValue": b"x"}})
    assert len(queue.bodies()) == 1


def test_N11_a_body_that_is_no_json_object_never_matches(
    topic: Topic, queue: Queue, filtered: Callable[..., str]
) -> None:
    filtered({"a": [{"exists": False}]}, "MessageBody")
    for body in ("text", "[1]", '"x"', "{"):
        topic.publish(body)
    assert queue.texts() == []
    topic.publish('{"b": 1}')
    assert queue.texts() == ['{"b": 1}']


def test_N12_nested_bodies_and_arrays_of_objects(
    topic: Topic, queue: Queue, filtered: Callable[..., str]
) -> None:
    filtered({"Records": {"s3": {"object": {"key": [{"prefix": "auto-"}]}},
                          "eventName": [{"prefix": "ObjectCreated:"}]}}, "MessageBody")  # fmt: skip
    yes = {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"object": {"key": "auto-1"}}}]}
    no = {"Records": [
        {"eventName": "ObjectCreated:Put", "s3": {"object": {"key": "home-1"}}},
        {"eventName": "ObjectRemoved:Delete", "s3": {"object": {"key": "auto-1"}}},
    ]}  # fmt: skip
    topic.publish(json.dumps(yes))
    topic.publish(json.dumps(no))
    assert queue.texts() == [json.dumps(yes)]


def test_N12_a_body_filter_looks_at_what_the_queue_would_get(
    topic: Topic, queue_of: Callable[..., Queue]
) -> None:
    queue = queue_of("q")
    topic.subscribe(queue, FilterPolicy={"a": [1]}, FilterPolicyScope="MessageBody")
    topic.publish(json.dumps({"default": '{"a": 1}', "sqs": '{"a": 2}'}), MessageStructure="json")
    topic.publish(json.dumps({"default": '{"a": 2}', "sqs": '{"a": 1}'}), MessageStructure="json")
    assert queue.texts() == ['{"a": 1}']


def source(policy: str, column: int) -> str:
    return f'\n at [Source: (String)"{policy}"; line: 1, column: {column}]'


TEXTS = [
    ('{"key":[["value"]]}', "Match value must be String, number, true, false, or null", 10),
    ('{"key":[{"wrong-operator":true}]}', "Unrecognized match type wrong-operator", 31),
    ('{"key":[{"suffix":"value","prefix":"value2"}]}',
     "Only one key allowed in match expression", 37),
    ('{"key":[{"suffix":100}]}', "suffix match pattern must be a string", 22),
    ('{"key":[{"suffix":null}]}', "suffix match pattern must be a string", 23),
    ('{"key":{"suffix":"value"}}', '"suffix" must be an object or an array', 19),
    ('{"key":[{"suffix":[]}]}', "suffix match pattern must be a string", 20),
    ('{"key":[{"numeric":[]}]}', "Invalid member in numeric match: ]", 22),
    ('{"key":[{"numeric":["operator"]}]}', "Unrecognized numeric range operator: operator", 32),
    ('{"key":[{"numeric":[1,"<="]}]}', "Invalid member in numeric match: 1", 22),
    ('{"key":[{"numeric":[">",3,"<",1]}]}', "Bottom must be less than top", 33),
    ('{"key":[{"numeric":[">",20,30]}]}', "Bad value in numeric range: 30", 30),
    ('{"key":[{"numeric":["=","000"]}]}', "Value of equals must be numeric", 26),
    ('{"key":[{"numeric":[">="]}]}', "Value of >= must be numeric", 26),
    ('{"key":[{"numeric":["<",100,">",10]}]}', "Too many elements in numeric expression", 30),
    ('{"key":[{"numeric":[">=",1,">",2]}]}', "Bad numeric range operator: >", 31),
    ('{"key":[{"numeric":[">",20,"<="]}]}', "Value of <= must be numeric", 33),
    ('{"key":[{"numeric":[">",20,"test"]}]}', "Bad numeric range operator: test", 34),
    ('{"key":[{"numeric":[">","20","<","30"]}]}', "Value of > must be numeric", 26),
    ('{"key":[{"numeric":[">",20,"<","30"]}]}', "Value of < must be numeric", 33),
    ('{"key":[{"numeric":[">",20,"<",30,"<",50]}]}',
     "Too many terms in numeric range expression", 36),
    ('{"key":[{"exists":null}]}', "exists match pattern must be either true or false.", 23),
    ('{"key":[{"exists":"no"}]}', "exists match pattern must be either true or false.", 20),
    ('{"key":[{"anything-but":{"suffix":"test"}}]}', "Unsupported anything-but pattern: suffix",
     36),
    ('{"key":[{"wildcard":"a*"}]}', "Unrecognized match type wildcard", 22),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "reason", "column"), TEXTS)
def test_N10_what_is_wrong_is_said_in_awss_words(
    filtered: Callable[..., str], policy: str, reason: str, column: int
) -> None:
    with refused("InvalidParameter", f"{REASON}FilterPolicy: {reason}{source(policy, column)}"):
        filtered(policy, "MessageBody")


def many(count: int) -> list[str]:
    return [str(n) for n in range(count)]


@pytest.mark.parametrize(
    ("policy", "is_fine"),
    [
        ({"a": many(150)}, True),
        ({"a": many(151)}, False),
        ({"a": many(15), "b": many(10)}, True),
        ({"a": many(15), "b": many(11)}, False),
        ({"a": {"b": {"c": many(4)}}, "d": {"e": many(3)}}, True),
        ({"a": {"b": {"c": many(4)}}, "d": {"e": many(7)}}, False),
        ({"$or": [{"a": many(75)}, {"b": many(75)}]}, True),
        ({"$or": [{"a": many(75)}, {"b": many(76)}]}, False),
    ],
)
def test_N11_at_most_150_combinations(
    filtered: Callable[..., str], policy: Any, is_fine: bool
) -> None:
    if is_fine:
        assert filtered(policy, "MessageBody")
        return
    with refused("InvalidParameter", f"{REASON}FilterPolicy: Filter policy is too complex"):
        filtered(policy, "MessageBody")


def test_N11_at_most_five_keys(filtered: Callable[..., str]) -> None:
    with refused(
        "InvalidParameter", f"{REASON}FilterPolicy: Filter policy can not have more than 5 keys"
    ):
        filtered({key: ["x"] for key in "abcdef"})
    assert filtered({key: ["x"] for key in "abcde"})


def test_N11_numbers_have_a_range(filtered: Callable[..., str]) -> None:
    for number in (1_000_000_001, -1e10):
        with refused("InvalidParameter"):
            filtered({"n": [number]})
    assert filtered({"n": [1_000_000_000, -1_000_000_000]})


def test_N11_no_nesting_on_attributes(
    topic: Topic, filtered: Callable[..., str], queue: Queue
) -> None:
    text = "Filter policy scope MessageAttributes does not support nested filter policy"
    nested = {"object": {"key": [{"prefix": "auto-"}]}}
    with refused("InvalidParameter", f"{REASON}{text}"):
        filtered(nested)
    arn = topic.subscribe(queue)
    with refused("InvalidParameter", f"Invalid parameter: {text}"):
        topic.api.set_subscription_attributes(
            SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue=json.dumps(nested)
        )


def test_N11_at_most_200_filters_on_a_topic(topic: Topic) -> None:
    for n in range(200):
        topic.subscribe(f"+49{n:06d}", "sms", FilterPolicy={"n": [n]})
    with refused("FilterPolicyLimitExceeded", status=403):
        topic.subscribe("+4999", "sms", FilterPolicy={"n": [1]})
    assert topic.subscribe("+4999", "sms")


def test_the_log_tells_why_a_message_went_no_further(
    topic: Topic, filtered: Callable[..., str], queue: Queue, events: Events
) -> None:
    arn = filtered({"color": ["red"], "n": [{"numeric": [">", 5]}]})
    topic.publish(MessageAttributes=words(color="red", n=3))
    topic.publish(MessageAttributes=words(n=7))
    numbers = [each["m"] for each in events("sns.Published")]
    first, second = events("sns.Filtered")
    assert (first["m"], first["sub"], first["to"]) == (numbers[0], arn, queue.arn)
    assert first["why"] == {"path": "n", "asked": '[{"numeric":[">",5]}]', "found": "3"}
    assert second["why"] == {"path": "color", "asked": '["red"]'}


def test_a_changed_filter_holds_at_once(
    topic: Topic, filtered: Callable[..., str], queue: Queue
) -> None:
    arn = filtered({"color": ["red"]})
    topic.publish("1", MessageAttributes=words(color="blue"))
    topic.api.set_subscription_attributes(
        SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue='{"color": ["blue"]}'
    )
    topic.publish("2", MessageAttributes=words(color="blue"))
    topic.api.set_subscription_attributes(SubscriptionArn=arn, AttributeName="FilterPolicy")
    topic.publish("3")
    assert queue.texts() == ["2", "3"]
