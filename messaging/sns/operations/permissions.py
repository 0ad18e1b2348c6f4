"""AddPermission and RemovePermission: statements of a topic's policy by label."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.sns import transitions
from messaging.sns.addressing import topic_of
from messaging.sns.domain import permissions
from messaging.sns.store.topics import TopicRecord


def add_permission(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let other accounts call some actions of a topic."""
    topic = topic_of(ctx, req["TopicArn"], "AddPermission")
    policy = permissions.add_permission(
        _policy(topic),
        topic_arn=topic.arn,
        label=req["Label"],
        accounts=req["AWSAccountId"],
        actions=req["ActionName"],
    )
    transitions.set_attributes(ctx, topic, {**topic.attributes, "Policy": policy})
    return {}


def remove_permission(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Take back the statement that AddPermission gave a label."""
    topic = topic_of(ctx, req["TopicArn"], "RemovePermission")
    policy = permissions.remove_permission(_policy(topic), label=req["Label"])
    left = {name: value for name, value in topic.attributes.items() if name != "Policy"}
    transitions.set_attributes(ctx, topic, left | ({"Policy": policy} if policy else {}))
    return {}


def _policy(topic: TopicRecord) -> str:
    return topic.attributes.get("Policy") or permissions.default_policy(topic.arn, topic.account)
