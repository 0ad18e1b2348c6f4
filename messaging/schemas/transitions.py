"""Every change that is asked for: its row and its event, together."""

from typing import Any

from messaging.kernel.context import Context
from messaging.schemas.models import CodeBinding, Discoverer, Registry, Schema, Version

Row = Registry | Schema | Discoverer


def create(ctx: Context, row: Row, kind: str, **told: Any) -> None:
    """Put a new row there."""
    row.seq = tell(ctx, kind, row.arn, **told)
    row.save(force_insert=True)


def change(ctx: Context, row: Row, kind: str, *fields: str, **told: Any) -> None:
    """Write some fields of a row."""
    row.save(update_fields=fields)
    tell(ctx, kind, row.arn, **told)


def remove(ctx: Context, row: Row, kind: str) -> None:
    """Take a row away, and what hangs on it."""
    if isinstance(row, Schema):
        for table in (CodeBinding, Version):
            table._default_manager.filter(sandbox=row.sandbox, schema_arn=row.arn).delete()
    row.delete()
    tell(ctx, kind, row.arn)


def add_version(ctx: Context, schema: Schema, kind: str, content: str) -> Version:
    """Give a schema its next version, whose number ``last_version`` has by now."""
    version = Version(
        id=ctx.new_id(), sandbox=ctx.sandbox, schema_arn=schema.arn, number=schema.last_version,
        type=kind, content=content, created_at=ctx.now,
    )  # fmt: skip
    version.seq = tell(ctx, "schemas.VersionCreated", schema.arn, version=version.number)
    version.save(force_insert=True)
    return version


def remove_version(ctx: Context, schema: Schema, version: Version) -> None:
    """Take a version away, with the code that was made from it."""
    CodeBinding.objects.filter(
        sandbox=schema.sandbox, schema_arn=schema.arn, number=version.number
    ).delete()
    version.delete()
    tell(ctx, "schemas.VersionDeleted", schema.arn, version=version.number)


def tell(ctx: Context, kind: str, arn: str, **told: Any) -> int:
    """Append the event of a change; what discoverers have in memory is read anew."""
    ctx.reconfigured()
    return ctx.emit(kind, arn, {"by": ctx.caller.actor, **told})
