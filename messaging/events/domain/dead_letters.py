"""The dead-letter queue of a target: what may be one, and what a dead letter tells (P5)."""

from collections.abc import Mapping
from typing import Any

import orjson

from messaging.events.errors import ValidationException
from messaging.kernel.arns import parse_arn


def check_dead_letters(config: Mapping[str, Any] | None, *, region: str) -> None:
    """Check a DeadLetterConfig: a standard queue of the same Region."""
    arn = (config or {}).get("Arn")
    if not arn:
        return
    try:
        parsed = parse_arn(arn)
    except ValueError:
        raise ValidationException.of(arn, reason="Provided Arn is not in correct format.") from None
    if parsed.service != "sqs":
        raise ValidationException(f"{parsed.service} is not supported as a dead letter resource.")
    if parsed.resource.endswith(".fifo"):
        raise ValidationException("SQS FIFO is not supported by Dead Letter Queues.")
    if parsed.region != region:
        raise ValidationException.of(
            "DeadLetterConfig.Arn", reason="The queue must be in the Region of the rule."
        )


def dead_letter(
    event: str,
    *,
    rule: str,
    target: str,
    code: str,
    message: str,
    condition: str,
    retries: int,
) -> str:
    """Return the parameters of SendMessage that bring an event to its dead-letter queue.

    ``condition`` is the limit that ended the retries, "" where nothing was tried again.
    """
    told = {
        "RULE_ARN": rule,
        "TARGET_ARN": target,
        "ERROR_CODE": code,
        "ERROR_MESSAGE": message,
        "EXHAUSTED_RETRY_CONDITION": condition,
        "RETRY_ATTEMPTS": str(retries),
    }
    attributes = {
        name: {"DataType": "String", "StringValue": text} for name, text in told.items() if text
    }
    return orjson.dumps({"MessageBody": event, "MessageAttributes": attributes}).decode()
