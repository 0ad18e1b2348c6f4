"""Reads the event log in pieces."""

from collections.abc import Iterator
from typing import Final

import orjson
from django.db import connection

from dashboard.topology.fold import Logged
from messaging.kernel.ids import compose
from messaging.kernel.models import Event

PIECE: Final = 5_000

_ROWS: Final = (
    f"SELECT at, kind, arn, data FROM {Event._meta.db_table} WHERE id>%s AND id<=%s ORDER BY id"
)


def events(sandbox: int, after: int, until: int) -> list[Logged]:
    """Return the events with sequence numbers after ``after`` up to ``until``.

    Below 0 there is nothing: the number before belongs to another sandbox.
    """
    after = max(0, after)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [compose(sandbox, after), compose(sandbox, until)])
        rows = cursor.fetchall()
    if not rows:
        return []
    at, kinds, arns, texts = zip(*rows, strict=True)
    # One parse for all: the data of an event is JSON text already.
    return list(zip(at, kinds, arns, orjson.loads(f"[{','.join(texts)}]"), strict=True))


def pieces(sandbox: int, after: int, until: int) -> Iterator[list[Logged]]:
    """Yield the same events, a few thousand at a time."""
    for start in range(after, until, PIECE):
        yield events(sandbox, start, min(start + PIECE, until))
