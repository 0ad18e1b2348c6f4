"""From UUIDs to event source mappings, and a mapping as AWS shows it."""

from collections.abc import Mapping
from typing import Any

from messaging.awslambda.errors import ResourceNotFoundException
from messaging.awslambda.models import Mapping as Source
from messaging.kernel.context import Context


def mapping_of(ctx: Context, req: Mapping[str, Any]) -> Source:
    """Return the mapping that a request names; raises ResourceNotFoundException."""
    found = Source.objects.filter(
        sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, uuid=req["UUID"]
    ).first()
    if found is None:
        raise ResourceNotFoundException("The resource you requested does not exist.")
    return found


def shown(mapping: Source) -> dict[str, Any]:
    """Return a mapping as AWS shows it."""
    return {
        **mapping.settings,
        "EventSourceArn": mapping.source,
        "EventSourceMappingArn": mapping.arn,
        "FunctionArn": mapping.function,
        "LastModified": mapping.modified_at,
        "LastProcessingResult": mapping.result or None,
        "State": mapping.state,
        "StateTransitionReason": "USER_INITIATED",
        "UUID": mapping.uuid,
    }
