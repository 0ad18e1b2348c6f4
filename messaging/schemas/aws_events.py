"""The registry ``aws.events``: schemas of some events of AWS's, in our own words."""

from functools import cache
from pathlib import Path
from typing import Final

import orjson

from messaging.kernel.context import Context
from messaging.schemas.domain import documents
from messaging.schemas.domain.content import OPENAPI
from messaging.schemas.domain.inference import infer
from messaging.schemas.domain.names import (
    AWS_REGISTRY,
    discovered_name,
    registry_arn,
    schema_arn,
)
from messaging.schemas.models import Registry, Schema, Version

_FILE: Final = Path(__file__).with_name("domain") / "aws_events.json"
_DESCRIPTION: Final = "Schemas for events sent by AWS services"
# When AWS opened its registry to the public, as a time that no sandbox changes.
_OPENED_AT: Final = 1_587_600_000_000


def registry(ctx: Context) -> Registry:
    """Return AWS's registry, which has no row."""
    return Registry(
        id=0, sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=AWS_REGISTRY,
        arn=registry_arn("", ctx.region, AWS_REGISTRY), description=_DESCRIPTION,
        created_at=_OPENED_AT, seq=0,
    )  # fmt: skip


def schemas(ctx: Context) -> list[Schema]:
    """Return its schemas by name, which have no rows either."""
    return [
        Schema(
            id=0, sandbox=ctx.sandbox, account="", region=ctx.region, registry=AWS_REGISTRY,
            name=name, arn=schema_arn("", ctx.region, AWS_REGISTRY, name), last_version=1,
            created_at=_OPENED_AT, modified_at=_OPENED_AT, seq=0,
        )
        for name in sorted(_contents())
    ]  # fmt: skip


def version(schema: Schema) -> Version:
    """Return the one version of a schema of AWS's registry."""
    return Version(
        id=0, sandbox=schema.sandbox, schema_arn=schema.arn, number=1, type=OPENAPI,
        content=_contents()[schema.name], created_at=_OPENED_AT, seq=0,
    )  # fmt: skip


@cache
def _contents() -> dict[str, str]:
    """Return the content of each schema, inferred from a sample of its events."""
    made = {}
    for sample in orjson.loads(_FILE.read_bytes()):
        source, detail_type = sample["source"], sample["detail-type"]
        document = documents.event_document(
            infer(sample["detail"]), source=source, detail_type=detail_type
        )
        made[discovered_name(source, detail_type)] = documents.write(document)
    return made
