"""What a pipe brings to its target (PI1). Pure."""

import json
from collections.abc import Mapping
from typing import Any, Final

from messaging.kernel.arns import Arn, parse_arn
from messaging.pipes.domain.events import fill

Parameters = Mapping[str, Any]


def body(target: str, parameters: Parameters, text: str, event: Mapping[str, Any]) -> str:
    """Return the parameters of the call that brings ``text`` to a target that takes one event."""
    arn = parse_arn(target)
    return json.dumps(_BODIES[arn.service](arn, parameters, text, event))


def _sqs(_: Arn, parameters: Parameters, text: str, event: Mapping[str, Any]) -> dict[str, Any]:
    asked = parameters.get("SqsQueueParameters") or {}
    names = ("MessageGroupId", "MessageDeduplicationId")
    ids = {name: _plain(asked[name], event) for name in names if asked.get(name)}
    return {"MessageBody": text, **ids}


def _sns(arn: Arn, _: Parameters, text: str, __: Mapping[str, Any]) -> dict[str, Any]:
    return {"TopicArn": str(arn), "Message": text}


def _events(
    arn: Arn, parameters: Parameters, text: str, event: Mapping[str, Any]
) -> dict[str, Any]:
    asked = parameters.get("EventBridgeEventBusParameters") or {}
    return {
        "EventBusName": arn.name,
        "Source": _plain(asked.get("Source") or "Pipe", event),
        "DetailType": _plain(asked.get("DetailType") or "Event from aws:sqs", event),
        "Detail": text,
    }


def _plain(value: str, event: Mapping[str, Any]) -> str:
    """Return a parameter, which may be a path such as ``$.body.id``."""
    if not value.startswith("$"):
        return value
    found = json.loads(fill(f"<{value}>", event, {}))
    return found if isinstance(found, str) else json.dumps(found)


_BODIES: Final = {"events": _events, "sns": _sns, "sqs": _sqs}
