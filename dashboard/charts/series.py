"""Events → what a queue held and did in each second of sandbox time. Pure.

Like the live picture's fold, this knows no kinds of messages: ``is`` and ``was`` say what is where.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, Final

# The places of a row: second, three counters at its end, sent-at of the oldest, four tallies.
AT, VISIBLE, FLIGHT, DELAYED, OLDEST, SENT, RECEIVED, DELETED, MOVED = range(9)
_SLOTS: Final = {"v": VISIBLE, "f": FLIGHT, "d": DELAYED}
_TALLIES: Final = {
    "sqs.MessageSent": SENT,
    "sqs.MessageReceived": RECEIVED,
    "sqs.MessageDeleted": DELETED,
    "sqs.MessageMoved": MOVED,
}
_EMPTIED: Final = ("sqs.QueueCreated", "sqs.QueueDeleted", "sqs.QueuePurged")
_SECOND: Final = 1_000

Row = list[int]


class Series:
    """One queue. ``rows`` has a row for each second in which something happened, oldest first."""

    __slots__ = ("born", "emptied_at", "order", "rows")

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.born: dict[int, int] = {}
        # Messages as they came; those that have left stay until they are the first.
        self.order: deque[tuple[int, int]] = deque()
        # From this second on the counters are exact; before it the log may have begun too late.
        self.emptied_at = -1

    def row(self, at: int) -> Row:
        """Return the row of the second of ``at``; a new one holds what the last one held."""
        second = at // _SECOND
        if self.rows and self.rows[-1][AT] >= second:
            return self.rows[-1]
        held = self.rows[-1][VISIBLE : OLDEST + 1] if self.rows else [0, 0, 0, 0]
        row = [second, *held, 0, 0, 0, 0]
        self.rows.append(row)
        return row

    def take(self, at: int, kind: str, data: Mapping[str, Any]) -> None:
        """Fold one event."""
        state, before = data.get("is"), data.get("was")
        if state is None and before is None:
            if kind in _EMPTIED:
                self._empty(at)
            return
        row = self.row(at)
        if before is not None:
            row[_SLOTS[before]] -= 1
        if state is not None:
            row[_SLOTS[state]] += 1
        if before is None:
            self.born[data["m"]] = at
            self.order.append((data["m"], at))
        elif state is None:
            self.born.pop(data["m"], None)
        row[OLDEST] = self._oldest()
        tally = _TALLIES.get(kind)
        if tally is not None:
            row[tally] += 1

    def forget(self, before: int) -> None:
        """Drop the rows of seconds that the log no longer has, but for the last of them."""
        second = before // _SECOND
        count = 0
        while count + 1 < len(self.rows) and self.rows[count + 1][AT] <= second:
            count += 1
        del self.rows[:count]

    def settle(self, counters: tuple[int, int, int]) -> None:
        """Lift the counters to what is there now, where the log began after the queue did.

        ``counters`` are those of the moment of the last event.
        """
        if not self.rows or self.emptied_at >= 0:
            return
        last = self.rows[-1]
        lift = [counters[slot - VISIBLE] - last[slot] for slot in (VISIBLE, FLIGHT, DELAYED)]
        if any(lift):
            for row in self.rows:
                for slot in (VISIBLE, FLIGHT, DELAYED):
                    row[slot] = max(0, row[slot] + lift[slot - VISIBLE])

    def _oldest(self) -> int:
        order, born = self.order, self.born
        while order and born.get(order[0][0]) != order[0][1]:
            order.popleft()
        return order[0][1] if order else 0

    def _empty(self, at: int) -> None:
        row = self.row(at)
        row[VISIBLE : OLDEST + 1] = [0, 0, 0, 0]
        self.born.clear()
        self.order.clear()
        self.emptied_at = row[AT]


def fold(
    found: dict[str, Series], events: Iterable[tuple[int, str, str, Mapping[str, Any]]]
) -> None:
    """Fold events (sandbox time, kind, ARN, data), oldest first, into the series of their ARNs."""
    for at, kind, arn, data in events:
        series = found.get(arn)
        if series is None:
            if "is" not in data and "was" not in data and kind not in _EMPTIED:
                continue
            series = found[arn] = Series()
        series.take(at, kind, data)
