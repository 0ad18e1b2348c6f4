"""What a pipe may be asked for (PI1). Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from messaging.kernel.arns import is_arn, parse_arn
from messaging.kernel.errors import NotModelled
from messaging.patterns.records import find_flaw
from messaging.pipes.errors import ValidationException
from messaging.pipes.limits import BATCH_DEFAULT, BATCH_MAX, FIFO_BATCH_MAX, FILTERS_MAX

TARGETS: Final = frozenset({"events", "lambda", "sns", "sqs"})
_OTHER_SOURCES: Final = (
    "ActiveMQBrokerParameters", "DynamoDBStreamParameters", "KinesisStreamParameters",
    "ManagedStreamingKafkaParameters", "RabbitMQBrokerParameters", "SelfManagedKafkaParameters",
)  # fmt: skip


def check(source: str, settings: Mapping[str, Any]) -> None:
    """Check a pipe; raises ValidationException, or NotModelled for what Signalbox has not."""
    for name, arn in (("source", source), ("target", settings["Target"])):
        if not is_arn(arn):
            raise ValidationException(f"Invalid {name}: {arn} is not an ARN.")
    if parse_arn(source).service != "sqs":
        raise NotModelled("Signalbox models pipes with SQS queues as their source only.")
    service = parse_arn(settings["Target"]).service
    if service not in TARGETS:
        raise NotModelled(f"Signalbox does not model pipes with {service} as their target.")
    enrichment = settings.get("Enrichment")
    if enrichment and (not is_arn(enrichment) or parse_arn(enrichment).service != "lambda"):
        raise NotModelled("Signalbox models pipes that are enriched by Lambda functions only.")
    _check_source(source, settings.get("SourceParameters") or {})
    _check_target(settings["Target"], settings.get("TargetParameters") or {})


def patterns_of(settings: Mapping[str, Any]) -> Sequence[str]:
    """Return the patterns of a pipe's filters."""
    criteria = (settings.get("SourceParameters") or {}).get("FilterCriteria") or {}
    return [each["Pattern"] for each in criteria.get("Filters") or () if each.get("Pattern")]


def batch_size(settings: Mapping[str, Any]) -> int:
    """Return how many messages a batch has at the most."""
    return int(_queue_parameters(settings).get("BatchSize") or BATCH_DEFAULT)


def window_ms(settings: Mapping[str, Any]) -> int:
    """Return how long a batch that is not full waits for more."""
    seconds = _queue_parameters(settings).get("MaximumBatchingWindowInSeconds") or 0
    return int(seconds) * 1000


def _queue_parameters(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    parameters = settings.get("SourceParameters") or {}
    found: Mapping[str, Any] = parameters.get("SqsQueueParameters") or {}
    return found


def _check_source(source: str, parameters: Mapping[str, Any]) -> None:
    for name in _OTHER_SOURCES:
        if parameters.get(name):
            raise ValidationException(f"{name} is not allowed for an SQS source.")
    filters = (parameters.get("FilterCriteria") or {}).get("Filters") or []
    if len(filters) > FILTERS_MAX:
        raise ValidationException(f"At most {FILTERS_MAX} filters are allowed.")
    for each in filters:
        flaw = find_flaw(each.get("Pattern") or "")
        if flaw:
            raise ValidationException(f"Invalid filter pattern: {flaw}")
    asked = parameters.get("SqsQueueParameters") or {}
    size, is_fifo = asked.get("BatchSize") or BATCH_DEFAULT, source.endswith(".fifo")
    window = asked.get("MaximumBatchingWindowInSeconds") or 0
    most = FIFO_BATCH_MAX if is_fifo else BATCH_MAX
    if size > most:
        raise ValidationException(f"BatchSize must be at most {most} for this source.")
    if is_fifo and window:
        raise ValidationException("MaximumBatchingWindowInSeconds is not allowed for FIFO queues.")
    if size > BATCH_DEFAULT and not window:
        raise ValidationException(
            "MaximumBatchingWindowInSeconds must be at least 1 when BatchSize is greater than 10."
        )


def _check_target(target: str, parameters: Mapping[str, Any]) -> None:
    group = (parameters.get("SqsQueueParameters") or {}).get("MessageGroupId")
    if target.endswith(".fifo") and parse_arn(target).service == "sqs" and not group:
        raise ValidationException("MessageGroupId is required for a FIFO queue as target.")
