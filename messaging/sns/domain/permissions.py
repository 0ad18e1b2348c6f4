"""A topic's policy: AWS's default one, AddPermission and RemovePermission. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from messaging.kernel.arns import partition_of
from messaging.sns.errors import InvalidParameter

DEFAULT_ACTIONS: Final = (
    "GetTopicAttributes",
    "SetTopicAttributes",
    "AddPermission",
    "RemovePermission",
    "DeleteTopic",
    "Subscribe",
    "ListSubscriptionsByTopic",
    "Publish",
)
GRANTABLE: Final = frozenset({
    *DEFAULT_ACTIONS, "ConfirmSubscription", "GetDataProtectionPolicy", "ListTagsForResource",
    "PublishBatch", "PutDataProtectionPolicy", "Receive", "TagResource", "UntagResource",
})  # fmt: skip
_OUT_OF_SCOPE: Final = "Policy statement action out of service scope!"
_LABEL: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")


def default_policy(topic_arn: str, owner: str) -> str:
    """Return the policy that AWS shows of a topic to which none was given: owner only."""
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in DEFAULT_ACTIONS],
        "Resource": topic_arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": owner}},
    }
    return _dumped({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})


def check_actions(policy: Mapping[str, Any]) -> None:
    """Check that a policy speaks of SNS only; raises InvalidParameter."""
    for statement in _listed(policy["Statement"]):
        for action in _listed(statement.get("Action", statement.get("NotAction", []))):
            service, _, name = action.partition(":")
            if action != "*" and (service.lower() != "sns" or not name):
                raise InvalidParameter.of(_OUT_OF_SCOPE)


def add_permission(
    policy: str, *, topic_arn: str, label: str, accounts: Sequence[str], actions: Sequence[str]
) -> str:
    """Return the policy text with one more statement; raises InvalidParameter."""
    if not _LABEL.fullmatch(label):
        raise InvalidParameter.of("Label")
    if not accounts or not all(_ACCOUNT.fullmatch(account) for account in accounts):
        raise InvalidParameter.of("AWSAccountId")
    if not actions or not GRANTABLE.issuperset(actions):
        raise InvalidParameter.of(_OUT_OF_SCOPE)
    document = _load(policy)
    if any(statement.get("Sid") == label for statement in document["Statement"]):
        raise InvalidParameter.of("Statement already exists")
    region = topic_arn.split(":")[3]
    principals = [f"arn:{partition_of(region)}:iam::{account}:root" for account in accounts]
    document["Statement"].append({
        "Sid": label,
        "Effect": "Allow",
        "Principal": {"AWS": _one_or_all(principals)},
        "Action": _one_or_all([f"SNS:{action}" for action in actions]),
        "Resource": topic_arn,
    })  # fmt: skip
    return _dumped(document)


def remove_permission(policy: str, *, label: str) -> str:
    """Return the policy text without the statement of a label; one that is not there is fine."""
    document = _load(policy)
    left = [statement for statement in document["Statement"] if statement.get("Sid") != label]
    return _dumped({**document, "Statement": left}) if left else ""


def _load(policy: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(policy)
    document["Statement"] = _listed(document["Statement"])
    return document


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def _dumped(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
