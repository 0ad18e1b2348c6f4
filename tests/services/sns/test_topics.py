"""Topics: create, configure, tag, list, permit, delete: N2, N7, N13."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.engine import ACCOUNT, REGION
from tests.fixtures.refusals import refused
from tests.services.sns.conftest import Queue, Topic, text

ARN = f"arn:aws:sns:{REGION}:{ACCOUNT}"
EFFECTIVE = {
    "http": {
        "defaultHealthyRetryPolicy": {
            "minDelayTarget": 20, "maxDelayTarget": 20, "numRetries": 3, "numMaxDelayRetries": 0,
            "numNoDelayRetries": 0, "numMinDelayRetries": 0, "backoffFunction": "linear",
        },
        "disableSubscriptionOverrides": False,
        "defaultRequestPolicy": {"headerContentType": "text/plain; charset=UTF-8"},
    }
}  # fmt: skip


def test_attributes_of_a_new_topic(topic: Topic) -> None:
    found = topic.get()
    assert json.loads(found.pop("EffectiveDeliveryPolicy")) == EFFECTIVE
    policy = json.loads(found.pop("Policy"))
    assert policy["Id"] == "__default_policy_ID"
    [statement] = policy["Statement"]
    assert statement["Sid"] == "__default_statement_ID"
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}
    assert found == {
        "DisplayName": "",
        "Owner": ACCOUNT,
        "SubscriptionsConfirmed": "0",
        "SubscriptionsDeleted": "0",
        "SubscriptionsPending": "0",
        "TopicArn": f"{ARN}:news",
    }


def test_attributes_of_a_fifo_topic(make: Callable[..., Topic]) -> None:
    found = make("a.fifo", DisplayName="TestTopic", SignatureVersion=2).get()
    assert found["FifoTopic"] == "true"
    assert found["ContentBasedDeduplication"] == "false"
    assert (found["DisplayName"], found["SignatureVersion"]) == ("TestTopic", "2")


def test_creating_again_returns_the_topic(api: Any, make: Callable[..., Topic]) -> None:
    made = make("news", DisplayName="Hi")
    for attributes in ({}, {"DisplayName": "Hi"}):
        assert api.create_topic(Name="news", Attributes=attributes)["TopicArn"] == made.arn
    with refused(
        "InvalidParameter",
        "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
    ):
        make("news", DisplayName="Other")


def test_creating_again_with_more_tags_is_refused(api: Any) -> None:
    one, two = {"Key": "k1", "Value": "v1"}, {"Key": "k2", "Value": "v2"}
    first = api.create_topic(Name="news", Tags=[one])
    assert api.create_topic(Name="news") == api.create_topic(Name="news", Tags=[one])
    with refused(
        "InvalidParameter",
        "Invalid parameter: Tags Reason: Topic already exists with different tags",
    ):
        api.create_topic(Name="news", Tags=[one, two])
    api.delete_topic(TopicArn=first["TopicArn"])
    assert api.create_topic(Name="news", Tags=[two])["TopicArn"] == first["TopicArn"]


@pytest.mark.parametrize("name", ["a b", "a.b", "ü", "a" * 257, "news.fifo"])
def test_names_have_a_form(make: Callable[..., Topic], api: Any, name: str) -> None:
    with refused("InvalidParameter", "Invalid parameter: Topic Name"):
        api.create_topic(Name=name)


def test_a_fifo_topic_has_its_suffix(api: Any) -> None:
    with refused("InvalidParameter", "Invalid parameter: Topic Name"):
        api.create_topic(Name="news", Attributes={"FifoTopic": "true"})


def test_tags_are_added_replaced_and_removed(api: Any, topic: Topic) -> None:
    def tags() -> dict[str, str]:
        listed = api.list_tags_for_resource(ResourceArn=topic.arn)["Tags"]
        return {tag["Key"]: tag["Value"] for tag in listed}

    api.tag_resource(
        ResourceArn=topic.arn, Tags=[{"Key": "k1", "Value": "v1"}, {"Key": "k2", "Value": "v2"}]
    )
    api.untag_resource(ResourceArn=topic.arn, TagKeys=["k1", "never"])
    assert tags() == {"k2": "v2"}
    api.tag_resource(ResourceArn=topic.arn, Tags=[{"Key": "k2", "Value": "v2b"}])
    assert tags() == {"k2": "v2b"}
    with refused("InvalidParameter", "Invalid parameter: Duplicated keys are not allowed."):
        api.tag_resource(
            ResourceArn=topic.arn, Tags=[{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}]
        )
    with refused("TagLimitExceeded"):
        many = [{"Key": f"k{n}", "Value": "v"} for n in range(51)]
        api.tag_resource(ResourceArn=topic.arn, Tags=many)
    with refused("ResourceNotFound", "Resource does not exist", status=404):
        api.list_tags_for_resource(ResourceArn=f"{topic.arn}-not")


def test_topics_are_listed_by_pages_and_region(api: Any, aws: Callable[..., Any]) -> None:
    for n in range(105):
        api.create_topic(Name=f"t{n:03d}")
    first = api.list_topics()
    rest = api.list_topics(NextToken=first["NextToken"])
    assert (len(first["Topics"]), len(rest["Topics"])) == (100, 5)
    assert "NextToken" not in rest
    assert aws("sns", region="eu-west-1").list_topics()["Topics"] == []
    with refused("InvalidParameter"):
        api.list_topics(NextToken="made up")


def test_deleting_is_final_and_may_be_repeated(
    api: Any, topic: Topic, queue: Queue, events: Callable[..., list[Any]]
) -> None:
    topic.subscribe(queue)
    for _ in range(2):
        api.delete_topic(TopicArn=topic.arn)
    with refused("NotFound", "Topic does not exist", status=404):
        topic.get()
    assert api.list_subscriptions()["Subscriptions"] == []
    assert len(events("sns.TopicDeleted")) == 1


def test_a_topic_of_another_region_is_none_of_ours(aws: Callable[..., Any], topic: Topic) -> None:
    with refused("InvalidParameter", "Invalid parameter: TopicArn"):
        aws("sns", region="eu-west-1").get_topic_attributes(TopicArn=topic.arn)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Unknown", "x"),
        ("FifoTopic", "true"),
        ("SignatureVersion", "3"),
        ("TracingConfig", "Sometimes"),
        ("DisplayName", "x" * 101),
        ("MaximumMessageSize", "1023"),
        ("MaximumMessageSize", "1048577"),
        ("ContentBasedDeduplication", "true"),
        ("FifoThroughputScope", "MessageGroup"),
        ("ArchivePolicy", '{"MessageRetentionPeriod": 7}'),
        ("LambdaSuccessFeedbackSampleRate", "101"),
        ("HTTPSuccessFeedbackRoleArn", "me"),
        ("Policy", "{"),
        ("DeliveryPolicy", "{"),
    ],
)
def test_attributes_are_checked(topic: Topic, name: str, value: str) -> None:
    before = topic.get()
    with refused("InvalidParameter"):
        topic.set(**{name: value})
    assert topic.get() == before


def test_N7_delivery_policies_are_merged_and_taken_back(topic: Topic) -> None:
    json_only = {"http": {"defaultRequestPolicy": {"headerContentType": "application/json"}}}
    topic.set(DeliveryPolicy=json_only)
    found = topic.get()
    assert json.loads(found["DeliveryPolicy"]) == {
        "http": {**json_only["http"], "disableSubscriptionOverrides": False}
    }
    effective = json.loads(found["EffectiveDeliveryPolicy"])["http"]
    assert effective["defaultRequestPolicy"] == {"headerContentType": "application/json"}
    retry = {"minDelayTarget": 5, "maxDelayTarget": 6, "numRetries": 1}
    topic.set(DeliveryPolicy={"http": {"defaultHealthyRetryPolicy": retry}})
    effective = json.loads(topic.get()["EffectiveDeliveryPolicy"])["http"]
    assert effective["defaultHealthyRetryPolicy"] == {
        **EFFECTIVE["http"]["defaultHealthyRetryPolicy"], **retry,
    }  # fmt: skip
    topic.set(DeliveryPolicy={"http": {"defaultHealthyRetryPolicy": None}})
    kept = {"http": {"disableSubscriptionOverrides": False}}
    assert json.loads(topic.get()["DeliveryPolicy"]) == kept
    topic.set(DeliveryPolicy={"http": None})
    found = topic.get()
    assert "DeliveryPolicy" not in found
    assert json.loads(found["EffectiveDeliveryPolicy"]) == EFFECTIVE


@pytest.mark.parametrize(
    "retry",
    [
        {"minDelayTarget": 0},
        {"minDelayTarget": 30, "maxDelayTarget": 20},
        {"maxDelayTarget": 3601},
        {"numRetries": 101},
        {"numRetries": 2, "numNoDelayRetries": 3},
        {"numRetries": 100, "minDelayTarget": 60, "maxDelayTarget": 60},
        {"backoffFunction": "random"},
        {"numTries": 1},
        {"numRetries": "3"},
    ],
)
def test_N7_retries_have_ranges(topic: Topic, retry: dict[str, Any]) -> None:
    with refused("InvalidParameter"):
        topic.set(DeliveryPolicy={"http": {"defaultHealthyRetryPolicy": retry}})


def test_permissions_are_statements_of_the_policy(
    api: Any, aws: Callable[..., Any], topic: Topic
) -> None:
    label = {"TopicArn": topic.arn, "Label": "partners"}
    api.add_permission(**label, AWSAccountId=["111122223333"], ActionName=["Publish"])
    statement = json.loads(topic.get()["Policy"])["Statement"][-1]
    assert statement == {
        "Sid": "partners",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "SNS:Publish",
        "Resource": topic.arn,
    }
    with refused("InvalidParameter", "Invalid parameter: Statement already exists"):
        api.add_permission(**label, AWSAccountId=["111122223333"], ActionName=["Publish"])
    with refused(
        "InvalidParameter", "Invalid parameter: Policy statement action out of service scope!"
    ):
        api.add_permission(
            TopicArn=topic.arn, Label="x", AWSAccountId=["111122223333"], ActionName=["Fly"]
        )
    api.remove_permission(**label)
    assert len(json.loads(topic.get()["Policy"])["Statement"]) == 1


def test_another_account_needs_the_policy(
    aws: Callable[..., Any], topic: Topic, second_account: str
) -> None:
    stranger = aws("sns", account=second_account)
    with refused("AuthorizationError", status=403):
        stranger.publish(TopicArn=topic.arn, Message="hi")
    topic.api.add_permission(
        TopicArn=topic.arn, Label="x", AWSAccountId=[second_account], ActionName=["Publish"]
    )
    assert stranger.publish(TopicArn=topic.arn, Message="hi")["MessageId"]
    with refused("AuthorizationError"):
        stranger.delete_topic(TopicArn=topic.arn)


def test_the_owner_is_bound_by_a_deny(topic: Topic) -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "SNS:Publish", "Resource": topic.arn}
    topic.set(Policy=text({"Version": "2012-10-17", "Statement": [deny]}))
    with refused("AuthorizationError"):
        topic.publish()
    topic.set(Policy="")
    assert topic.publish()["MessageId"]


def test_message_data_protection_is_not_modelled(api: Any, topic: Topic) -> None:
    with refused("NotImplemented", status=501):
        api.get_data_protection_policy(ResourceArn=topic.arn)
    with refused("NotImplemented", status=501):
        api.create_topic(Name="x", DataProtectionPolicy="{}")
