"""What becomes of the results of asynchronous invocations: records, dead letters (LM5). Pure."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from messaging.awslambda.domain.behaviour import TIMEOUT
from messaging.awslambda.errors import InvalidParameterValueException, ValidationException
from messaging.awslambda.limits import AGE_S
from messaging.kernel.arns import parse_arn

SUCCESS: Final = "Success"
EXHAUSTED: Final = "RetriesExhausted"
TOO_OLD: Final = "EventAgeExceeded"
_TARGET: Final = re.compile(
    r"arn:aws[\w-]*:(sqs:[\w-]+:\d{12}:|sns:[\w-]+:\d{12}:"
    r"|lambda:[\w-]+:\d{12}:function:|events:[\w-]+:\d{12}:event-bus/|s3:::).+"
)
_RETRIES_MAX: Final = 2
_ERROR_CHARS: Final = 1_024


def read_config(
    known: Mapping[str, Any], req: Mapping[str, Any], function_arn: str
) -> dict[str, Any]:
    """Return the configuration that a request leads to; raises AwsError."""
    names = ("DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts")
    asked = {**known, **{name: req[name] for name in names if req.get(name) is not None}}
    age, retries = asked.get("MaximumEventAgeInSeconds"), asked.get("MaximumRetryAttempts")
    if age is not None and age not in AGE_S:
        raise _out_of_range("maximumEventAgeInSeconds", age, AGE_S.start, AGE_S.stop - 1)
    if retries is not None and not 0 <= retries <= _RETRIES_MAX:
        raise _out_of_range("maximumRetryAttempts", retries, 0, _RETRIES_MAX)
    for when in ("OnSuccess", "OnFailure"):
        arn = asked.get("DestinationConfig", {}).get(when, {}).get("Destination")
        if arn and not _TARGET.fullmatch(arn):
            raise InvalidParameterValueException(
                f"The provided destination config DestinationConfig({when}) is invalid: {arn} is no"
                " queue, topic, function, event bus or bucket."
            )
        if arn == function_arn:
            raise InvalidParameterValueException(
                "You can't specify the function as a destination for itself."
            )
    return asked


class Outcome:
    """How an asynchronous invocation has ended: when, after how many tries, with what."""

    def __init__(
        self, function_arn: str, request_id: str, payload: str, *, condition: str, tries: int,
        at: int,
    ) -> None:  # fmt: skip
        self.function_arn = function_arn
        self.request_id = request_id
        self.payload = payload
        self.condition = condition
        self.tries = tries
        self.at = at

    def record(self, result: Any, *, failed: bool) -> dict[str, Any]:
        """Return the record that a destination gets."""
        context = {"statusCode": 200, "executedVersion": "$LATEST"}
        return {
            "version": "1.0",
            "timestamp": written(self.at),
            "requestContext": {
                "requestId": self.request_id,
                "functionArn": f"{self.function_arn}:$LATEST",
                "condition": self.condition,
                "approximateInvokeCount": self.tries,
            },
            "requestPayload": parsed(self.payload),
            "responseContext": context | ({"functionError": "Unhandled"} if failed else {}),
            "responsePayload": result,
        }


def record_body(target: str, record: Mapping[str, Any]) -> str:
    """Return what brings a record to a destination: the parameters of that service's call."""
    arn, text = parse_arn(target), json.dumps(record)
    if arn.service == "sqs":
        body: dict[str, Any] = {"MessageBody": text}
    elif arn.service == "sns":
        body = {"TopicArn": target, "Message": text}
    elif arn.service == "lambda":
        body = {"InvocationType": "Event", "Payload": text}
    else:
        is_success = record["requestContext"]["condition"] == SUCCESS
        function_arn = record["requestContext"]["functionArn"]
        kind = "Success" if is_success else "Failure"
        body = {
            "EventBusName": arn.name,
            "Source": "lambda",
            "DetailType": f"Lambda Function Invocation Result - {kind}",
            "Detail": text,
            "Resources": [target, function_arn],
        }
    return json.dumps(body)


def dead_letter(target: str, payload: str, *, request_id: str, message: str) -> str:
    """Return an event for a dead-letter queue or topic, with what was wrong as attributes."""
    attributes = {
        "RequestID": {"DataType": "String", "StringValue": request_id},
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": message[:_ERROR_CHARS]},
    }
    if parse_arn(target).service == "sns":
        return json.dumps({"TopicArn": target, "Message": payload, "MessageAttributes": attributes})
    return json.dumps({"MessageBody": payload, "MessageAttributes": attributes})


def error_payload(why: str, *, request_id: str, timeout_s: int, at: int) -> dict[str, Any]:
    """Return what a failed invocation answers."""
    if why == TIMEOUT:
        text = f"{written(at)} {request_id} Task timed out after {timeout_s:.2f} seconds"
        return {"errorMessage": text, "errorType": "Sandbox.Timedout"}
    return {
        "errorMessage": f"The function failed: {why}.",
        "errorType": "Exception",
        "requestId": request_id,
        "stackTrace": [],
    }


def written(at: int) -> str:
    """Return a time as Lambda writes it."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def parsed(text: str) -> Any:
    """Return a payload as JSON, or as the text that it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _out_of_range(name: str, value: int, least: int, most: int) -> ValidationException:
    side, bound = ("greater", least) if value < least else ("less", most)
    return ValidationException(
        f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint:"
        f" Member must have value {side} than or equal to {bound}"
    )
