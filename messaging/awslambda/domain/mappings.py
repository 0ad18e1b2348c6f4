"""Settings of event source mappings for queues: checked, with what AWS fills in (LM1–LM3). Pure."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.awslambda.errors import InvalidParameterValueException, ValidationException
from messaging.awslambda.limits import (
    BATCH_DEFAULT,
    BATCH_MAX,
    BATCH_MAX_FIFO,
    FILTERS_MAX,
    MAXIMUM_CONCURRENCY,
    WINDOW_S,
)
from messaging.kernel.arns import is_arn, parse_arn
from messaging.kernel.errors import NotModelled
from messaging.patterns.records import find_flaw

NAMES: Final = (
    "BatchSize", "FilterCriteria", "FunctionResponseTypes", "MaximumBatchingWindowInSeconds",
    "ScalingConfig",
)  # fmt: skip
# What belongs to streams and brokers.
_FOREIGN: Final = (
    "BisectBatchOnFunctionError", "DestinationConfig", "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts", "ParallelizationFactor", "Queues", "SourceAccessConfigurations",
    "StartingPosition", "Topics", "TumblingWindowInSeconds",
)  # fmt: skip
_PARTIAL: Final = "ReportBatchItemFailures"


def source_of(req: Mapping[str, Any]) -> str:
    """Return the ARN of the queue; raises AwsError, NotModelled for other sources."""
    arn = req.get("EventSourceArn") or ""
    if not arn:
        if req.get("SelfManagedEventSource"):
            raise NotModelled("Signalbox does not model mappings for Apache Kafka.")
        raise InvalidParameterValueException("EventSourceArn is required.")
    if not is_arn(arn):
        raise ValidationException(
            f"1 validation error detected: Value '{arn}' at 'eventSourceArn' failed to satisfy"
            " constraint: it is no ARN"
        )
    service = parse_arn(arn).service
    if service != "sqs":
        raise NotModelled(f"Signalbox does not model event source mappings for {service}.")
    return str(arn)


def read(known: Mapping[str, Any], req: Mapping[str, Any], *, source: str) -> dict[str, Any]:
    """Return the settings that a request leads to; raises AwsError."""
    if req.get("ProvisionedPollerConfig"):
        raise NotModelled("Signalbox does not model provisioned pollers of mappings.")
    foreign = [name for name in _FOREIGN if req.get(name) not in (None, [], {})]
    if foreign:
        raise InvalidParameterValueException(
            f"Unsupported parameter for given event source mapping type. ({', '.join(foreign)})"
        )
    settings = {**known, **{name: req[name] for name in NAMES if req.get(name) is not None}}
    settings.setdefault("BatchSize", BATCH_DEFAULT)
    settings.setdefault("MaximumBatchingWindowInSeconds", 0)
    settings.setdefault("FunctionResponseTypes", [])
    _check_batch(settings, is_fifo=source.endswith(".fifo"))
    _check_scaling(settings)
    _check_filters(settings)
    for kind in settings["FunctionResponseTypes"]:
        if kind != _PARTIAL:
            raise InvalidParameterValueException(f"{kind} is no type of function responses.")
    return settings


def _check_batch(settings: Mapping[str, Any], *, is_fifo: bool) -> None:
    size, window = settings["BatchSize"], settings["MaximumBatchingWindowInSeconds"]
    if not 1 <= size <= BATCH_MAX:
        raise _out_of_range("batchSize", size, 1, BATCH_MAX)
    if window not in WINDOW_S:
        raise _out_of_range("maximumBatchingWindowInSeconds", window, 0, WINDOW_S.stop - 1)
    if is_fifo and (size > BATCH_MAX_FIFO or window):
        wrong = "Batching window is" if window else "BatchSize greater than 10 is"
        raise InvalidParameterValueException(f"{wrong} not supported for FIFO queues.")
    if size > BATCH_DEFAULT and not window:
        raise InvalidParameterValueException(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is"
            " greater than 10"
        )


def _check_scaling(settings: Mapping[str, Any]) -> None:
    most = settings.get("ScalingConfig", {}).get("MaximumConcurrency")
    if most is not None and most not in MAXIMUM_CONCURRENCY:
        least, last = MAXIMUM_CONCURRENCY.start, MAXIMUM_CONCURRENCY.stop - 1
        raise _out_of_range("scalingConfig.maximumConcurrency", most, least, last)


def _check_filters(settings: Mapping[str, Any]) -> None:
    filters = settings.get("FilterCriteria", {}).get("Filters") or []
    if len(filters) > FILTERS_MAX:
        raise InvalidParameterValueException(
            f"Invalid filter criteria: at most {FILTERS_MAX} filters."
        )
    for each in filters:
        flaw = find_flaw(each.get("Pattern") or "{}")
        if flaw:
            raise InvalidParameterValueException(f"Invalid filter pattern definition. ({flaw})")


def _out_of_range(name: str, value: int, least: int, most: int) -> ValidationException:
    side, bound = ("greater", least) if value < least else ("less", most)
    return ValidationException(
        f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint:"
        f" Member must have value {side} than or equal to {bound}"
    )
