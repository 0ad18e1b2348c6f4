"""Queue policies and who may do what: AddPermission, RemovePermission, evaluation."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from messaging import sandboxes
from messaging.kernel.models import Sandbox
from messaging.sqs.domain.permissions import OWNER_ONLY
from tests.fixtures.engine import ACCOUNT, REGION
from tests.fixtures.refusals import refused
from tests.services.sqs.conftest import Queue

OTHER = "111122223333"


@pytest.fixture
def other(sandbox: Sandbox, aws: Callable[..., Any]) -> Any:
    """Return a boto3 client of another account in the same sandbox."""
    sandboxes.add_account(sandbox, OTHER, regions=(REGION,))
    return aws("sqs", account=OTHER)


def statement(effect: str, action: str, principal: Any = "*", **more: Any) -> dict[str, Any]:
    return {
        "Sid": f"{effect}-{action}",
        "Effect": effect,
        "Principal": principal,
        "Action": action,
        "Resource": "*",
        **more,
    }


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def test_another_account_may_nothing_without_a_policy(queue: Queue, other: Any) -> None:
    with refused(
        "AccessDenied",
        f"User: arn:aws:iam::{OTHER}:root is not authorized to perform: sqs:sendmessage on"
        f" resource: {queue.arn} because no resource-based policy allows the sqs:sendmessage"
        " action",
        status=403,
    ):
        other.send_message(QueueUrl=queue.url, MessageBody="a")
    assert queue.counts == (0, 0, 0)


def test_a_policy_lets_another_account_in(queue: Queue, other: Any) -> None:
    queue.set(Policy=policy(statement("Allow", "sqs:SendMessage", {"AWS": OTHER})))
    other.send_message(QueueUrl=queue.url, MessageBody="from outside")
    [message] = queue.receive(AttributeNames=["SenderId"])
    assert message["Attributes"]["SenderId"] == OTHER
    with refused("AccessDenied"):
        other.receive_message(QueueUrl=queue.url)
    url = other.get_queue_attributes
    with refused("AccessDenied"):
        url(QueueUrl=queue.url, AttributeNames=["All"])


def test_batches_are_judged_by_the_action_for_one(queue: Queue, other: Any) -> None:
    queue.set(Policy=policy(statement("Allow", "sqs:SendMessage", {"AWS": OTHER})))
    other.send_message_batch(QueueUrl=queue.url, Entries=[{"Id": "a", "MessageBody": "a"}])
    with refused("AccessDenied"):
        other.delete_message_batch(QueueUrl=queue.url, Entries=[{"Id": "a", "ReceiptHandle": "h"}])


def test_the_owner_may_all_that_is_not_denied(queue: Queue) -> None:
    queue.set(Policy=policy(statement("Deny", "sqs:PurgeQueue")))
    queue.send()
    with refused("AccessDenied"):
        queue.api.purge_queue(QueueUrl=queue.url)
    assert queue.counts == (1, 0, 0)


def test_a_denial_wins_over_an_allowance(queue: Queue, other: Any) -> None:
    queue.set(
        Policy=policy(
            statement("Allow", "sqs:*", {"AWS": f"arn:aws:iam::{OTHER}:root"}),
            statement("Deny", "sqs:ReceiveMessage"),
        )
    )
    other.send_message(QueueUrl=queue.url, MessageBody="a")
    with refused("AccessDenied"):
        other.receive_message(QueueUrl=queue.url)


def test_an_allow_takes_nothing_from_the_owner(queue: Queue) -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": queue.arn}
    queue.set(Policy=json.dumps({"Version": "2012-10-17", "Statement": allow}))
    queue.set(VisibilityTimeout=7)
    assert queue.get("VisibilityTimeout") == {"VisibilityTimeout": "7"}


def test_what_is_kept_for_the_owner_no_policy_grants(queue: Queue, other: Any) -> None:
    assert "SetQueueAttributes" in OWNER_ONLY
    queue.set(Policy=policy(statement("Allow", "sqs:*")))
    calls: dict[str, dict[str, Any]] = {
        "set_queue_attributes": {"Attributes": {"DelaySeconds": "1"}},
        "delete_queue": {},
        "tag_queue": {"Tags": {"a": "b"}},
        "untag_queue": {"TagKeys": ["a"]},
        "list_queue_tags": {},
        "remove_permission": {"Label": "l"},
        "add_permission": {"Label": "l", "AWSAccountIds": [OTHER], "Actions": ["*"]},
    }
    for name, params in calls.items():
        with refused("AccessDenied"):
            getattr(other, name)(QueueUrl=queue.url, **params)
    other.purge_queue(QueueUrl=queue.url)


def test_a_queue_of_another_account_is_found_by_its_owner(queue: Queue, other: Any) -> None:
    with refused("AWS.SimpleQueueService.NonExistentQueue"):
        other.get_queue_url(QueueName="work")
    with refused("AccessDenied"):
        other.get_queue_url(QueueName="work", QueueOwnerAWSAccountId=ACCOUNT)
    queue.set(Policy=policy(statement("Allow", "sqs:GetQueueUrl")))
    found = other.get_queue_url(QueueName="work", QueueOwnerAWSAccountId=ACCOUNT)
    assert found["QueueUrl"] == queue.url


def test_accounts_have_queues_of_the_same_name(queue: Queue, other: Any) -> None:
    url = other.create_queue(QueueName="work")["QueueUrl"]
    assert url != queue.url
    other.send_message(QueueUrl=url, MessageBody="a")
    assert queue.counts == (0, 0, 0)


def test_add_permission_writes_a_statement_that_works(queue: Queue, other: Any) -> None:
    queue.api.add_permission(
        QueueUrl=queue.url,
        Label="partner",
        AWSAccountIds=[OTHER],
        Actions=["SendMessage", "GetQueueUrl"],
    )
    [added] = json.loads(queue.get("Policy")["Policy"])["Statement"]
    assert added == {
        "Sid": "partner",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"},
        "Action": ["SQS:SendMessage", "SQS:GetQueueUrl"],
        "Resource": queue.arn,
    }
    other.send_message(QueueUrl=queue.url, MessageBody="a")
    queue.api.remove_permission(QueueUrl=queue.url, Label="partner")
    assert queue.get("Policy") == {}
    with refused("AccessDenied"):
        other.send_message(QueueUrl=queue.url, MessageBody="b")


def test_add_permission_refuses_what_AWS_refuses(queue: Queue) -> None:
    def add(label: str = "l", account: str = OTHER, action: str = "SendMessage") -> None:
        queue.api.add_permission(
            QueueUrl=queue.url, Label=label, AWSAccountIds=[account], Actions=[action]
        )

    add()
    with refused(
        "InvalidParameterValue",
        "Value l for parameter Label is invalid. Reason: Already exists.",
    ):
        add()
    with refused("InvalidParameterValue"):
        add("two words")
    with refused("InvalidParameterValue"):
        add("a", account="nobody")
    with refused(
        "InvalidParameterValue",
        "Value SQS:CreateQueue for parameter ActionName is invalid. Reason: Only the queue owner is"
        " allowed to invoke this action.",
    ):
        add("b", action="CreateQueue")
    with refused(
        "InvalidParameterValue",
        "Value gone for parameter Label is invalid. Reason: can't find label.",
    ):
        queue.api.remove_permission(QueueUrl=queue.url, Label="gone")


def test_a_policy_that_is_none_is_refused(queue: Queue) -> None:
    for wrong in ("no json", "[]", '{"Statement": 1}'):
        with refused("InvalidAttributeValue", "Invalid value for the parameter Policy."):
            queue.set(Policy=wrong)


def test_conditions_are_evaluated(queue: Queue, other: Any) -> None:
    condition = {"StringEquals": {"aws:PrincipalAccount": OTHER}}
    queue.set(Policy=policy(statement("Allow", "sqs:SendMessage", Condition=condition)))
    other.send_message(QueueUrl=queue.url, MessageBody="a")
    condition = {"StringEquals": {"aws:PrincipalAccount": "999999999999"}}
    queue.set(Policy=policy(statement("Allow", "sqs:SendMessage", Condition=condition)))
    with refused("AccessDenied"):
        other.send_message(QueueUrl=queue.url, MessageBody="a")
