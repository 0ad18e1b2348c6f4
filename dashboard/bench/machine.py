"""What a figure was measured on: without it the figure says nothing."""

import os
import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

import psycopg

PACKAGES: Final = ("django", "uvicorn", "daphne", "uvloop", "httptools", "orjson", "psycopg")
SYNCS: Final = 40


def machine() -> dict[str, Any]:
    """Describe the machine and how busy it was when the run began."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    return {
        "cores": len(allowed) or os.cpu_count(),
        "processor": _processor(),
        "system": platform.platform(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load_1_minute": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def program(folder: Path, database_url: str) -> dict[str, Any]:
    """Describe what the server stands on: database, disk and packages."""
    return {"database": _database(database_url), **_disk(folder), "packages": _packages()}


def cpu_seconds(process: int) -> float:
    """Return the processor time that a process has used, where the system tells (Linux), else 0."""
    path = Path(f"/proc/{process}/stat")
    if not path.exists():
        return 0.0
    # The name, in brackets, may hold blanks; user and system time are the 12th and 13th after it.
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def family_cpu_seconds(process: int) -> float:
    """Return the same for a process and those that it has started and that still run."""
    paths = Path(f"/proc/{process}/task").glob("*/children")
    children = [int(number) for path in paths for number in path.read_text().split()]
    return sum(map(cpu_seconds, (process, *children)))


def resident_bytes(process: int) -> int:
    """Return how much memory a process holds, where the system tells (Linux), else 0."""
    path = Path(f"/proc/{process}/statm")
    return int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if path.exists() else 0


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def _database(database_url: str) -> str:
    if not database_url:
        return f"SQLite {sqlite3.sqlite_version}, WAL, synchronous=FULL"
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT current_setting('server_version'), current_setting('fsync'),"
            " current_setting('synchronous_commit')"
        ).fetchone()
    number, fsync, commit = row or ("?", "?", "?")
    return f"PostgreSQL {number}, fsync={fsync}, synchronous_commit={commit}"


def _disk(folder: Path) -> dict[str, Any]:
    """Time what each commit waits for: 4 KiB written and synchronised."""
    path, times = folder / "sync", []
    with path.open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            began = perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            times.append(perf_counter() - began)
    path.unlink()
    return {"fsync_us": round(median(times) * 1e6)}


def _packages() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
