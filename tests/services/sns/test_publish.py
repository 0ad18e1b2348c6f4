"""Publish and what queues get of it: N2–N6."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.engine import ACCOUNT, REGION
from tests.fixtures.refusals import refused
from tests.services.sns.conftest import Queue, Topic, words

KIB = 1024


def test_N4_the_envelope_has_its_fields_in_their_order(topic: Topic, queue: Queue) -> None:
    arn = topic.subscribe(queue)
    sent = topic.publish("hello", Subject="greetings", MessageAttributes=words(tone="warm", n=3))
    [body] = queue.bodies()
    found = json.loads(body)
    assert list(found) == [
        "Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion",
        "Signature", "SigningCertURL", "UnsubscribeURL", "MessageAttributes",
    ]  # fmt: skip
    assert found["Type"] == "Notification"
    assert found["MessageId"] == sent["MessageId"]
    assert found["TopicArn"] == topic.arn
    assert (found["Subject"], found["Message"]) == ("greetings", "hello")
    assert found["Timestamp"] == "2026-09-21T14:13:20.000Z"
    assert found["MessageAttributes"] == {
        "tone": {"Type": "String", "Value": "warm"},
        "n": {"Type": "Number", "Value": "3"},
    }
    assert f"Action=Unsubscribe&SubscriptionArn={arn}" in found["UnsubscribeURL"]


def test_N4_what_is_not_there_is_not_in_the_envelope(topic: Topic, queue: Queue) -> None:
    topic.subscribe(queue)
    topic.publish('ö§a1"_!?,. £$-')
    found = json.loads(queue.bodies()[0])
    assert found["Message"] == 'ö§a1"_!?,. £$-'
    assert not {"Subject", "MessageAttributes", "SequenceNumber"} & set(found)


def test_N6_raw_delivery_sends_body_and_attributes_as_they_are(topic: Topic, queue: Queue) -> None:
    topic.subscribe(queue, RawMessageDelivery=True)
    binary = {"DataType": "Binary", "BinaryValue": b"\x02\x03\x04"}
    topic.publish("as it is", MessageAttributes={**words(n=99.12), "bits": binary})
    [message] = queue.receive()
    assert message["Body"] == "as it is"
    assert message["MessageAttributes"] == {
        "n": {"DataType": "Number", "StringValue": "99.12"},
        "bits": {"DataType": "Binary", "BinaryValue": b"\x02\x03\x04"},
    }


def test_N6_more_than_ten_attributes_do_not_fit_into_a_raw_message(
    topic: Topic, queue: Queue, events: Callable[..., list[Any]]
) -> None:
    topic.subscribe(queue, RawMessageDelivery=True)
    topic.publish(MessageAttributes=words(**{f"a{n}": "x" for n in range(11)}))
    assert queue.bodies() == []
    [failed] = events("sns.DeliveryFailed")
    assert (failed["code"], failed["next"]) == ("InvalidParameterValue", None)


def test_a_message_reaches_every_queue_and_says_where_it_comes_from(
    topic: Topic, queue_of: Callable[..., Queue], events: Callable[..., list[Any]]
) -> None:
    queues = [queue_of(f"q{n}") for n in range(3)]
    subscriptions = [topic.subscribe(queue) for queue in queues]
    topic.publish("to all")
    assert [queue.texts() for queue in queues] == [["to all"]] * 3
    [published] = events("sns.Published")
    assert published["by"] == "client:boto3"
    delivered = events("sns.Delivered")
    assert [each["sub"] for each in delivered] == subscriptions
    assert {each["m"] for each in delivered} == {published["m"]}
    log = events()
    for sent in events("sqs.MessageSent"):
        assert sent["by"] == topic.arn
        assert log[sent["cause"] - 1]["kind"] == "sns.Published"


def test_what_was_published_before_subscribing_is_gone(topic: Topic, queue: Queue) -> None:
    topic.publish("early")
    topic.subscribe(queue)
    topic.publish("late")
    assert queue.texts() == ["late"]


def test_N2_message_structure_chooses_by_protocol(topic: Topic, queue: Queue) -> None:
    topic.subscribe(queue)
    texts = {"default": "for all", "sqs": '{"field": "value"}', "x": "?", "http": 7}
    topic.publish(json.dumps(texts), MessageStructure="json")
    topic.publish(json.dumps({"default": "for all"}), MessageStructure="json")
    assert queue.texts() == ['{"field": "value"}', "for all"]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ('{"sqs": "x"}', "No default entry in JSON message body"),
        ('{"default": {"a": 1}}', "No default entry in JSON message body"),
        ("no json", "JSON message body failed to parse"),
        ("[1]", "JSON message body failed to parse"),
    ],
)
def test_N2_message_structure_needs_a_default_text(topic: Topic, message: str, reason: str) -> None:
    with refused("InvalidParameter", f"Invalid parameter: Message Structure - {reason}"):
        topic.publish(message, MessageStructure="json")


def test_N2_messages_have_a_size(topic: Topic, queue: Queue) -> None:
    topic.subscribe(queue, RawMessageDelivery=True)
    with refused("InvalidParameter", "Invalid parameter: Empty message"):
        topic.publish("")
    topic.publish("x" * 256 * KIB)
    with refused("InvalidParameter", "Invalid parameter: Message too long"):
        topic.publish("x" * (256 * KIB + 1))
    with refused("InvalidParameter", "Invalid parameter: Message too long"):
        topic.publish("x" * 256 * KIB, MessageAttributes=words(a="b"))
    assert [len(body) for body in queue.bodies()] == [256 * KIB]


def test_N2_a_topic_may_take_a_mebibyte(topic: Topic, queue: Queue) -> None:
    topic.subscribe(queue, RawMessageDelivery=True)
    topic.set(MaximumMessageSize=1024 * KIB)
    topic.publish("x" * 1024 * KIB)
    assert [len(body) for body in queue.bodies()] == [1024 * KIB]
    with refused("InvalidParameter"):
        topic.subscribe("me@example.com", "email")


@pytest.mark.parametrize("subject", ["", "x" * 101, "two\nlines", "bell\x07"])
def test_N2_subjects_have_a_form(topic: Topic, subject: str) -> None:
    with refused("InvalidParameter", "Invalid parameter: Subject"):
        topic.publish(Subject=subject)


def test_N2_a_target_is_needed_and_must_be_there(api: Any, topic: Topic) -> None:
    with refused(
        "InvalidParameter",
        "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter",
    ):
        api.publish(Message="x")
    parts = "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not"
    for count, arn in ((1, "randomstring"), (2, "arn:aws"), (1, "")):
        with refused("InvalidParameter", f"{parts} {count}"):
            api.publish(Message="x", TopicArn=arn)
    with refused("NotFound", "Topic does not exist", status=404):
        api.publish(Message="x", TopicArn=f"{topic.arn}-not")
    with refused("InvalidParameter", "Invalid parameter: TopicArn"):
        api.publish(Message="x", TopicArn=f"arn:aws:sns:eu-west-3:{ACCOUNT}:news")
    with refused(
        "InvalidParameter",
        "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified",
    ):
        api.publish(Message="x", TargetArn=f"arn:aws:sns:{REGION}:{ACCOUNT}:endpoint/APNS/a/b")
    assert api.publish(Message="x", TargetArn=topic.arn)["MessageId"]


ATTRIBUTES = [
    ("attr1", {"DataType": "String", "StringValue": ""},
     "The message attribute 'attr1' must contain non-empty message attribute value for message"
     " attribute type 'String'."),
    ("attr1", {"DataType": "Binary", "BinaryValue": b""},
     "The message attribute 'attr1' must contain non-empty message attribute value for message"
     " attribute type 'Binary'."),
    ("attr1", {"DataType": "String", "BinaryValue": b"x"},
     "The message attribute 'attr1' with type 'String' must use field 'String'."),
    ("attr1", {"DataType": "Number", "BinaryValue": b"x"},
     "The message attribute 'attr1' with type 'Number' must use field 'String'."),
    ("attr1", {"DataType": "Binary", "StringValue": "x"},
     "The message attribute 'attr1' with type 'Binary' must use field 'Binary'."),
    ("attr1", {"DataType": "Integer", "StringValue": "x"},
     "The message attribute 'attr1' has an invalid message attribute type, the set of supported"
     " type prefixes is Binary, Number, and String."),
    ("a" * 257, {"DataType": "String", "StringValue": "x"},
     "Length of message attribute name must be less than 256 bytes."),
    ("a^b", {"DataType": "String", "StringValue": "x"},
     "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only"
     " include alphanumeric characters, hyphens, underscores, or dots."),
    (".a", {"DataType": "String", "StringValue": "x"},
     "Invalid message attribute name starting with character '.' was found."),
    ("a.", {"DataType": "String", "StringValue": "x"},
     "Invalid message attribute name ending with character '.' was found."),
    ("a..b", {"DataType": "String", "StringValue": "x"},
     "Message attribute name can not have successive '.' character."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "attribute", "text"), ATTRIBUTES)
def test_N2_attributes_have_a_form(
    topic: Topic, name: str, attribute: dict[str, Any], text: str
) -> None:
    with refused("ParameterValueInvalid", text):
        topic.publish(MessageAttributes={name: attribute})


def test_N2_types_may_have_a_label(topic: Topic, queue: Queue) -> None:
    topic.subscribe(queue)
    labelled = {"DataType": "String.prefixed", "StringValue": "x"}
    topic.publish(MessageAttributes={"attr1": labelled})
    [body] = queue.bodies()
    assert json.loads(body)["MessageAttributes"]["attr1"]["Type"] == "String.prefixed"
