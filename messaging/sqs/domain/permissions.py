"""AddPermission and RemovePermission: two ways to edit a queue's policy."""

import json
import re
from collections.abc import Sequence
from typing import Any

from messaging.kernel.arns import parse_arn
from messaging.sqs.errors import InvalidParameterValue, MissingParameter, OverLimit
from messaging.sqs.limits import PERMISSION_ACTIONS_MAX, POLICY_STATEMENTS_MAX

GRANTABLE = frozenset(
    {
        "*",
        "ChangeMessageVisibility",
        "DeleteMessage",
        "GetQueueAttributes",
        "GetQueueUrl",
        "ListDeadLetterSourceQueues",
        "PurgeQueue",
        "ReceiveMessage",
        "SendMessage",
    }
)
OWNER_ONLY = frozenset(
    {
        "AddPermission",
        "CancelMessageMoveTask",
        "CreateQueue",
        "DeleteQueue",
        "ListMessageMoveTasks",
        "ListQueues",
        "ListQueueTags",
        "RemovePermission",
        "SetQueueAttributes",
        "StartMessageMoveTask",
        "TagQueue",
        "UntagQueue",
    }
)

_LABEL = re.compile(r"[A-Za-z0-9_-]{1,80}")
_ACCOUNT = re.compile(r"[0-9]{12}")


def add_permission(
    policy: str, *, queue_arn: str, label: str, account_ids: Sequence[str], actions: Sequence[str]
) -> str:
    """Return the queue's policy text with one more statement; raises with AWS's texts."""
    _check_label(label)
    _check_actions(actions)
    _check_accounts(account_ids)
    document = _load(policy, queue_arn)
    statements = document["Statement"]
    if any(statement.get("Sid") == label for statement in statements):
        raise InvalidParameterValue.of("Label", label, reason="Already exists.")
    if len(statements) >= POLICY_STATEMENTS_MAX:
        raise OverLimit(
            f"{len(statements) + 1} statements were found in the submitted policy, max allowed is "
            f"{POLICY_STATEMENTS_MAX}"
        )
    partition = parse_arn(queue_arn).partition
    principals = [f"arn:{partition}:iam::{account}:root" for account in account_ids]
    statements.append(
        {
            "Sid": label,
            "Effect": "Allow",
            "Principal": {"AWS": _one_or_list(principals)},
            "Action": _one_or_list([f"SQS:{action}" for action in actions]),
            "Resource": queue_arn,
        }
    )
    return json.dumps(document, separators=(",", ":"))


def remove_permission(policy: str, *, label: str) -> str:
    """Return the policy text without the label's statement, ``""`` where none is left."""
    document = _load(policy, "")
    left = [statement for statement in document["Statement"] if statement.get("Sid") != label]
    if len(left) == len(document["Statement"]):
        raise InvalidParameterValue.of("Label", label, reason="can't find label.")
    document["Statement"] = left
    return json.dumps(document, separators=(",", ":")) if left else ""


def _load(policy: str, queue_arn: str) -> dict[str, Any]:
    if not policy:
        return {"Version": "2008-10-17", "Id": f"{queue_arn}/SQSDefaultPolicy", "Statement": []}
    document: dict[str, Any] = json.loads(policy)
    if isinstance(document["Statement"], dict):
        document["Statement"] = [document["Statement"]]
    return document


def _check_label(label: str) -> None:
    if not _LABEL.fullmatch(label):
        raise InvalidParameterValue.of(
            "Label",
            label,
            reason="Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 "
            "in length.",
        )


def _check_actions(actions: Sequence[str]) -> None:
    if not actions:
        raise MissingParameter.of("Actions")
    if len(actions) > PERMISSION_ACTIONS_MAX:
        raise OverLimit(
            f"{len(actions)} Actions were found, maximum allowed is {PERMISSION_ACTIONS_MAX}."
        )
    for action in actions:
        if action in OWNER_ONLY:
            reason = "Only the queue owner is allowed to invoke this action."
        elif action not in GRANTABLE:
            reason = "Please refer to the appropriate WSDL for a list of valid actions."
        else:
            continue
        raise InvalidParameterValue.of("ActionName", f"SQS:{action}", reason=reason)


def _check_accounts(account_ids: Sequence[str]) -> None:
    unknown = [account for account in account_ids if not _ACCOUNT.fullmatch(account)]
    if unknown or not account_ids:
        raise InvalidParameterValue.of(
            "PrincipalId", f"[{', '.join(unknown)}]", reason="Unable to verify."
        )


def _one_or_list(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values
