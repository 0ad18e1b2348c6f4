"""The resource policy of a function, statement by statement. Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from messaging.awslambda.errors import (
    InvalidParameterValueException,
    PolicyLengthExceededException,
    ResourceConflictException,
    ResourceNotFoundException,
)
from messaging.awslambda.limits import POLICY_BYTES_MAX

_ACCOUNT: Final = re.compile(r"\d{12}")
_SERVICE: Final = re.compile(r"[\w.-]+\.amazonaws\.com(\.cn)?")
_ACTION: Final = re.compile(r"lambda:(\*|[a-zA-Z]+)|\*")


def add(policy: Mapping[str, Any] | None, *, arn: str, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the policy with one more statement; raises AwsError."""
    label = req["StatementId"]
    statements = list(policy["Statement"]) if policy else []
    if any(each["Sid"] == label for each in statements):
        raise ResourceConflictException(
            f"The statement id ({label}) provided already exists. Please provide a new statement"
            " id, or remove the existing statement."
        )
    made = {
        "Version": "2012-10-17",
        "Id": "default",
        "Statement": [*statements, statement(arn, req)],
    }
    if len(written(made).encode()) > POLICY_BYTES_MAX:
        raise PolicyLengthExceededException
    return made


def remove(policy: Mapping[str, Any] | None, label: str) -> dict[str, Any] | None:
    """Return the policy without a statement, None where none is left; raises AwsError."""
    statements = list(policy["Statement"]) if policy else []
    left = [each for each in statements if each["Sid"] != label]
    if len(left) == len(statements):
        raise ResourceNotFoundException(f"Statement {label} is not found in resource policy.")
    return {**policy, "Statement": left} if policy and left else None


def statement(arn: str, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the statement that AddPermission asks for; raises AwsError."""
    action = req["Action"]
    if not _ACTION.fullmatch(action):
        raise InvalidParameterValueException(f"Action {action} is no action of Lambda.")
    made = {
        "Sid": req["StatementId"],
        "Effect": "Allow",
        "Principal": _principal(req["Principal"]),
        "Action": action,
        "Resource": arn,
    }
    condition: dict[str, dict[str, str]] = {}
    if req.get("SourceAccount"):
        condition["StringEquals"] = {"AWS:SourceAccount": req["SourceAccount"]}
    if req.get("SourceArn"):
        condition["ArnLike"] = {"AWS:SourceArn": req["SourceArn"]}
    return made | ({"Condition": condition} if condition else {})


def written(policy: Mapping[str, Any]) -> str:
    """Return a policy as text, as Lambda writes it."""
    return json.dumps(policy, separators=(",", ":"))


def _principal(text: str) -> Any:
    if text == "*":
        return text
    if _ACCOUNT.fullmatch(text):
        return {"AWS": f"arn:aws:iam::{text}:root"}
    if text.startswith("arn:"):
        return {"AWS": text}
    if not _SERVICE.fullmatch(text):
        raise InvalidParameterValueException(
            "The provided principal was invalid. Please check the principal and try again."
        )
    return {"Service": text}
