"""From an ARN to the topic, and whether the caller may do what it asks."""

from collections.abc import Mapping
from typing import Any, Final, NoReturn

from messaging.kernel.context import Context
from messaging.kernel.policies import Decision, PolicyRequest, evaluate
from messaging.kernel.policy_patterns import Values
from messaging.sns.domain.names import read_arn
from messaging.sns.errors import AuthorizationError, InvalidParameter, NotFound
from messaging.sns.store import topics
from messaging.sns.store.topics import TopicRecord

NOBODY: Final = "*"
# What the topic's policy may give to other accounts; the rest is the owner's.
_SHARED: Final = frozenset({
    "AddPermission", "DeleteTopic", "GetTopicAttributes", "ListSubscriptionsByTopic",
    "ListTagsForResource", "Publish", "RemovePermission", "SetTopicAttributes", "Subscribe",
    "TagResource", "UntagResource",
})  # fmt: skip


def topic_of(ctx: Context, arn: str | None, action: str) -> TopicRecord:
    """Return the topic that ``TopicArn`` names; raises InvalidParameter, NotFound and others."""
    found = find_topic(ctx, arn or "")
    if found is None:
        raise NotFound.of("Topic")
    if found.settings.policy is not None or found.account != ctx.account:
        check_allowed(ctx, found, action)
    return found


def find_topic(ctx: Context, arn: str, parameter: str = "TopicArn") -> TopicRecord | None:
    """Return a topic of the caller's Region, or None; raises InvalidParameter."""
    if not topics.known(ctx, arn) or ctx.caller.knows_region:
        place = read_arn(arn, parameter)
        if ctx.caller.knows_region and place.region != ctx.region:
            raise InvalidParameter.of(parameter)
    return topics.by_arn(ctx, arn)


def target_of(ctx: Context, req: Mapping[str, Any]) -> str:
    """Return the ARN of the topic that a call names, if it is in memory, or ""."""
    arn = req.get("TopicArn") or req.get("TargetArn") or ""
    return arn if isinstance(arn, str) and topics.known(ctx, arn) else ""


def check_allowed(ctx: Context, topic: TopicRecord, action: str) -> None:
    """Evaluate the topic's policy; raises AuthorizationError.

    The owner's account may do everything that the policy does not deny; another account, or an AWS
    service, only what the policy allows.
    """
    caller = ctx.caller
    known: dict[str, Values] = {
        "aws:PrincipalAccount": [ctx.account],
        "aws:PrincipalArn": [caller.principal],
        "aws:SourceOwner": [ctx.account],
        "aws:SourceAccount": [ctx.account] if caller.source_arn else None,
        "aws:SourceArn": [caller.source_arn] if caller.source_arn else None,
    }
    request = PolicyRequest(
        principal=caller.principal,
        account=ctx.account,
        action=f"sns:{action}",
        resource=topic.arn,
        context=known,
    )
    decision = evaluate(topic.settings.policy, request)
    # An AWS service that acts in a role of the owner's account is the owner.
    is_role = not caller.source_arn or caller.principal.startswith("arn:")
    # CloudWatch says whose alarm it is (AWS:SourceOwner): a topic's first policy lets it.
    is_role |= caller.principal == "cloudwatch.amazonaws.com" and not topic.settings.policy
    is_owner = topic.account == ctx.account and is_role
    if is_owner and not (decision.explicit and decision.effect != "allow"):
        return
    if decision.effect == "allow" and action in _SHARED:
        return
    _refuse(ctx, topic, action, decision)


def _refuse(ctx: Context, topic: TopicRecord, action: str, decision: Decision) -> NoReturn:
    because = f"because no resource-based policy allows the SNS:{action} action"
    if decision.explicit:
        because = f"with an explicit deny in a resource-based policy ({decision.reason})"
    raise AuthorizationError(
        f"User: {ctx.caller.principal} is not authorized to perform: SNS:{action} on resource:"
        f" {topic.arn} {because}"
    )
