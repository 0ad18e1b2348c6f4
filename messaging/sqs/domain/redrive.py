"""Dead-letter queues: the two redrive policies and when a message moves (rules L1–L3, L5)."""

import json
import re
from typing import Any, Literal, NamedTuple, cast

from messaging.kernel.arns import Arn, is_arn, parse_arn
from messaging.sqs.domain.names import is_fifo_name
from messaging.sqs.errors import InvalidAttributeValue, InvalidParameterValue
from messaging.sqs.limits import MAX_RECEIVES_MAX, REDRIVE_SOURCES_MAX

Permission = Literal["allowAll", "denyAll", "byQueue"]

_PERMISSIONS = ("allowAll", "denyAll", "byQueue")
_INTEGER = re.compile(r"-?\d{1,9}")
_CANNOT_ALLOW = "Amazon SQS can't create the redrive allow policy"


class RedrivePolicy(NamedTuple):
    """Where messages go that were received more than ``max_receives`` times."""

    dlq_arn: str
    max_receives: int

    def text(self) -> str:
        return _compact({"deadLetterTargetArn": self.dlq_arn, "maxReceiveCount": self.max_receives})


class RedriveAllowPolicy(NamedTuple):
    """Which queues may name this one as their dead-letter queue."""

    permission: Permission = "allowAll"
    source_arns: tuple[str, ...] = ()

    def text(self) -> str:
        policy: dict[str, Any] = {"redrivePermission": self.permission}
        if self.source_arns:
            policy["sourceQueueArns"] = list(self.source_arns)
        return _compact(policy)


def parse_redrive_policy(text: str) -> RedrivePolicy:
    """Read a RedrivePolicy attribute (L1); raises with AWS's texts."""

    def refuse(reason: str) -> InvalidParameterValue:
        return InvalidParameterValue.of("RedrivePolicy", text, reason=reason)

    policy = _load_map(text)
    if policy is None:
        raise InvalidAttributeValue.of(
            "RedrivePolicy", reason="Redrive policy is not a valid JSON map."
        )
    for name in ("maxReceiveCount", "deadLetterTargetArn"):
        if name not in policy:
            raise refuse(f"Redrive policy does not contain mandatory attribute: {name}.")
    if len(policy) > len(RedrivePolicy._fields):
        raise refuse(
            "Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn]."
        )
    count = policy["maxReceiveCount"]
    if not _is_count(count):
        raise refuse(
            f"Invalid value for maxReceiveCount: {count}, valid values are from 1 to "
            f"{MAX_RECEIVES_MAX} both inclusive."
        )
    target = policy["deadLetterTargetArn"]
    if not isinstance(target, str) or not is_arn(target):
        raise refuse("Invalid value for deadLetterTargetArn.")
    if parse_arn(target).service != "sqs":
        raise refuse("Only SQS queues are valid resources for deadLetterTargetArn.")
    return RedrivePolicy(target, int(count))


def check_target(policy: RedrivePolicy, source: Arn) -> None:
    """Check that a queue may have this dead-letter queue (L1): same type, account and Region."""
    target = parse_arn(policy.dlq_arn)
    reason = ""
    if target.region != source.region:
        reason = "Dead-letter target must be in same region as the source."
    elif target.account != source.account:
        reason = "Dead-letter target owner should be same as the source."
    elif is_fifo_name(target.resource) != is_fifo_name(source.resource):
        # the two full stops are AWS's
        reason = "Dead-letter queue must be same type of queue as the source.."
    if reason:
        raise InvalidParameterValue.of("RedrivePolicy", policy.text(), reason=reason)


def target_missing(policy: RedrivePolicy) -> InvalidParameterValue:
    """Return the error for a dead-letter queue that does not exist."""
    return InvalidParameterValue.of(
        "RedrivePolicy", policy.text(), reason="Dead letter target does not exist."
    )


def target_refuses(policy: RedrivePolicy) -> InvalidParameterValue:
    """Return the error for a dead-letter queue whose RedriveAllowPolicy says no (L5)."""
    return InvalidParameterValue.of(
        "RedrivePolicy",
        policy.text(),
        reason="The dead-letter queue's redrive allow policy does not permit this source queue.",
    )


def parse_redrive_allow_policy(text: str) -> RedriveAllowPolicy:
    """Read a RedriveAllowPolicy attribute (L5); raises with AWS's texts."""

    def refuse(reason: str) -> InvalidParameterValue:
        return InvalidParameterValue.of(
            "RedriveAllowPolicy", text, reason=f"{_CANNOT_ALLOW}. {reason}"
        )

    policy = _load_map(text)
    if policy is None or not _is_allow_form(policy):
        raise InvalidAttributeValue.of(
            "RedriveAllowPolicy", reason=f"{_CANNOT_ALLOW}, as it’s in an unsupported format."
        )
    permission = cast(Permission, policy["redrivePermission"])
    sources = policy.get("sourceQueueArns")
    if permission == "byQueue" and not sources:
        raise refuse(
            "When you specify the byQueue permission type, you must also specify one or more "
            "sourceQueueArns values."
        )
    if permission != "byQueue" and sources is not None:
        raise refuse(
            "To specify one or more source queue ARNs, you must set redrivePermission to byQueue."
        )
    if sources and len(sources) > REDRIVE_SOURCES_MAX:
        raise refuse(
            f"The maximum number of source queue ARNs you can specify is {REDRIVE_SOURCES_MAX}."
        )
    return RedriveAllowPolicy(permission, tuple(sources or ()))


def allows_source(policy: RedriveAllowPolicy | None, source_arn: str) -> bool:
    """Tell whether a dead-letter queue with this policy takes messages of ``source_arn`` (L5)."""
    if policy is None or policy.permission == "allowAll":
        return True
    return policy.permission == "byQueue" and source_arn in policy.source_arns


def should_move(receives: int, policy: RedrivePolicy | None) -> bool:
    """Tell whether the next receive moves the message instead of returning it (L2).

    ``receives`` is how often it was received before: consumers see it exactly max_receives times.
    """
    return policy is not None and receives >= policy.max_receives


def sent_at_in_dlq(sent_at: int, moved_at: int, *, fifo: bool) -> int:
    """Return from when the dead-letter queue's retention counts (L3), in milliseconds."""
    return moved_at if fifo else sent_at


def _load_map(text: str) -> dict[str, Any] | None:
    try:
        policy = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return policy if isinstance(policy, dict) else None


def _is_count(value: object) -> bool:
    if isinstance(value, bool) or not _INTEGER.fullmatch(str(value)):
        return False
    return 1 <= int(str(value)) <= MAX_RECEIVES_MAX


def _is_allow_form(policy: dict[str, Any]) -> bool:
    if policy.get("redrivePermission") not in _PERMISSIONS:
        return False
    if not policy.keys() <= {"redrivePermission", "sourceQueueArns"}:
        return False
    sources = policy.get("sourceQueueArns", [])
    return isinstance(sources, list) and all(
        isinstance(source, str) and is_arn(source) for source in sources
    )


def _compact(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))
