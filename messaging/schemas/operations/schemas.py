"""Create, look at, change, search and delete schemas; infer one from events."""

from collections.abc import Mapping
from typing import Any

import orjson

from messaging.kernel.context import Context
from messaging.schemas import transitions
from messaging.schemas.addressing import (
    find_schema,
    own_registry,
    own_schema,
    schema_of,
    schemas_of,
    version_of,
    versions_of,
)
from messaging.schemas.domain import content, documents, exporting
from messaging.schemas.domain.inference import Shape, infer, join, levels
from messaging.schemas.domain.names import check_schema, schema_arn
from messaging.schemas.errors import BadRequestException, ConflictException
from messaging.schemas.limits import LEVELS_MAX
from messaging.schemas.listing import paged
from messaging.schemas.models import Schema, Version
from messaging.schemas.tagging import read_tags


def create_schema(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create a schema with its first version."""
    registry, name = req["RegistryName"], req["SchemaName"]
    own_registry(ctx, registry)
    check_schema(name)
    content.read(req["Type"], req["Content"])
    tags = read_tags(req.get("Tags"))
    if find_schema(ctx, registry, name) is not None:
        raise ConflictException(f"Schema with name {name} already exists.")
    schema = Schema(
        id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region,
        registry=registry, name=name, arn=schema_arn(ctx.account, ctx.region, registry, name),
        description=req.get("Description") or "", tags=tags, created_at=ctx.now,
        modified_at=ctx.now,
    )  # fmt: skip
    transitions.create(ctx, schema, "schemas.SchemaCreated")
    return _shown(schema, transitions.add_version(ctx, schema, req["Type"], req["Content"]))


def describe_schema(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema with the content of a version, the newest one unless told."""
    schema = schema_of(ctx, req)
    version = version_of(schema, req.get("SchemaVersion"))
    return {**_shown(schema, version), "Content": version.content}


def list_schemas(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schemas of a registry by name."""
    registry, prefix = req["RegistryName"], req.get("SchemaNamePrefix") or ""
    items = [each for each in schemas_of(ctx, registry) if each.name.startswith(prefix)]
    chosen, token = paged(req, items, lambda each: each.name, scope=f"{registry} {prefix}")
    return {"Schemas": [_summary(each) for each in chosen], "NextToken": token}


def update_schema(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change a schema: another content makes a version, the same one makes none."""
    schema = own_schema(ctx, req)
    version = version_of(schema, None)
    kind, text = req.get("Type") or version.type, req.get("Content") or version.content
    content.read(kind, text)
    is_new = (kind, text) != (version.type, version.content)
    schema.modified_at = ctx.now
    if req.get("Description") is not None:
        schema.description = req["Description"]
    schema.last_version += is_new
    transitions.change(
        ctx, schema, "schemas.SchemaUpdated", "description", "last_version", "modified_at"
    )
    if is_new:
        version = transitions.add_version(ctx, schema, kind, text)
    return _shown(schema, version)


def delete_schema(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a schema with all of its versions."""
    transitions.remove(ctx, own_schema(ctx, req), "schemas.SchemaDeleted")
    return {}


def search_schemas(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schemas of a registry whose name or content has all of the words."""
    registry, words = req["RegistryName"], req["Keywords"].lower().split()
    if not words:
        raise BadRequestException("Keywords must not be empty.")
    found = [(each, _hits(each, words)) for each in schemas_of(ctx, registry)]
    items = [(schema, versions) for schema, versions in found if versions]
    scope = f"{registry} {' '.join(words)}"
    chosen, token = paged(req, items, lambda each: each[0].name, scope=scope)
    return {"Schemas": [_found(*each) for each in chosen], "NextToken": token}


def export_schema(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema of OpenAPI 3 as JSON Schema Draft 4."""
    schema = schema_of(ctx, req)
    version = version_of(schema, req.get("SchemaVersion"))
    if req["Type"] != content.DRAFT4:
        raise BadRequestException(f"Schemas can be exported as {content.DRAFT4} only.")
    if version.type != content.OPENAPI:
        raise BadRequestException(f"Only schemas of type {content.OPENAPI} can be exported.")
    document = exporting.to_draft4(content.read(version.type, version.content))
    return {
        "Content": documents.write(document), "SchemaArn": schema.arn, "SchemaName": schema.name,
        "SchemaVersion": str(version.number), "Type": content.DRAFT4,
    }  # fmt: skip


def get_discovered_schema(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema that up to ten events have in common."""
    events = [_read_event(text) for text in req["Events"]]
    first = events[0]
    if all(_is_event(each) for each in events):
        shape = _common([each["detail"] for each in events])
        document = documents.event_document(
            shape, source=first["source"], detail_type=first["detail-type"]
        )
    else:
        document = documents.plain_document(_common(events))
    if req["Type"] == content.DRAFT4:
        document = exporting.to_draft4(document)
    return {"Content": documents.write(document)}


def _read_event(text: str) -> Any:
    try:
        event = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequestException(f"An event is not valid JSON: {error}.") from None
    if levels(event) > LEVELS_MAX:
        raise BadRequestException("An event is nested too deeply.")
    return event


def _is_event(event: Any) -> bool:
    """Tell whether an event has the envelope of EventBridge, no more and no less."""
    if not isinstance(event, dict) or not isinstance(event.get("resources"), list):
        return False
    texts = ("account", "detail-type", "id", "region", "source", "time", "version")
    known = {*texts, "detail", "resources"}
    named = [*event["resources"], *(event.get(name) for name in texts)]
    is_text = all(isinstance(each, str) for each in named)
    return event.keys() == known and is_text and "date-time" in str(infer(event["time"]))


def _common(values: list[Any]) -> Shape:
    shape: Shape = {}
    for value in values:
        shape = join(shape, infer(value))
    return shape


def _hits(schema: Schema, words: list[str]) -> list[Version]:
    name = schema.name.lower()
    return [
        version
        for version in versions_of(schema)
        if all(word in name or word in version.content.lower() for word in words)
    ]


def _shown(schema: Schema, version: Version) -> dict[str, Any]:
    return {
        "Description": schema.description, "LastModified": schema.modified_at,
        "SchemaArn": schema.arn, "SchemaName": schema.name, "SchemaVersion": str(version.number),
        "Tags": schema.tags, "Type": version.type, "VersionCreatedDate": version.created_at,
    }  # fmt: skip


def _summary(schema: Schema) -> dict[str, Any]:
    return {
        "LastModified": schema.modified_at, "SchemaArn": schema.arn, "SchemaName": schema.name,
        "Tags": schema.tags, "VersionCount": len(versions_of(schema)),
    }  # fmt: skip


def _found(schema: Schema, versions: list[Version]) -> dict[str, Any]:
    shown = [
        {"CreatedDate": each.created_at, "SchemaVersion": str(each.number), "Type": each.type}
        for each in versions
    ]
    return {
        "RegistryName": schema.registry, "SchemaArn": schema.arn, "SchemaName": schema.name,
        "SchemaVersions": shown,
    }  # fmt: skip
