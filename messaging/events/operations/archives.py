"""Create, describe, list, change and delete archives (P7)."""

from collections.abc import Mapping
from typing import Any

from messaging.events import limits
from messaging.events.addressing import bus_of
from messaging.events.checking import check
from messaging.events.domain.names import bus_name
from messaging.events.domain.rules import check_pattern_size, read_pattern
from messaging.events.errors import (
    InternalException,
    LimitExceededException,
    ResourceAlreadyExistsException,
    ResourceNotFoundException,
    ValidationException,
)
from messaging.events.models import Archive, ArchivedEvent
from messaging.events.paging import listing, with_prefix
from messaging.events.store import archived
from messaging.events.store.buses import BusRecord
from messaging.events.transitions import put_to_use
from messaging.kernel.arns import build_arn
from messaging.kernel.context import Context

ENABLED = "ENABLED"


def create_archive(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create an archive of a bus; it keeps what comes from now on."""
    check("CreateArchive", req)
    name = req["ArchiveName"]
    bus = _source(ctx, req["EventSourceArn"], "CreateArchive")
    pattern = req.get("EventPattern") or ""
    _check_pattern(pattern, name)
    if _find(ctx, name) is not None:
        raise ResourceAlreadyExistsException.of("Archive", name)
    own = Archive.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    if own.count() >= limits.ARCHIVES_MAX:
        raise LimitExceededException
    bus = put_to_use(ctx, bus)
    archive = Archive.objects.create(
        id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=name,
        arn=build_arn(
            "events", region=ctx.region, account=ctx.account, resource=f"archive/{name}"
        ),
        bus_arn=bus.arn, description=req.get("Description") or "", pattern=pattern,
        retention_days=req.get("RetentionDays") or 0, kms_key=req.get("KmsKeyIdentifier") or "",
        created_at=ctx.now,
    )  # fmt: skip
    _announce(ctx, archive, "events.ArchiveCreated")
    return _answer(archive)


def describe_archive(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return an archive with what it has kept."""
    check("DescribeArchive", req)
    archive = _archive(ctx, req["ArchiveName"])
    shown = {"ArchiveArn": archive.arn, **_shown(archive)}
    more = {
        "Description": archive.description,
        "EventPattern": archive.pattern,
        "KmsKeyIdentifier": archive.kms_key,
    }
    return shown | {name: value for name, value in more.items() if value}


def list_archives(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return archives by name, those of one bus or in one state if asked."""
    check("ListArchives", req)
    rows = Archive.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    source = req.get("EventSourceArn")
    if source is not None:
        rows = rows.filter(bus_arn=_source(ctx, source, "ListArchives").arn)
    if req.get("State") not in (None, ENABLED):
        rows = rows.none()
    chosen = with_prefix(list(rows), req.get("NamePrefix"), _name_of)
    return listing(ctx, req, chosen, name="Archives", key=_name_of, show=_shown)


def update_archive(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change what an archive keeps, and for how long."""
    check("UpdateArchive", req)
    archive = _find(ctx, req["ArchiveName"])
    if archive is None:
        # AWS was recorded to answer so.
        raise InternalException
    pattern = req.get("EventPattern")
    _check_pattern(pattern or "", archive.name)
    changes = {
        "description": req.get("Description"),
        "pattern": pattern,
        "retention_days": req.get("RetentionDays"),
        "kms_key": req.get("KmsKeyIdentifier"),
    }
    fields = {name: value for name, value in changes.items() if value is not None}
    for name, value in fields.items():
        setattr(archive, name, value)
    Archive.objects.filter(pk=archive.pk).update(**fields)
    if "retention_days" in fields:
        archived.keep_for(ctx, archive.pk, archive.retention_days)
    _announce(ctx, archive, "events.ArchiveChanged")
    return _answer(archive)


def delete_archive(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete an archive with all that it keeps."""
    check("DeleteArchive", req)
    archive = _archive(ctx, req["ArchiveName"])
    ctx.write()
    ArchivedEvent.objects.filter(archive_id=archive.pk).delete()
    ctx.flush()
    Archive.objects.filter(pk=archive.pk).delete()
    _announce(ctx, archive, "events.ArchiveDeleted")
    return {}


def _source(ctx: Context, arn: str, action: str) -> BusRecord:
    """Return the bus that an archive is of: one of this account and Region."""
    name = bus_name(arn)
    if not name:
        raise ValidationException.of("EventSourceArn", reason="Must contain an event bus ARN.")
    bus = bus_of(ctx, arn, action)
    if bus.region != ctx.region or bus.account != ctx.account:
        raise ResourceNotFoundException.bus(name)
    return bus


def _check_pattern(pattern: str, name: str) -> None:
    if pattern:
        read_pattern(pattern)
        check_pattern_size(pattern, rule=name)


def _find(ctx: Context, name: str) -> Archive | None:
    # What has been kept by this batch is counted, too.
    ctx.flush()
    own = Archive.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    return own.filter(name=name).first()


def _archive(ctx: Context, name: str) -> Archive:
    archive = _find(ctx, name)
    if archive is None:
        raise ResourceNotFoundException.of("Archive", name)
    return archive


def _announce(ctx: Context, archive: Archive, kind: str) -> None:
    ctx.reconfigured()
    told = {"by": ctx.caller.actor, "bus": archive.bus_arn, "days": archive.retention_days}
    ctx.emit(kind, archive.arn, told)


def _answer(archive: Archive) -> dict[str, Any]:
    return {"ArchiveArn": archive.arn, "State": ENABLED, "CreationTime": archive.created_at}


def _name_of(archive: Archive) -> str:
    return archive.name


def _shown(archive: Archive) -> dict[str, Any]:
    return {
        "ArchiveName": archive.name,
        "EventSourceArn": archive.bus_arn,
        "State": ENABLED,
        "RetentionDays": archive.retention_days,
        "SizeBytes": archive.size_bytes,
        "EventCount": archive.event_count,
        "CreationTime": archive.created_at,
    }
