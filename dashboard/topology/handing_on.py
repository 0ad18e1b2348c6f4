"""Lines by which topics and rules hand things on: a subscription, a target, and the permission.

A queue lets nobody in by itself: the statement that it needs is added to its policy with the line,
and goes with it when the line is undone.
"""

import json
from typing import Any, Final

from django.utils.translation import gettext as _

from dashboard.console import door
from dashboard.topology.place import Args, CommandError, Place, text_of
from messaging.kernel.arns import parse_arn

_PRINCIPALS: Final = {"events": "events.amazonaws.com", "sns": "sns.amazonaws.com"}
_VERSION: Final = "2012-10-17"


def join(place: Place, source: str, target: str) -> dict[str, Any]:
    """Let a topic or a rule hand on to a queue; return the arguments that ``part`` undoes it by."""
    service = parse_arn(source).service
    if service not in _PRINCIPALS or parse_arn(target).service != "sqs":
        raise CommandError(_("A topic or a rule leads to a queue."))
    policy = let_in(place, source, target)
    made = _subscribe(place, source, target) if service == "sns" else _aim(place, source, target)
    return {"source": source, "target": target, "made": made, "policy": policy}


def part(place: Place, args: Args) -> tuple[str, str]:
    """Take a line away, and the policy back to what it was; return both ends."""
    source, target = text_of(args, "source"), text_of(args, "target")
    made, policy = text_of(args, "made"), args.get("policy", "")
    if parse_arn(source).service == "sns":
        _act(place, source, "Unsubscribe", SubscriptionArn=made)
    else:
        _act(place, source, "RemoveTargets", **_named(source), Ids=[made])
    if isinstance(policy, str):
        place.call(target, "SetQueueAttributes", Attributes={"Policy": policy})
    return source, target


def names(source: str, target: str) -> dict[str, str]:
    """Return the names of both ends, for sentences."""
    return {"source": parse_arn(source).name, "target": parse_arn(target).name}


def let_in(place: Place, source: str, queue: str) -> str:
    """Add the statement that lets a source in; return the policy that was there."""
    before = place.attributes(queue).get("Policy", "")
    policy: dict[str, Any] = {"Version": _VERSION, "Statement": []}
    if before:
        policy = json.loads(before)
    statements = policy["Statement"]
    statements = statements if isinstance(statements, list) else [statements]
    wanted = {
        "Effect": "Allow",
        "Principal": {"Service": _PRINCIPALS[parse_arn(source).service]},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    if not any(wanted.items() <= statement.items() for statement in statements):
        policy["Statement"] = [*statements, wanted]
        text = json.dumps(policy)
        place.call(queue, "SetQueueAttributes", Attributes={"Policy": text})
    return before


def _subscribe(place: Place, topic: str, queue: str) -> str:
    made = _act(
        place, topic, "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=queue,
        ReturnSubscriptionArn=True,
    )  # fmt: skip
    return str(made["SubscriptionArn"])


def _aim(place: Place, rule: str, queue: str) -> str:
    name = parse_arn(queue).name[:64]
    target: dict[str, Any] = {"Id": name, "Arn": queue}
    if queue.endswith(".fifo"):
        target["SqsParameters"] = {"MessageGroupId": "events"}
    _act(place, rule, "PutTargets", **_named(rule), Targets=[target])
    return name


def _named(rule: str) -> dict[str, str]:
    """Return rule and bus as EventBridge's calls name them."""
    _, _, path = parse_arn(rule).resource.partition("/")
    bus, _, name = path.rpartition("/")
    return {"Rule": name, "EventBusName": bus or "default"}


def _act(place: Place, arn: str, operation: str, **params: Any) -> Any:
    service = parse_arn(arn).service
    return door.act(place.owner(arn), operation, params, service=service)
