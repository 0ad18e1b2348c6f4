"""Rows of what is measured: found, made, added to."""

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from messaging.cloudwatch.domain.catalogue import LEVELS
from messaging.cloudwatch.domain.projection import Subject
from messaging.cloudwatch.domain.statistics import Summary
from messaging.cloudwatch.models import Measured, Minute


def scope_of(subject: Subject) -> int:
    """Return the number by which rows name what is measured."""
    named = json.dumps([*subject[:3], sorted(subject.dimensions)]).encode()
    return int.from_bytes(blake2b(named, digest_size=8).digest(), "big") >> 1


def measured(sandbox: int, subject: Subject, *, projected: bool = False) -> Measured:
    """Return the row of what is measured, a new one where there is none; it is not saved."""
    return find(sandbox, subject) or Measured(
        sandbox=sandbox, scope=scope_of(subject), account=subject.account, region=subject.region,
        namespace=subject.namespace, dimensions=[list(pair) for pair in subject.dimensions],
        projected=projected,
    )  # fmt: skip


def find(sandbox: int, subject: Subject) -> Measured | None:
    """Return the row of what is measured, or None."""
    return Measured.objects.filter(sandbox=sandbox, scope=scope_of(subject)).first()


def merge(sandbox: int, row: Measured, found: Mapping[int, Mapping[str, Any]]) -> None:
    """Add what was found in each minute to what is kept of it, and note the names and when."""
    kept = {
        minute.at: minute
        for minute in Minute.objects.filter(
            sandbox=sandbox, scope=row.scope, at__gte=min(found), at__lte=max(found)
        )
        if minute.at in found
    }
    new, changed = [], []
    for at, data in found.items():
        minute = kept.get(at)
        if minute is None:
            new.append(Minute(sandbox=sandbox, scope=row.scope, at=at, data=_joined({}, data)))
        else:
            minute.data = _joined(minute.data, data)
            changed.append(minute)
        for name in (LEVELS, *data):
            row.names[name] = max(at, row.names.get(name, 0))
    Minute.objects.bulk_create(new, batch_size=200)
    Minute.objects.bulk_update(changed, ("data",), batch_size=200)


def _joined(kept: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    data = dict(kept)
    for name, value in found.items():
        if name == LEVELS:
            data[name] = value
        elif isinstance(value, Summary):
            whole = Summary()
            for part in [Summary.read(data[name])] if name in data else []:
                whole.join(part)
            whole.join(value)
            data[name] = whole.stored()
        else:
            data[name] = data.get(name, 0) + value
    return data


def as_pairs(dimensions: Sequence[Mapping[str, str]] | None) -> tuple[tuple[str, str], ...]:
    """Return the dimensions of a request as pairs, sorted by name."""
    return tuple(sorted((one["Name"], one["Value"]) for one in dimensions or ()))
