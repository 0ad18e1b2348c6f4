"""What a schedule brings to its target. Pure."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from messaging.kernel.arns import Arn, is_arn, parse_arn
from messaging.scheduler.errors import ValidationException

UNIVERSAL: Final = "aws-sdk:"


class Firing:
    """One time at which a schedule fires: what its input may name of it."""

    def __init__(self, schedule_arn: str, at: int, execution: str) -> None:
        self.schedule_arn = schedule_arn
        self.at = at
        self.execution = execution

    @property
    def time(self) -> str:
        """The time that the expression named, as AWS writes it."""
        return datetime.fromtimestamp(self.at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def check(target: Mapping[str, Any]) -> None:
    """Check a target; raises ValidationException."""
    for name, text in (("Arn", target["Arn"]), ("RoleArn", target["RoleArn"])):
        if not is_arn(text):
            raise ValidationException(f"Provided {name} is not in correct format.")
    dead = target.get("DeadLetterConfig", {}).get("Arn")
    if dead is not None and (not is_arn(dead) or parse_arn(dead).service != "sqs"):
        raise ValidationException("Provided DeadLetterConfig Arn is not an SQS queue.")
    found = parse_arn(target["Arn"])
    if found.service == "events" and "EventBridgeParameters" not in target:
        raise ValidationException("EventBridgeParameters is required for EventBridge targets.")
    if found.service == "kinesis" and "KinesisParameters" not in target:
        raise ValidationException("KinesisParameters is required for Kinesis targets.")
    if target["Arn"].endswith(".fifo") and found.service == "sqs" and "SqsParameters" not in target:
        raise ValidationException("SqsParameters is required for SQS FIFO targets.")


def is_universal(target: Mapping[str, Any]) -> bool:
    """Tell whether the target is any operation of the SDK, not a resource."""
    found = parse_arn(target["Arn"])
    return found.service == "scheduler" and found.resource.startswith(UNIVERSAL)


def said(target: Mapping[str, Any], firing: Firing, attempt: int) -> str:
    """Return the input, or what stands for none, with the names of this firing filled in."""
    text = target.get("Input")
    if text is None:
        return json.dumps(_default_event(firing))
    names = {
        "<aws.scheduler.schedule-arn>": firing.schedule_arn,
        "<aws.scheduler.scheduled-time>": firing.time,
        "<aws.scheduler.execution-id>": firing.execution,
        "<aws.scheduler.attempt-number>": str(attempt),
    }
    for name, value in names.items():
        text = text.replace(name, value)
    return str(text)


def body(target: Mapping[str, Any], text: str) -> str:
    """Return what the target's service takes: the parameters of the call that brings ``text``."""
    arn = parse_arn(target["Arn"])
    return json.dumps(_BODIES.get(arn.service, _payload)(target, arn, text))


def _default_event(firing: Firing) -> dict[str, Any]:
    arn = parse_arn(firing.schedule_arn)
    return {
        "version": "0",
        "id": firing.execution,
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": arn.account,
        "time": firing.time,
        "region": arn.region,
        "resources": [firing.schedule_arn],
        "detail": "{}",
    }


def _sqs(target: Mapping[str, Any], _: Arn, text: str) -> dict[str, Any]:
    group = target.get("SqsParameters", {}).get("MessageGroupId")
    return {"MessageBody": text} | ({"MessageGroupId": group} if group else {})


def _sns(target: Mapping[str, Any], _: Arn, text: str) -> dict[str, Any]:
    return {"TopicArn": target["Arn"], "Message": text}


def _events(target: Mapping[str, Any], arn: Arn, text: str) -> dict[str, Any]:
    asked = target["EventBridgeParameters"]
    return {
        "EventBusName": arn.name,
        "Source": asked["Source"],
        "DetailType": asked["DetailType"],
        "Detail": text,
    }


def _kinesis(target: Mapping[str, Any], _: Arn, text: str) -> dict[str, Any]:
    return {"Data": text, "PartitionKey": target["KinesisParameters"]["PartitionKey"]}


def _payload(_: Mapping[str, Any], __: Arn, text: str) -> dict[str, Any]:
    return {"InvocationType": "Event", "Payload": text}


_BODIES: Final = {"events": _events, "kinesis": _kinesis, "sns": _sns, "sqs": _sqs}
