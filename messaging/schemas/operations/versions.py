"""The versions of a schema."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.schemas import transitions
from messaging.schemas.addressing import own_schema, schema_of, version_of, versions_of
from messaging.schemas.listing import paged
from messaging.schemas.models import Version


def list_schema_versions(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the versions of a schema, the oldest first."""
    schema = schema_of(ctx, req)
    chosen, token = paged(
        req, versions_of(schema), lambda each: f"{each.number:010d}", scope=f"of {schema.arn}"
    )
    shown = [
        {
            "SchemaArn": schema.arn, "SchemaName": schema.name,
            "SchemaVersion": str(each.number), "Type": each.type,
        }
        for each in chosen
    ]  # fmt: skip
    return {"SchemaVersions": shown, "NextToken": token}


def delete_schema_version(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a version; its number is not given again. With the last one the schema goes."""
    schema = own_schema(ctx, req)
    transitions.remove_version(ctx, schema, version_of(schema, req["SchemaVersion"]))
    if not Version.objects.filter(sandbox=ctx.sandbox, schema_arn=schema.arn).exists():
        transitions.remove(ctx, schema, "schemas.SchemaDeleted")
    return {}
