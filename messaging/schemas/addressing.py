"""From the names in a request to registries, schemas, versions and discoverers."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.schemas import aws_events
from messaging.schemas.domain.names import (
    AWS_REGISTRY,
    discoverer_arn,
    registry_arn,
    schema_arn,
)
from messaging.schemas.errors import ForbiddenException, NotFoundException
from messaging.schemas.models import Discoverer, Registry, Schema, Version


def registry_of(ctx: Context, name: str) -> Registry:
    """Return a registry; raises NotFoundException."""
    if name == AWS_REGISTRY:
        return aws_events.registry(ctx)
    arn = registry_arn(ctx.account, ctx.region, name)
    found = Registry.objects.filter(sandbox=ctx.sandbox, arn=arn).first()
    if found is None:
        raise NotFoundException(f"Registry with name {name} does not exist.")
    return found


def own_registry(ctx: Context, name: str) -> Registry:
    """Return a registry that may be changed; raises NotFoundException, ForbiddenException."""
    if name == AWS_REGISTRY:
        raise ForbiddenException(f"Registry {name} is managed by AWS: it can only be read.")
    return registry_of(ctx, name)


def schema_of(ctx: Context, req: Mapping[str, Any]) -> Schema:
    """Return the schema that a request names; raises NotFoundException."""
    registry, name = req["RegistryName"], req["SchemaName"]
    registry_of(ctx, registry)
    found = find_schema(ctx, registry, name)
    if found is None:
        raise NotFoundException(f"Schema with name {name} does not exist.")
    return found


def own_schema(ctx: Context, req: Mapping[str, Any]) -> Schema:
    """Return a schema that may be changed; raises NotFoundException, ForbiddenException."""
    own_registry(ctx, req["RegistryName"])
    return schema_of(ctx, req)


def find_schema(ctx: Context, registry: str, name: str) -> Schema | None:
    """Return a schema of a registry, or None."""
    if registry == AWS_REGISTRY:
        return next((each for each in aws_events.schemas(ctx) if each.name == name), None)
    arn = schema_arn(ctx.account, ctx.region, registry, name)
    return Schema.objects.filter(sandbox=ctx.sandbox, arn=arn).first()


def schemas_of(ctx: Context, registry: str) -> list[Schema]:
    """Return the schemas of a registry by name; raises NotFoundException."""
    if registry_of(ctx, registry).name == AWS_REGISTRY:
        return aws_events.schemas(ctx)
    found = Schema.objects.filter(
        sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, registry=registry
    )
    return sorted(found, key=lambda schema: schema.name)


def versions_of(schema: Schema) -> list[Version]:
    """Return the versions of a schema, the oldest first."""
    if not schema.pk:
        return [aws_events.version(schema)]
    return list(Version.objects.filter(sandbox=schema.sandbox, schema_arn=schema.arn))


def version_of(schema: Schema, number: str | None) -> Version:
    """Return a version of a schema, the newest without a number; raises NotFoundException."""
    versions = versions_of(schema)
    if not number:
        return versions[-1]
    found = next((each for each in versions if str(each.number) == number), None)
    if found is None:
        raise NotFoundException(f"Schema version {number} of schema {schema.name} does not exist.")
    return found


def discoverer_of(ctx: Context, name: str) -> Discoverer:
    """Return a discoverer; raises NotFoundException."""
    arn = discoverer_arn(ctx.account, ctx.region, name)
    found = Discoverer.objects.filter(sandbox=ctx.sandbox, arn=arn).first()
    if found is None:
        raise NotFoundException(f"Discoverer with id {name} does not exist.")
    return found


def tagged(ctx: Context, arn: str) -> Registry | Schema | Discoverer:
    """Return what has this ARN; raises NotFoundException."""
    for table in (Registry, Schema, Discoverer):
        found = table._default_manager.filter(
            sandbox=ctx.sandbox, arn=arn, account=ctx.account
        ).first()
        if isinstance(found, Registry | Schema | Discoverer):
            return found
    raise NotFoundException(f"Resource {arn} does not exist.")
