"""Tags of registries, schemas and discoverers."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.kernel.tags import remove_tags
from messaging.schemas import transitions
from messaging.schemas.addressing import tagged
from messaging.schemas.models import Discoverer, Registry, Schema
from messaging.schemas.tagging import read_tags


def list_tags_for_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tags of what an ARN names."""
    return {"Tags": tagged(ctx, req["ResourceArn"]).tags}


def tag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags; a tag with the same key takes the new value."""
    row = tagged(ctx, req["ResourceArn"])
    _save(ctx, row, read_tags(req["Tags"], row.tags))
    return {}


def untag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Take tags away by key; keys that are not there do not matter."""
    row = tagged(ctx, req["ResourceArn"])
    _save(ctx, row, remove_tags(row.tags, req["TagKeys"]))
    return {}


def _save(ctx: Context, row: Registry | Schema | Discoverer, tags: dict[str, str]) -> None:
    row.tags = tags
    transitions.change(ctx, row, "schemas.TagsSet", "tags", tags=tags)
