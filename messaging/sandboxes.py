"""Sandboxes: create, rename, reset, duplicate, fork, delete. Run them as jobs of the executor."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from messaging import registry
from messaging.kernel import access, ids, recent
from messaging.kernel.batch import Batch
from messaging.kernel.clock import wall_ms
from messaging.kernel.models import (
    Account,
    Client,
    Delivery,
    Errand,
    Event,
    Lease,
    Link,
    Sandbox,
)
from messaging.kernel.moment import Losses, Moment, Part

DEFAULT_ACCOUNT: Final = "123456789012"
# Version 1 of the AWS CLI ignores AWS_ENDPOINT_URL for SQS in the Regions that it has an older host
# name for; it has none for this one.
HOME_REGION: Final = "eu-central-2"
_OWN_TABLES: Final[tuple[type[models.Model], ...]] = (Event, Delivery, Errand, Client, Link)
_EXTRA_TABLES: list[type[models.Model]] = []


def register_tables(*tables: type[models.Model]) -> None:
    """Let a package outside the services (the simulation) keep rows that belong to a sandbox."""
    _EXTRA_TABLES.extend(tables)


def create(
    name: str,
    *,
    template: str = "empty",
    accounts: Sequence[str] = (),
    regions: Sequence[str] = (HOME_REGION,),
    seed: int | None = None,
    starts_at: int | None = None,
    paused: bool = False,
) -> Sandbox:
    """Create a sandbox with its accounts, each with one access key.

    ``seed`` and ``starts_at`` (milliseconds since 1970) fix everything that looks random.
    """
    wall = wall_ms()
    sandbox = Sandbox.objects.create(
        slug=_free_slug(name),
        name=name,
        template=template,
        seed=secrets.randbits(62) if seed is None else seed,
        anchor_sim=wall if starts_at is None else starts_at,
        anchor_wall=wall,
        paused=paused,
        created_at=wall,
    )
    for number in accounts or (_free_account_number(),):
        add_account(sandbox, number, regions=regions)
    return sandbox


def add_account(sandbox: Sandbox, number: str, *, regions: Sequence[str]) -> Account:
    """Add an AWS account with an access key of its own."""
    account = Account.objects.create(sandbox=sandbox, number=number, regions=list(regions))
    access.issue(account, label="first key")
    return account


def default() -> Sandbox:
    """Return the sandbox that unissued keys such as test/test reach, creating it if need be."""
    found = Sandbox.objects.filter(is_default=True).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            made = create("playground", accounts=(DEFAULT_ACCOUNT,), regions=("us-east-1",))
            made.is_default = True
            made.save(update_fields=["is_default"])
            return made
    except IntegrityError:
        # Another process starts on the same new database, and was first.
        return Sandbox.objects.get(is_default=True)


def rename(sandbox: Sandbox, name: str) -> Sandbox:
    """Give a sandbox another name; its address stays."""
    sandbox.name = name
    sandbox.save(update_fields=["name"])
    return sandbox


def reset(batch: Batch, sandbox: int) -> None:
    """Empty a sandbox: resources, messages, clients and log go; accounts and keys stay."""
    batch.flush()
    _clear(sandbox)
    Sandbox.objects.filter(pk=sandbox).update(
        generation=models.F("generation") + 1,
        version=models.F("version") + 1,
        last_seq=0,
        last_id=0,
        first_seq=1,
    )
    batch.entered.pop(sandbox, None)
    batch.enter([sandbox])
    batch.reclocked.add(sandbox)


def delete(batch: Batch, sandbox: int) -> None:
    """Delete a sandbox with everything in it."""
    batch.flush()
    _clear(sandbox)
    Lease.objects.filter(sandbox_id=sandbox).delete()
    Sandbox.objects.filter(pk=sandbox).delete()
    recent.forget(sandbox)
    batch.entered.pop(sandbox, None)
    batch.reclocked.add(sandbox)


def duplicate(batch: Batch, sandbox: int, name: str) -> Sandbox:
    """Copy a sandbox as it stands, log included; the copy has keys of its own."""
    batch.finish()
    copy = _copy(batch, Sandbox.objects.get(pk=sandbox), name)
    # Entered, so that whoever moves time learns of it.
    batch.enter([copy.pk])
    return copy


def fork(
    batch: Batch, sandbox: int, name: str, moment: Moment, parts: Iterable[Part]
) -> tuple[Sandbox, Losses] | None:
    """Copy a sandbox as it was at a moment of its log, paused there; it has keys of its own.

    The copy's log ends at the moment. None where the log has been started anew since.
    """
    batch.finish()
    source = Sandbox.objects.get(pk=sandbox)
    if source.epoch != moment.epoch:
        return None
    copy = _copy(
        batch, source, name, last_seq=moment.seq, first_seq=min(source.first_seq, moment.seq + 1),
        anchor_sim=moment.at, anchor_wall=wall_ms(), paused=True,
    )  # fmt: skip
    Event.objects.after(copy.pk, moment.seq).order_by().delete()
    # What is on its way, and to whom, is in no log.
    Delivery.objects.filter(sandbox=copy.pk).delete()
    Errand.objects.filter(sandbox=copy.pk).delete()
    batch.enter([copy.pk])
    lost = Losses()
    for part in parts:
        lost = lost.plus(part.restore(batch, batch.entered[copy.pk], moment))
    batch.entered[copy.pk].forget()
    return copy, lost


def _copy(batch: Batch, source: Sandbox, name: str, **changes: Any) -> Sandbox:
    """Copy a sandbox's row, with other values in some columns, and all rows that belong to it."""
    copy = Sandbox.objects.get(pk=source.pk)
    copy.pk, copy.slug, copy.name = None, _free_slug(name), name
    copy.is_default, copy.created_at = False, wall_ms()
    for column, value in changes.items():
        setattr(copy, column, value)
    copy.save(force_insert=True)
    for account in source.accounts.all():
        add_account(copy, account.number, regions=account.regions)
    for table in _tables():
        _copy_rows(batch, table, source.pk, copy.pk)
    return copy


def _tables() -> Iterable[type[models.Model]]:
    yield from _OWN_TABLES
    for service in registry.SERVICES.values():
        yield from service.tables
    yield from _EXTRA_TABLES


def _clear(sandbox: int) -> None:
    uncopied = (table for service in registry.SERVICES.values() for table in service.uncopied)
    for table in (*_tables(), *uncopied):
        table._default_manager.filter(**_belongs_to(table, sandbox)).delete()


def _belongs_to(table: type[models.Model], sandbox: int) -> dict[str, Any]:
    """Return the filter for a sandbox's rows: its column, or the high bits of the row id."""
    columns = {field.name for field in table._meta.fields}
    return {"sandbox": sandbox} if "sandbox" in columns else {"id__range": ids.row_range(sandbox)}


def _copy_rows(batch: Batch, table: type[models.Model], old: int, new: int) -> None:
    """Copy rows inside the database, moving composed ids into the new sandbox's range."""
    composed = set(getattr(table, "composed", ("id",)))
    shift = ids.compose(new, 0) - ids.compose(old, 0)
    targets, values, params = [], [], []
    for field in table._meta.fields:
        column = str(field.column)
        if isinstance(field, models.AutoField):
            continue
        targets.append(column)
        if column in ("sandbox", "sandbox_id"):
            values.append("%s")
            params.append(new)
        elif column in composed:
            values.append(f'"{column}" + %s')
            params.append(shift)
        else:
            values.append(f'"{column}"')
    belongs = "sandbox" if "sandbox" in targets else "sandbox_id" if "sandbox_id" in targets else ""
    where = f"{belongs} = %s" if belongs else "id BETWEEN %s AND %s"
    params += [old] if belongs else list(ids.row_range(old))
    # A column may have the name of an SQL word, as ``group``.
    columns = ", ".join(f'"{column}"' for column in targets)
    batch.db.write(
        f"INSERT INTO {table._meta.db_table} ({columns})"
        f" SELECT {', '.join(values)} FROM {table._meta.db_table} WHERE {where}",
        params,
    )


def _free_slug(name: str) -> str:
    """Return an address for ``name`` that no other sandbox has."""
    stem = slugify(name)[:48] or "sandbox"
    slug, number = stem, 1
    while Sandbox.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _free_account_number() -> str:
    while True:
        number = str(100_000_000_000 + secrets.randbelow(900_000_000_000))
        if not Account.objects.filter(number=number).exists():
            return number
