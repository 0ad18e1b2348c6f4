"""Queue attributes and names: Q1, Q4, Q7, D6, S7."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.sqs.domain.attribute_queries import (
    NAMES,
    QueueFacts,
    answer,
    asked_names,
    needs_counts,
)
from messaging.sqs.domain.attributes import (
    QueueSettings,
    attribute_map,
    change_settings,
    check_same,
    create_settings,
    settings_of,
)
from messaging.sqs.domain.names import QueueAddress, check_queue_name, parse_queue_url, queue_url
from messaging.sqs.domain.redrive import RedriveAllowPolicy, RedrivePolicy
from messaging.sqs.errors import (
    InvalidAttributeName,
    InvalidAttributeValue,
    InvalidParameterValue,
    OverLimit,
    QueueNameExists,
    SqsError,
)

CASES = json.loads((Path(__file__).parents[1] / "cases/sqs_queue_attributes.json").read_text())
DLQ = "arn:aws:sqs:us-east-1:123456789012:dead"
FACTS = QueueFacts("arn:aws:sqs:us-east-1:123456789012:q", 1, 2, visible=3, in_flight=4, delayed=5)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_Q4_refused(case: dict[str, Any]) -> None:
    with pytest.raises(SqsError) as caught:
        create_settings(case.get("name", "orders"), case["attributes"])
    assert caught.value.query_code == case["code"]
    assert caught.value.message == case["text"]


def test_Q4_defaults() -> None:
    assert attribute_map(create_settings("orders", {})) == {
        "DelaySeconds": "0",
        "MaximumMessageSize": "1048576",
        "MessageRetentionPeriod": "345600",
        "ReceiveMessageWaitTimeSeconds": "0",
        "SqsManagedSseEnabled": "true",
        "VisibilityTimeout": "30",
    }


def test_Q4_defaults_of_a_fifo_queue() -> None:
    shown = attribute_map(create_settings("orders.fifo", {"FifoQueue": "true"}))
    assert shown["FifoQueue"] == "true"
    assert shown["ContentBasedDeduplication"] == "false"
    assert shown["DeduplicationScope"] == "queue"
    assert shown["FifoThroughputLimit"] == "perQueue"


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("DelaySeconds", 0, 900),
        ("KmsDataKeyReusePeriodSeconds", 60, 86_400),
        ("MaximumMessageSize", 1_024, 1_048_576),
        ("MessageRetentionPeriod", 60, 1_209_600),
        ("ReceiveMessageWaitTimeSeconds", 0, 20),
        ("VisibilityTimeout", 0, 43_200),
    ],
)
def test_Q4_ranges(name: str, least: int, most: int) -> None:
    for value in (least, most):
        assert attribute_map(create_settings("q", {name: str(value)}))[name] == str(value)
    for value in (least - 1, most + 1):
        with pytest.raises(InvalidAttributeValue):
            create_settings("q", {name: str(value)})


def test_Q4_the_type_of_a_queue_cannot_change() -> None:
    fifo = create_settings("q.fifo", {"FifoQueue": "true"})
    assert change_settings(fifo, {"FifoQueue": "true"}) == fifo
    with pytest.raises(InvalidAttributeValue, match="Modifying queue type is not supported"):
        change_settings(fifo, {"FifoQueue": "false"})
    with pytest.raises(InvalidAttributeName, match="Unknown Attribute FifoQueue"):
        change_settings(QueueSettings(), {"FifoQueue": "true"})


def test_Q4_a_change_touches_what_it_names() -> None:
    before = create_settings("q", {"DelaySeconds": "5", "VisibilityTimeout": "7"})
    after = change_settings(before, {"DelaySeconds": "6"})
    assert (after.delay_s, after.visibility_s) == (6, 7)


def test_Q4_one_encryption_replaces_the_other() -> None:
    kms = change_settings(QueueSettings(), {"KmsMasterKeyId": "alias/aws/sqs"})
    shown = attribute_map(kms)
    assert shown["SqsManagedSseEnabled"] == "false"
    assert shown["KmsMasterKeyId"] == "alias/aws/sqs"
    assert shown["KmsDataKeyReusePeriodSeconds"] == "300"
    sse = change_settings(kms, {"SqsManagedSseEnabled": "true"})
    assert "KmsMasterKeyId" not in attribute_map(sse)


def test_Q4_policies_are_removed_by_an_empty_text() -> None:
    policy = '{"Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:*"}}'
    redrive = json.dumps({"deadLetterTargetArn": DLQ, "maxReceiveCount": 3})
    allow = '{"redrivePermission":"denyAll"}'
    names = {"Policy": policy, "RedrivePolicy": redrive, "RedriveAllowPolicy": allow}
    full = create_settings("q", names)
    assert attribute_map(full).keys() >= names.keys()
    empty = change_settings(full, dict.fromkeys(names, ""))
    assert attribute_map(empty).keys().isdisjoint(names)


def test_Q4_a_policy_has_twenty_statements_at_most() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage"}
    text = json.dumps({"Statement": [statement] * 20})
    assert create_settings("q", {"Policy": text}).policy == text
    with pytest.raises(OverLimit, match="22 statements were found in the submitted policy"):
        create_settings("q", {"Policy": json.dumps({"Statement": [statement] * 22})})


def test_D6_the_limit_per_group_needs_the_scope_per_group() -> None:
    high = {
        "FifoQueue": "true",
        "DeduplicationScope": "messageGroup",
        "FifoThroughputLimit": "perMessageGroupId",
    }
    settings = create_settings("q.fifo", high)
    assert settings.fifo_throughput == "perMessageGroupId"
    with pytest.raises(InvalidAttributeValue, match="allowed only when"):
        change_settings(settings, {"DeduplicationScope": "queue"})


def test_Q1_same_attributes_find_the_queue() -> None:
    there = create_settings("q", {"DelaySeconds": "5", "VisibilityTimeout": "7"})
    check_same(there, "q", {})
    check_same(there, "q", {"DelaySeconds": "05"})
    with pytest.raises(QueueNameExists) as caught:
        check_same(there, "q", {"DelaySeconds": "6", "VisibilityTimeout": "7"})
    assert caught.value.message == (
        "A queue already exists with the same name and a different value for attribute DelaySeconds"
    )


def test_Q1_a_redrive_policy_is_compared_by_meaning() -> None:
    there = create_settings(
        "q", {"RedrivePolicy": f'{{"maxReceiveCount":"3","deadLetterTargetArn":"{DLQ}"}}'}
    )
    text = f'{{ "deadLetterTargetArn" : "{DLQ}" , "maxReceiveCount" : 3 }}'
    check_same(there, "q", {"RedrivePolicy": text})


SETTINGS = st.builds(
    QueueSettings,
    visibility_s=st.integers(0, 43_200),
    delay_s=st.integers(0, 900),
    wait_s=st.integers(0, 20),
    retention_s=st.integers(60, 1_209_600),
    max_size=st.integers(1_024, 1_048_576),
    redrive=st.none() | st.builds(RedrivePolicy, st.just(DLQ), st.integers(1, 1_000)),
    redrive_allow=st.sampled_from(
        [None, RedriveAllowPolicy("denyAll"), RedriveAllowPolicy("byQueue", (DLQ,))]
    ),
    kms_reuse_s=st.integers(60, 86_400),
) | st.builds(
    QueueSettings,
    fifo=st.just(True),
    content_dedup=st.booleans(),
    dedup_scope=st.just("messageGroup"),
    fifo_throughput=st.sampled_from(["perQueue", "perMessageGroupId"]),
    kms_key=st.just("alias/k"),
    sse_sqs=st.just(False),
)


@given(SETTINGS)
def test_settings_survive_storing(settings: QueueSettings) -> None:
    stored = json.loads(json.dumps(attribute_map(settings)))
    assert settings_of(stored) == settings


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=20), max_size=4))
def test_Q4_any_text_is_taken_or_refused_in_AWS_form(attributes: Mapping[str, str]) -> None:
    try:
        settings = create_settings("q", attributes)
    except SqsError as error:
        assert error.message
    else:
        assert settings_of(attribute_map(settings)) == settings


def test_S7_attributes_asked_for() -> None:
    stored = attribute_map(QueueSettings())
    assert answer(asked_names(["VisibilityTimeout"]), stored, FACTS) == {"VisibilityTimeout": "30"}
    everything = answer(asked_names(["All"]), stored, FACTS)
    assert everything["ApproximateNumberOfMessages"] == "3"
    assert everything["ApproximateNumberOfMessagesNotVisible"] == "4"
    assert everything["ApproximateNumberOfMessagesDelayed"] == "5"
    assert everything["CreatedTimestamp"] == "1"
    assert everything["LastModifiedTimestamp"] == "2"
    assert "FifoQueue" not in everything
    assert answer(asked_names(["RedrivePolicy"]), stored, FACTS) == {}
    assert asked_names([]) == ()
    with pytest.raises(InvalidAttributeName, match="Unknown Attribute Colour"):
        asked_names(["QueueArn", "Colour"])


def test_S7_counting_only_where_asked() -> None:
    assert needs_counts(asked_names(["All"]))
    assert needs_counts(asked_names(["ApproximateNumberOfMessages"]))
    assert not needs_counts(asked_names(["QueueArn", "VisibilityTimeout"]))


@pytest.mark.parametrize(
    ("name", "fifo"),
    [
        ("q", False),
        ("A_b-9", False),
        ("x" * 80, False),
        ("q.fifo", True),
        ("x" * 75 + ".fifo", True),
    ],
)
def test_Q7_names_allowed(name: str, fifo: bool) -> None:
    check_queue_name(name, fifo=fifo)


@pytest.mark.parametrize(
    ("name", "fifo"),
    [
        ("", False),
        ("x" * 81, False),
        ("in.fo", False),
        ("é", False),
        ("a b", False),
        ("q\n", False),
        ("x" * 76 + ".fifo", True),
        (".fifo", True),
        ("q.FIFO", True),
    ],
)
def test_Q7_names_refused(name: str, fifo: bool) -> None:
    with pytest.raises(InvalidParameterValue):
        check_queue_name(name, fifo=fifo)


ACCOUNT = "123456789012"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (f"http://127.0.0.1:8000/{ACCOUNT}/q", (ACCOUNT, None, "q")),
        (f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/q.fifo", (ACCOUNT, "eu-west-1", "q.fifo")),
        (f"http://sqs.eu-west-1.localhost:4566/{ACCOUNT}/q", (ACCOUNT, "eu-west-1", "q")),
        (f"https://eu-west-1.queue.amazonaws.com/{ACCOUNT}/q", (ACCOUNT, "eu-west-1", "q")),
        (f"https://queue.amazonaws.com/{ACCOUNT}/q", (ACCOUNT, None, "q")),
        (f"http://localhost:4566/queue/eu-west-1/{ACCOUNT}/q", (ACCOUNT, "eu-west-1", "q")),
        ("http://localhost:9324/queue/q", (None, None, "q")),
        (f"http://localhost/{ACCOUNT}/q/", (ACCOUNT, None, "q")),
        (f"/{ACCOUNT}/q", (ACCOUNT, None, "q")),
        (f"{ACCOUNT}/q", (ACCOUNT, None, "q")),
        ("q", (None, None, "q")),
    ],
)
def test_Q7_urls_of_any_form(url: str, address: tuple[str | None, str | None, str]) -> None:
    assert parse_queue_url(url) == QueueAddress(*address)


@pytest.mark.parametrize("url", ["", "http://h/", "http://h/a/b/c", "http://h/12/q", "http://[x/q"])
def test_Q7_no_queue_in_it(url: str) -> None:
    assert parse_queue_url(url) is None


@given(st.from_regex(r"\A[A-Za-z0-9_-]{1,75}(\.fifo)?\Z"))
def test_Q7_url_round_trip(name: str) -> None:
    url = queue_url("http://127.0.0.1:8000", "123456789012", name)
    assert parse_queue_url(url) == QueueAddress("123456789012", None, name)


@given(st.text())
def test_Q7_any_text_is_a_url_or_none(url: str) -> None:
    address = parse_queue_url(url)
    assert address is None or address.name
