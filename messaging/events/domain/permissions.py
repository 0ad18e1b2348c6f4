"""PutPermission and RemovePermission: two ways to edit a bus's policy."""

import json
from collections.abc import Mapping
from typing import Any, Final

from messaging.events.errors import (
    PolicyLengthExceededException,
    ResourceNotFoundException,
    ValidationException,
)
from messaging.events.limits import POLICY_BYTES_MAX
from messaging.kernel.policies import parse_policy

_SUPPORTED: Final = "events:PutEvents"
_PARTS: Final = ("Action", "Principal", "StatementId")


def put(policy: str, *, bus: str, request: Mapping[str, Any]) -> str:
    """Return the policy text after PutPermission; raises with what is wrong."""
    whole = request.get("Policy")
    text = _checked(_with_statement(policy, bus, request) if whole is None else whole)
    if len(text.encode()) > POLICY_BYTES_MAX:
        raise PolicyLengthExceededException
    return text


def remove(policy: str, *, request: Mapping[str, Any]) -> str:
    """Return the policy text after RemovePermission, "" where no statement is left."""
    if request.get("RemoveAllPermissions"):
        return ""
    label = request.get("StatementId")
    if label is None:
        raise ValidationException(
            "Parameter StatementId or RemoveAllPermissions must be specified."
        )
    document = _load(policy)
    left = [each for each in document["Statement"] if each.get("Sid") != label]
    if len(left) == len(document["Statement"]):
        raise ResourceNotFoundException("Statement with the provided id does not exist.")
    return _write({**document, "Statement": left}) if left else ""


def _checked(text: str) -> str:
    try:
        return _write(parse_policy(text))
    except ValueError as error:
        raise ValidationException.of("Policy", reason=f"{error}.") from None


def _with_statement(policy: str, bus: str, request: Mapping[str, Any]) -> str:
    missing = [name for name in _PARTS if not request.get(name)]
    if missing:
        raise ValidationException(f"Parameter(s) {', '.join(missing)} must be specified.")
    if request["Action"] != _SUPPORTED:
        raise ValidationException("Provided value in parameter 'action' is not supported.")
    document, label = _load(policy), request["StatementId"]
    statement = _statement(bus, request)
    known = [each.get("Sid") for each in document["Statement"]]
    if label in known:
        document["Statement"][known.index(label)] = statement
    else:
        document["Statement"].append(statement)
    return _write(document)


def _statement(bus: str, request: Mapping[str, Any]) -> dict[str, Any]:
    who = request["Principal"]
    partition = bus.split(":", 2)[1]
    statement: dict[str, Any] = {
        "Sid": request["StatementId"],
        "Effect": "Allow",
        "Principal": who if who == "*" else {"AWS": f"arn:{partition}:iam::{who}:root"},
        "Action": request["Action"],
        "Resource": bus,
    }
    condition = request.get("Condition")
    if condition:
        statement["Condition"] = {condition["Type"]: {condition["Key"]: condition["Value"]}}
    return statement


def _load(policy: str) -> dict[str, Any]:
    if not policy:
        return {"Version": "2012-10-17", "Statement": []}
    document: dict[str, Any] = json.loads(policy)
    if isinstance(document["Statement"], dict):
        document["Statement"] = [document["Statement"]]
    return document


def _write(document: Mapping[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
