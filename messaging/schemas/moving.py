"""Discoverers: what passes on a bus becomes schemas, in the transaction of PutEvents.

Raw SQL, as PutEvents goes without the ORM. An event of a shape that is known writes nothing.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, NamedTuple

import orjson

from messaging.kernel.context import Context
from messaging.kernel.listening import Listener
from messaging.schemas import models
from messaging.schemas.domain import documents
from messaging.schemas.domain.content import OPENAPI
from messaging.schemas.domain.inference import Shape, infer, join, levels
from messaging.schemas.domain.names import (
    DISCOVERED_REGISTRY,
    discovered_name,
    registry_arn,
    schema_arn,
)
from messaging.schemas.limits import (
    CONTENT_CHARS_MAX,
    DISCOVERED_SCHEMAS_MAX,
    DISCOVERED_VERSIONS_MAX,
    LEVELS_MAX,
)

DESCRIPTION: Final = "Schemas of events that were discovered on event buses"
_CACHE: Final = "schemas.shapes"


class _Home(NamedTuple):
    """A discoverer: its account and Region get the schemas."""

    arn: str
    account: str
    region: str
    cross_account: bool


class _Found(NamedTuple):
    """A version that is new."""

    name: str
    arn: str
    number: int
    content: str
    shape: Shape


class _Known(NamedTuple):
    """What is known of a schema; ``last`` is 0 where it is not there yet."""

    shape: Shape
    last: int


def listener_of(ctx: Context, arn: str) -> Listener | None:
    """Return what listens to a bus: its discoverer, if one is started."""
    ctx.write()
    rows = ctx.db.read(models.LISTENING, (ctx.sandbox, arn))
    return partial(_hear, _Home(*rows[0])) if rows else None


def _hear(home: _Home, ctx: Context, event: Mapping[str, Any], cause: int) -> None:
    """Let a schema grow by what an event has that it had not."""
    if event["account"] != home.account and not home.cross_account:
        return
    if levels(event["detail"]) > LEVELS_MAX:
        return
    name = discovered_name(event["source"], event["detail-type"])
    arn = schema_arn(home.account, home.region, DISCOVERED_REGISTRY, name)
    cache: dict[str, _Known] = ctx.world.caches.setdefault(_CACHE, {})
    known = cache.get(arn) or _load(ctx, arn)
    shape = join(known.shape, infer(event["detail"]))
    if shape != known.shape and _has_room(ctx, home, known):
        document = documents.event_document(
            shape, source=event["source"], detail_type=event["detail-type"]
        )
        content = documents.write(document)
        if len(content) <= CONTENT_CHARS_MAX:
            _store(ctx, home, _Found(name, arn, known.last + 1, content, shape), cause)
            known = _Known(shape, known.last + 1)
            # Nothing that is known of other schemas changes: other processes have to look again.
            ctx.world.version += 1
    cache[arn] = known


def _load(ctx: Context, arn: str) -> _Known:
    ctx.write()
    last = ctx.db.read(models.LAST_VERSION, (ctx.sandbox, arn))
    if not last:
        return _Known({}, 0)
    shapes = ctx.db.read(models.LAST_SHAPE, (ctx.sandbox, arn))
    return _Known(orjson.loads(shapes[0][0]) if shapes else {}, last[0][0])


def _has_room(ctx: Context, home: _Home, known: _Known) -> bool:
    if known.last:
        return known.last < DISCOVERED_VERSIONS_MAX
    place = (ctx.sandbox, home.account, home.region, DISCOVERED_REGISTRY)
    return int(ctx.db.read(models.HOW_MANY, place)[0][0]) < DISCOVERED_SCHEMAS_MAX


def _store(ctx: Context, home: _Home, found: _Found, cause: int) -> None:
    arn, number, told = found.arn, found.number, {"by": home.arn}
    if number == 1:
        _have_registry(ctx, home, cause)
        seq = ctx.emit("schemas.SchemaCreated", arn, told, cause=cause)
        ctx.db.write(models.ADD_SCHEMA, (
            ctx.new_id(), ctx.sandbox, home.account, home.region, DISCOVERED_REGISTRY, found.name,
            arn, "", number, ctx.now, ctx.now, seq,
        ))  # fmt: skip
    else:
        ctx.db.write(models.MOVE_SCHEMA, (number, ctx.now, ctx.sandbox, arn))
    seq = ctx.emit("schemas.VersionCreated", arn, {**told, "version": number}, cause=cause)
    ctx.db.write(models.ADD_VERSION, (
        ctx.new_id(), ctx.sandbox, arn, number, OPENAPI, found.content,
        orjson.dumps(found.shape).decode(), ctx.now, seq,
    ))  # fmt: skip


def _have_registry(ctx: Context, home: _Home, cause: int) -> None:
    """Make the registry of what is discovered, where somebody has deleted it."""
    arn = registry_arn(home.account, home.region, DISCOVERED_REGISTRY)
    if ctx.db.read(models.HAS_REGISTRY, (ctx.sandbox, arn)):
        return
    seq = ctx.emit("schemas.RegistryCreated", arn, {"by": home.arn}, cause=cause)
    ctx.db.write(models.ADD_REGISTRY, (
        ctx.new_id(), ctx.sandbox, home.account, home.region, DISCOVERED_REGISTRY, arn,
        DESCRIPTION, ctx.now, seq,
    ))  # fmt: skip
