"""Targets: which are legal (P3, P4), and the request that an event becomes for each service."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from messaging.events.domain import templates
from messaging.events.domain.dead_letters import check_dead_letters
from messaging.events.domain.entries import Event
from messaging.events.domain.paths import MISSING, is_path, steps, value_at
from messaging.events.errors import ValidationException
from messaging.kernel.arns import Arn, parse_arn

Config = Mapping[str, Any]
_INPUTS: Final = ("Input", "InputPath", "InputTransformer")
# Which services take these parameters; SqsParameters are taken with any.
_PARAMETERS: Final = {
    "AppSyncParameters": ("appsync",),
    "BatchParameters": ("batch",),
    "EcsParameters": ("ecs",),
    "HttpParameters": ("events", "execute-api"),
    "KinesisParameters": ("kinesis",),
    "RedshiftDataParameters": ("redshift", "redshift-serverless"),
    "RunCommandParameters": ("ssm",),
    "SageMakerPipelineParameters": ("sagemaker",),
}
_BY_ROLE: Final = ("batch", "ecs", "firehose", "kinesis", "ssm", "states")


def check_target(config: Config, rule: Arn) -> None:
    """Check a target of a rule; raises ValidationException."""
    name, arn = config["Id"], config["Arn"]
    try:
        parsed = parse_arn(arn)
    except ValueError:
        raise ValidationException.of(arn, reason="Provided Arn is not in correct format.") from None
    for parameter, services in _PARAMETERS.items():
        if config.get(parameter) is not None and parsed.service not in services:
            raise ValidationException(f"Parameter(s) {parameter} not supported for target: {name}.")
    group = (config.get("SqsParameters") or {}).get("MessageGroupId")
    if parsed.service == "sqs" and arn.endswith(".fifo") and not group:
        raise ValidationException(
            f"Parameter(s) SqsParameters must be specified for target: {name}."
        )
    _check_role(config, parsed, rule)
    _check_input(config, name)
    check_dead_letters(config.get("DeadLetterConfig"), region=rule.region)


def renderer(config: Config, *, rule: str, name: str) -> Callable[[Event], str]:
    """Return the function that says what of an event a target gets."""
    if config.get("Input") is not None:
        constant: str = config["Input"]
        return lambda event: constant
    if config.get("InputPath") is not None:
        path = steps(config["InputPath"])
        return lambda event: _at(event, path)
    transformer = config.get("InputTransformer")
    if transformer is not None:
        paths = transformer.get("InputPathsMap") or {}
        return templates.compose(transformer["InputTemplate"], paths, rule=rule, name=name)
    return lambda event: event.text


def request_for(config: Config, service: str, event: Event, text: str) -> str:
    """Return the parameters of the operation by which a target's service gets a text, as JSON."""
    maker = _REQUESTS.get(service)
    return orjson.dumps(maker(config, event, text) if maker else {"Input": text}).decode()


def _check_role(config: Config, target: Arn, rule: Arn) -> None:
    """Check that a role is named where resource policies do not decide."""
    is_bus = target.service == "events" and target.resource.startswith("event-bus/")
    other_account = is_bus and target.account != rule.account
    needs = target.service in _BY_ROLE or (is_bus and target.region != rule.region)
    needs = needs or (target.service == "events" and not other_account)
    if needs and not config.get("RoleArn"):
        raise ValidationException(f"RoleArn is required for target {target}.")
    if other_account and any(config.get(part) is not None for part in _INPUTS):
        given = next(part for part in _INPUTS if config.get(part) is not None)
        raise ValidationException(f"Parameter(s) {given} not supported for target: {config['Id']}.")


def _check_input(config: Config, name: str) -> None:
    given = [part for part in _INPUTS if config.get(part) is not None]
    if len(given) > 1:
        raise ValidationException(
            f"Only one of Input, InputPath, or InputTransformer must be provided for target {name}."
        )
    if config.get("Input") is not None:
        try:
            orjson.loads(config["Input"])
        except orjson.JSONDecodeError:
            raise ValidationException(f"JSON syntax error in input for target {name}.") from None
    transformer = config.get("InputTransformer") or {}
    paths = transformer.get("InputPathsMap") or {}
    for path in [config.get("InputPath"), *paths.values()]:
        if path is not None and not is_path(path):
            raise ValidationException(f"InputPath for target {name} is invalid.")
    if not transformer:
        return
    try:
        templates.check(transformer["InputTemplate"], paths)
    except templates.BadTemplate as error:
        text, lead = str(error), "InputTemplate for target"
        if text.startswith(":"):
            lead = "Invalid InputTemplate for target"
        raise ValidationException(f"{lead} {name} {text}") from None


def _at(event: Event, path: tuple[str | int, ...]) -> str:
    value = value_at(event.data, path)
    return "null" if value is MISSING else orjson.dumps(value).decode()


def _message(config: Config, event: Event, text: str) -> dict[str, Any]:
    group = (config.get("SqsParameters") or {}).get("MessageGroupId")
    message = {"MessageBody": text, **({"MessageGroupId": group} if group else {})}
    if event.trace:
        header = {"DataType": "String", "StringValue": event.trace}
        message["MessageSystemAttributes"] = {"AWSTraceHeader": header}
    return message


def _record(config: Config, event: Event, text: str) -> dict[str, Any]:
    path = (config.get("KinesisParameters") or {}).get("PartitionKeyPath")
    key = value_at(event.data, steps(path)) if path else event.data["id"]
    return {"Data": _bytes(text), "PartitionKey": event.data["id"] if key is MISSING else str(key)}


def _entry(config: Config, event: Event, text: str) -> dict[str, Any]:
    """Return the entry that brings the whole event to another bus, with what no caller may say."""
    data = event.data
    return {
        "Source": data["source"],
        "DetailType": data["detail-type"],
        "Detail": orjson.dumps(data["detail"]).decode(),
        "Resources": data["resources"],
        "Time": event.at,
        **({"TraceHeader": event.trace} if event.trace else {}),
        "Origin": {"id": data["id"], "account": data["account"], "region": data["region"]},
    }


def _bytes(text: str) -> str:
    return b64encode(text.encode()).decode()


_REQUESTS: Final[dict[str, Callable[[Config, Event, str], dict[str, Any]]]] = {
    "events": _entry,
    "firehose": lambda config, event, text: {"Record": {"Data": _bytes(text)}},
    "kinesis": _record,
    "lambda": lambda config, event, text: {"InvocationType": "Event", "Payload": text},
    "sns": lambda config, event, text: {"Message": text},
    "sqs": _message,
    "states": lambda config, event, text: {"input": text},
}
