"""Tags of functions and mappings."""

from collections.abc import Mapping
from typing import Any

from messaging.awslambda import transitions
from messaging.awslambda.addressing import function_of
from messaging.awslambda.errors import InvalidParameterValueException
from messaging.awslambda.mapped import mapping_of
from messaging.awslambda.models import Function
from messaging.awslambda.models import Mapping as Source
from messaging.awslambda.tagging import add_tags
from messaging.kernel.context import Context
from messaging.kernel.tags import remove_tags


def tag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags; that of a function's behaviour means something (see ``tagging``)."""
    found = _resource(ctx, req["Resource"])
    _save(ctx, found, add_tags(found.tags, req["Tags"]))
    return {}


def untag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Take tags away."""
    found = _resource(ctx, req["Resource"])
    _save(ctx, found, remove_tags(found.tags, req["TagKeys"]))
    return {}


def list_tags(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return tags."""
    return {"Tags": _resource(ctx, req["Resource"]).tags}


def _resource(ctx: Context, arn: str) -> Function | Source:
    head, _, mapping = arn.partition(":event-source-mapping:")
    if mapping:
        return mapping_of(ctx, {"UUID": mapping})
    if ":function:" not in head or arn.count(":") > _FUNCTION_COLONS:
        raise InvalidParameterValueException(
            "Tags on function aliases and versions are not supported. Please specify a function"
            " ARN."
        )
    return function_of(ctx, {"FunctionName": arn})


_FUNCTION_COLONS = 6


def _save(ctx: Context, found: Function | Source, tags: dict[str, str]) -> None:
    found.tags = tags
    found.save(update_fields=("tags",))
    transitions.tagged(ctx, found)
