"""The list of services; the only file that imports them all."""

from typing import Final

from messaging.awslambda.service import SERVICE as AWSLAMBDA
from messaging.cloudwatch.service import SERVICE as CLOUDWATCH
from messaging.events.service import SERVICE as EVENTS
from messaging.kernel.errors import NotModelled
from messaging.kernel.service import Service
from messaging.pipes.service import SERVICE as PIPES
from messaging.scheduler.service import SERVICE as SCHEDULER
from messaging.schemas.service import SERVICE as SCHEMAS
from messaging.sns.service import SERVICE as SNS
from messaging.sqs.service import SERVICE as SQS
from messaging.sts.service import SERVICE as STS

_ALL: Final = (AWSLAMBDA, CLOUDWATCH, EVENTS, PIPES, SCHEDULER, SCHEMAS, SNS, SQS, STS)
SERVICES: Final[dict[str, Service]] = {service.name: service for service in _ALL}


def service_named(name: str) -> Service | None:
    """Return the service that boto3 calls ``name``, or None where nothing of it is modelled."""
    return SERVICES.get(name)


def service_of_arn(arn: str) -> Service:
    """Return the service that owns a resource."""
    name = arn.split(":", 3)[2] if arn.startswith("arn:") else ""
    for service in SERVICES.values():
        if name in (service.name, service.model.metadata.get("signingName", service.name)):
            return service
    raise NotModelled(f"Signalbox has no service that owns {arn}.")


def document_named(name: str) -> str | None:
    """Return a file that some service shows to anybody, or None."""
    shown = (service.document(name) for service in SERVICES.values() if service.document)
    return next((text for text in shown if text is not None), None)
