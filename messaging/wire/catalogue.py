"""Which services the wire speaks for, and how a request names them."""

from functools import cache
from typing import Final

from botocore.model import OperationModel, ServiceModel

from messaging.kernel.service import load_model

SERVICES: Final = (
    "autoscaling",
    "cloudfront",
    "cloudwatch",
    "elbv2",
    "eventbridgev2",
    "events",
    "firehose",
    "iam",
    "kinesis",
    "lambda",
    "mq",
    "pipes",
    "route53",
    "s3",
    "scheduler",
    "schemas",
    "sns",
    "sqs",
    "sts",
)

# What botocore's models no longer list, though clients still speak it.
_OLDER_PROTOCOLS: Final = {"kinesis": ("json-cbor",), "sqs": ("query",)}

# Signing names beside the model's own.
_OTHER_NAMES: Final = {"s3": ("s3express", "s3-object-lambda")}


@cache
def protocols(service: str) -> tuple[str, ...]:
    """Return the protocols that ``service`` answers to, the newest first."""
    metadata = load_model(service).metadata
    named = tuple(metadata.get("protocols") or (metadata["protocol"],))
    return named + _OLDER_PROTOCOLS.get(service, ())


@cache
def services_signed_as(name: str) -> tuple[str, ...]:
    """Return the services that credentials scoped to ``name`` may call."""
    return tuple(service for service in SERVICES if name in _signing_names(service))


@cache
def services_speaking(protocol: str) -> tuple[str, ...]:
    """Return the services that answer to ``protocol``."""
    return tuple(service for service in SERVICES if protocol in protocols(service))


@cache
def version(service: str) -> str:
    """Return the API version that ``service`` has, as the query protocol names it."""
    named: str = load_model(service).metadata["apiVersion"]
    return named


@cache
def service_of_target(prefix: str) -> str | None:
    """Return the service behind the first half of an ``X-Amz-Target`` or an RPC path."""
    for service in SERVICES:
        if load_model(service).metadata.get("targetPrefix") == prefix:
            return service
    return None


@cache
def operation_of(service: str, name: str) -> OperationModel | None:
    """Return the model of ``name``, or None if AWS has no such operation."""
    model: ServiceModel = load_model(service)
    if name not in model.operation_names:
        return None
    return model.operation_model(name)


def _signing_names(service: str) -> tuple[str, ...]:
    metadata = load_model(service).metadata
    own: str = metadata.get("signingName", metadata["endpointPrefix"])
    return (own, *_OTHER_NAMES.get(service, ()))
