"""What a run says: a table for people, JSON for programs."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dashboard.bench.rows import Row

HEADS = ("", "", "", "p50 ms", "p95 ms", "p99 ms", "server µs", "errors")
# Below this a sync waits for nothing: the folder lies in memory.
MEMORY_US = 20


def table(rows: Sequence[Row]) -> str:
    """Return the rows as an aligned table, with a line below a row for what went wrong in it."""
    cells = [HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADS))]
    lines = [_line(HEADS, widths)]
    for row, line in zip(rows, cells[1:], strict=True):
        lines.append(_line(line, widths))
        lines += [f"  ! {remark}" for remark in _remarks(row)]
    if any(row.details.get("server_cpu_us") for row in rows):
        lines.append("\nserver µs: processor time of the server process for one message")
    return "\n".join(lines)


def heading(about: dict[str, Any]) -> str:
    """Return in a few lines what was measured on what."""
    machine, server = about["machine"], about["server"]
    lines = [
        f"machine   {machine['cores']} cores, {machine['processor']}, {machine['python']}, "
        f"load {machine['load_1_minute']}",
        f"server    {server['name']}" + (f", {server['database']}" if "database" in server else ""),
    ]
    if "browser" in about:
        lines.append(f"browser   {about['browser']}")
    if "fsync_us" in server:
        lines.append(f"disk      4 KiB written and synchronised in {server['fsync_us']} µs")
        if server["fsync_us"] < MEMORY_US:
            lines.append("          no disk does that: what is measured here is not durable")
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    value = f"{row.value:,.0f}" if row.value >= 100 else f"{row.value:,.1f}"  # noqa: PLR2004
    latencies = (row.p50_ms, row.p95_ms, row.p99_ms)
    cost = row.details.get("server_cpu_us")
    return (
        row.label,
        value,
        row.unit,
        *("" if latency is None else f"{latency:,.2f}" for latency in latencies),
        "" if cost is None else f"{cost:,.0f}",
        str(row.errors),
    )


def _line(cells: Iterable[str], widths: list[int]) -> str:
    """Align the label and the unit to the left, figures to the right."""
    aligned = [
        cell.ljust(width) if column in (0, 2) else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(aligned).rstrip()


def _remarks(row: Row) -> Iterator[str]:
    if row.errors:
        yield f"{row.errors} requests failed, the first with {row.first_error}"
    broken = {name: count for name, count in row.faults.items() if count}
    if broken:
        named = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in broken.items())
        yield f"not as promised: {named}"
    if row.details.get("left") == 0:
        yield "the queue was empty before the time was over: give a larger --depth"
    if "missed" in row.details:
        yield str(row.details["missed"])
    if not row.count:
        yield "nothing was done in the measured time"
