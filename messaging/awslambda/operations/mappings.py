"""Event source mappings: what brings the messages of a queue to a function."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.awslambda import transitions
from messaging.awslambda.addressing import function_of
from messaging.awslambda.domain import mappings, scaling
from messaging.awslambda.domain.names import unqualified
from messaging.awslambda.errors import ResourceConflictException, ResourceInUseException
from messaging.awslambda.limits import MAPPING_CHANGE_MS
from messaging.awslambda.listing import paged
from messaging.awslambda.mapped import mapping_of, shown
from messaging.awslambda.models import Mapping as Source
from messaging.awslambda.tagging import add_tags
from messaging.kernel.arns import build_arn
from messaging.kernel.context import Context
from messaging.kernel.ids import SEQUENCE_MASK, seeded_uuid

_RESULT: Final = "No records processed"
_OFF: Final = "Disabled"


def create_event_source_mapping(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let a function have the messages of a queue."""
    source = mappings.source_of(req)
    settings = mappings.read({}, req, source=source)
    tags = add_tags({}, req.get("Tags") or {})
    function = function_of(ctx, req)
    known = Source.objects.filter(sandbox=ctx.sandbox, source=source, function=function.arn).first()
    if known is not None:
        raise ResourceConflictException(
            f'An event source mapping with SQS arn (" {source} ") and function'
            f' (" {function.name} ") already exists. Please update or delete the existing mapping'
            f" with UUID {known.uuid}"
        )
    row_id = ctx.new_id()
    uuid = seeded_uuid(ctx.world.secret, row_id & SEQUENCE_MASK)
    is_on = req.get("Enabled", True)
    mapping = Source.objects.create(
        id=row_id, sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, uuid=uuid,
        arn=build_arn(
            "lambda", region=ctx.region, account=ctx.account,
            resource=f"event-source-mapping:{uuid}",
        ),
        function=function.arn, source=source, settings=settings, tags=tags,
        state="Creating" if is_on else _OFF, modified_at=ctx.now, result=_RESULT,
        change_at=ctx.now + MAPPING_CHANGE_MS if is_on else None,
        allowed=scaling.first(settings),
    )  # fmt: skip
    return _told(ctx, transitions.MAPPED, mapping)


def get_event_source_mapping(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping."""
    return shown(mapping_of(ctx, req))


def list_event_source_mappings(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mappings of a function, of a queue, or all."""
    found = Source.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    if req.get("EventSourceArn"):
        found = found.filter(source=req["EventSourceArn"])
    if req.get("FunctionName"):
        found = found.filter(function=unqualified(function_of(ctx, req).arn))
    items = sorted(found, key=lambda mapping: mapping.uuid)
    scope = f"mappings of {req.get('FunctionName')} and {req.get('EventSourceArn')}"
    chosen, marker = paged(req, items, lambda mapping: mapping.uuid, scope)
    return {"EventSourceMappings": [shown(mapping) for mapping in chosen], "NextMarker": marker}


def update_event_source_mapping(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change a mapping, switch it on or off, or give it another function."""
    mapping = _changeable(ctx, req, "update")
    mapping.settings = mappings.read(mapping.settings, req, source=mapping.source)
    if req.get("FunctionName"):
        mapping.function = function_of(ctx, req).arn
    was_on = mapping.state != _OFF
    is_on = req.get("Enabled", was_on)
    if is_on or was_on:
        mapping.state = ("Updating" if was_on else "Enabling") if is_on else "Disabling"
        mapping.change_at = ctx.now + MAPPING_CHANGE_MS
    mapping.modified_at = ctx.now
    mapping.allowed = min(mapping.allowed, float(scaling.most(mapping.settings)))
    mapping.save()
    return _told(ctx, transitions.REMAPPED, mapping)


def delete_event_source_mapping(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a mapping; what it has in its hands is finished."""
    mapping = _changeable(ctx, req, "delete")
    mapping.state, mapping.change_at = "Deleting", ctx.now + MAPPING_CHANGE_MS
    mapping.save(update_fields=("state", "change_at"))
    return _told(ctx, transitions.REMAPPED, mapping)


def _changeable(ctx: Context, req: Mapping[str, Any], verb: str) -> Source:
    mapping = mapping_of(ctx, req)
    if mapping.state in scaling.FOLLOWING:
        raise ResourceInUseException(
            f"Cannot {verb} the event source mapping because it is in use."
        )
    return mapping


def _told(ctx: Context, kind: str, mapping: Source) -> dict[str, Any]:
    if mapping.change_at is not None:
        ctx.due(mapping.change_at)
    transitions.mapped(ctx, kind, mapping)
    return shown(mapping)
