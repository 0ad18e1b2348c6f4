"""What ties a message to others: the trace that it carries, or that one caused the other.

It never writes.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import orjson
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.console.text import visible
from dashboard.inspector import entries, newest
from dashboard.inspector.entries import Entry
from messaging.kernel.ids import compose, number_of
from messaging.kernel.models import Event, Sandbox
from messaging.kernel.tracing import root_of

# How many messages one trace shows, and how far causes are followed.
MESSAGES_MAX: Final = 24
STEPS_MAX: Final = 6
_HEADER: Final = "AWSTraceHeader"


class Tie(NamedTuple):
    """The messages that belong together, and the root of the trace that they carry, if any."""

    numbers: frozenset[int]
    root: str = ""
    by_cause: bool = False

    @property
    def words(self) -> str:
        """Say what ties them, or that nothing does."""
        others = len(self.numbers) - 1
        values = {"root": visible(self.root), "count": others + 1}
        if not others and self.root:
            return (
                _(
                    "It carries trace %(root)s. No other message in the log that is kept does, and"
                    " none caused it or came of it."
                )
                % values
            )
        if not others:
            return _(
                "Nothing ties it to another message: it was sent without an AWSTraceHeader, and no"
                " other message caused it or came of it."
            )
        if not self.root:
            text = _("%(count)s messages tied by cause: what happened to one sent the other.")
            return text % values
        text = ngettext(
            "Trace %(root)s: %(count)s message.", "Trace %(root)s: %(count)s messages.", others + 1
        )
        tail = " " + _("Some are tied by cause alone.") if self.by_cause else ""
        return text % values + tail


def tie_of(
    sandbox: Sandbox, number: int, events: Sequence[Entry], row: dict[str, Any] | None
) -> Tie:
    """Return what is tied to a message, as far as the log that is kept tells."""
    root = next((str(one.data["t"]) for one in events if one.m == number and "t" in one.data), "")
    if not root and row is not None:
        root = root_of(row["system"].get(_HEADER, ""))
    rows = Event.objects.of_sandbox(sandbox.pk).filter(id__gte=newest.oldest_read(sandbox))
    carry = {number} | (_carrying(rows, root) if root else set())
    numbers = _follow(sandbox, rows, carry)
    return Tie(frozenset(numbers), root, by_cause=numbers != carry)


def _carrying(rows: "QuerySet[Event]", root: str) -> set[int]:
    """Return the newest messages that were sent with a trace."""
    quoted = orjson.dumps(root).decode()
    found = rows.filter(kind=entries.SENT, data__contains=f'"t":{quoted}').order_by("-id")
    return _numbers(found[:MESSAGES_MAX])


def _follow(sandbox: Sandbox, rows: "QuerySet[Event]", known: set[int]) -> set[int]:
    """Return the same with all that caused one of them, or that one of them caused."""
    numbers, fresh = set(known), set(known)
    for _step in range(STEPS_MAX):
        if not fresh or len(numbers) >= MESSAGES_MAX:
            break
        own = _named(rows, fresh)
        ids = list(own.values_list("id", flat=True))
        sent = own.filter(kind=entries.SENT).values_list("cause", flat=True)
        sources = {cause for cause in sent if cause}
        seqs = {number_of(row_id) for row_id in ids} | sources
        related = rows.filter(kind=entries.SENT, cause__in=seqs) if seqs else rows.none()
        parents = rows.filter(id__in=[compose(sandbox.pk, seq) for seq in sources])
        fresh = (_numbers(related[:MESSAGES_MAX]) | _numbers(parents)) - numbers
        numbers |= fresh
    return numbers


def _named(rows: "QuerySet[Event]", numbers: Iterable[int]) -> "QuerySet[Event]":
    wanted = Q()
    for number in numbers:
        wanted |= Q(data__startswith=f'{{"m":{number},')
    return rows.filter(wanted, kind__in=entries.OF_MESSAGES)


def _numbers(rows: "QuerySet[Event]") -> set[int]:
    found = (orjson.loads(data).get("m") for data in rows.values_list("data", flat=True))
    return {int(number) for number in found if number}
