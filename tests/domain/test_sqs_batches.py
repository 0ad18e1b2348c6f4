"""Batches, permissions, realism and the names of errors: B1, M1, R3, R5."""

import json
from typing import Any

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.kernel.policies import PolicyRequest, evaluate, parse_policy
from messaging.sqs import errors
from messaging.sqs.domain.batches import (
    Kind,
    check_batch_size,
    check_entries,
    failure,
    whole_request_error,
)
from messaging.sqs.domain.permissions import add_permission, remove_permission
from messaging.sqs.domain.realism import (
    LIFELIKE,
    Realism,
    disorder,
    partition_of,
    pick_duplicates,
    sample_partitions,
)

SEND: Kind = "SendMessageBatchRequestEntry"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
DICE = st.lists(st.floats(0, 1, exclude_max=True), min_size=20, max_size=20)


def entries(*ids: str) -> list[dict[str, Any]]:
    return [{"Id": entry_id} for entry_id in ids]


@pytest.mark.parametrize(
    ("given_entries", "code", "text"),
    [
        (
            [],
            "AWS.SimpleQueueService.EmptyBatchRequest",
            "There should be at least one SendMessageBatchRequestEntry in the request.",
        ),
        (
            entries(*map(str, range(20))),
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            "Maximum number of entries per request are 10. You have sent 20.",
        ),
        (
            entries("a", "b", "a"),
            "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            "Id a repeated.",
        ),
        *[
            (
                entries(bad),
                "AWS.SimpleQueueService.InvalidBatchEntryId",
                "A batch entry id can only contain alphanumeric characters, hyphens and "
                "underscores. It can be at most 80 letters long.",
            )
            for bad in ("", " ", "invalid:id", "x" * 81, "é", "a\n")
        ],
    ],
)
def test_B1_refused(given_entries: list[dict[str, Any]], code: str, text: str) -> None:
    with pytest.raises(errors.SqsError) as caught:
        check_entries(given_entries, SEND)
    assert caught.value.query_code == code
    assert caught.value.message == text


def test_B1_allowed() -> None:
    check_entries(entries("x" * 80, "A-b_9"), SEND)
    check_entries(entries(*map(str, range(10))), SEND)


def test_B1_failure_of_one_entry() -> None:
    assert failure("a", errors.ReceiptHandleIsInvalid.of("dummy")) == {
        "Id": "a",
        "SenderFault": True,
        "Code": "ReceiptHandleIsInvalid",
        "Message": 'The input receipt handle "dummy" is not a valid receipt handle.',
    }


def test_Q6_a_fifo_batch_fails_as_a_whole() -> None:
    error = whole_request_error(errors.MissingParameter.of("MessageGroupId"))
    assert error.query_code == "InvalidParameterValue"
    assert error.message == "The request must contain the parameter MessageGroupId."


def test_M1_size_of_a_batch() -> None:
    check_batch_size(1_048_576)
    with pytest.raises(errors.BatchRequestTooLong) as caught:
        check_batch_size(1_048_577)
    assert caught.value.message == (
        "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes."
    )


def test_errors_are_those_of_the_model() -> None:
    model = botocore.session.get_session().get_service_model("sqs")
    ours = {
        error.code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.SqsError)
    }
    # these two are AWS's, but not in its model
    beyond = {"InvalidParameterValue", "MissingParameter"}
    assert ours - {"InternalFailure"} == {shape.name for shape in model.error_shapes} | beyond


def test_permission_as_AWS_writes_it() -> None:
    one = add_permission(
        "", queue_arn=QUEUE, label="one", account_ids=["111111111111"], actions=["ReceiveMessage"]
    )
    assert json.loads(one) == {
        "Version": "2008-10-17",
        "Id": f"{QUEUE}/SQSDefaultPolicy",
        "Statement": [
            {
                "Sid": "one",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
                "Action": "SQS:ReceiveMessage",
                "Resource": QUEUE,
            }
        ],
    }
    two = add_permission(
        one,
        queue_arn=QUEUE,
        label="two",
        account_ids=["111111111111", "222222222222"],
        actions=["SendMessage", "*"],
    )
    assert [s["Sid"] for s in json.loads(two)["Statement"]] == ["one", "two"]
    assert remove_permission(two, label="two") == one
    assert remove_permission(one, label="one") == ""


def test_permission_has_its_effect() -> None:
    policy = parse_policy(
        add_permission(
            "", queue_arn=QUEUE, label="l", account_ids=["111111111111"], actions=["SendMessage"]
        )
    )
    root = "arn:aws:iam::111111111111:user/u"
    send = PolicyRequest(root, "111111111111", "sqs:SendMessage", QUEUE)
    receive = PolicyRequest(root, "111111111111", "sqs:ReceiveMessage", QUEUE)
    assert evaluate(policy, send).sid == "l"
    assert evaluate(policy, receive).effect == "deny"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"label": "a b"}, "for parameter Label is invalid"),
        ({"label": "there"}, "Value there for parameter Label is invalid. Reason: Already exists."),
        ({"actions": []}, "The request must contain the parameter Actions."),
        ({"actions": ["*"] * 8}, "8 Actions were found, maximum allowed is 7."),
        (
            {"actions": ["RemovePermission"]},
            "Value SQS:RemovePermission for parameter ActionName is invalid. Reason: Only the "
            "queue owner is allowed to invoke this action.",
        ),
        (
            {"actions": ["Fly"]},
            "Value SQS:Fly for parameter ActionName is invalid. Reason: Please refer to the "
            "appropriate WSDL for a list of valid actions.",
        ),
        (
            {"account_ids": []},
            "Value [] for parameter PrincipalId is invalid. Reason: Unable to verify.",
        ),
        (
            {"account_ids": ["12"]},
            "Value [12] for parameter PrincipalId is invalid. Reason: Unable to verify.",
        ),
    ],
)
def test_permission_refused(changes: dict[str, Any], text: str) -> None:
    valid: dict[str, Any] = {
        "queue_arn": QUEUE,
        "label": "there",
        "account_ids": ["111111111111"],
        "actions": ["SendMessage"],
    }
    policy = add_permission("", **valid)
    with pytest.raises(errors.SqsError) as caught:
        add_permission(policy, **{**valid, "label": "new", **changes})
    assert text in caught.value.message


def test_permission_not_there() -> None:
    with pytest.raises(errors.InvalidParameterValue) as caught:
        remove_permission("", label="x")
    assert caught.value.message == (
        "Value x for parameter Label is invalid. Reason: can't find label."
    )


@given(DICE)
def test_R3_a_short_poll_asks_some(dice: list[float]) -> None:
    asked = sample_partitions(LIFELIKE, dice)
    assert len(asked) == LIFELIKE.sampled
    assert asked <= set(range(LIFELIKE.partitions))
    assert partition_of(13, LIFELIKE) == 13 % LIFELIKE.partitions


def test_R3_repeating_reaches_every_partition() -> None:
    rolls = [[n / 8, 0.0, 0.0, 0.0] for n in range(8)]
    asked = set[int]().union(*(sample_partitions(LIFELIKE, dice) for dice in rolls))
    assert asked == set(range(8))


@given(DICE)
def test_R3_off_by_default(dice: list[float]) -> None:
    items = list(range(10))
    assert sample_partitions(Realism(), dice) == {0}
    assert pick_duplicates(items, Realism(), dice[:10]) == []
    assert disorder(items, Realism(), dice[:10]) == items


@given(DICE)
def test_R5_nothing_is_lost_or_made_up(dice: list[float]) -> None:
    items = list(range(20))
    realism = Realism(duplicates=0.5, disorder=0.5)
    assert sorted(disorder(items, realism, dice)) == items
    assert set(pick_duplicates(items, realism, dice)) == {
        item for item, die in zip(items, dice, strict=True) if die < 0.5
    }


@pytest.mark.parametrize(
    "values",
    [{"sampled": 2}, {"sampled": 0}, {"duplicates": 1.1}, {"disorder": -0.1}],
)
def test_R3_impossible_settings(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"partition|probabilities"):
        Realism(**values)
