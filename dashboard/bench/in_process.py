"""The engine alone, in a process of its own: the settings name the database and are read once.

``python -m dashboard.bench.in_process MODULE SECONDS`` prints rows as JSON, measured by a module of
this package on a new database where the environment says.
"""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import django
import orjson
from django.conf import settings

from dashboard.bench.rows import Row
from dashboard.bench.server import NotServed, environment


def engine_rows(module: str, seconds: float, home: Path, database_url: str) -> list[Row]:
    """Let a module measure in another process; raises NotServed when that fails."""
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.bench.in_process", module, str(seconds)],
        cwd=settings.BASE_DIR,
        env=environment(home, database_url),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise NotServed(f"The engine could not be measured: {done.stderr.decode().strip()}")
    return [Row(**row) for row in orjson.loads(done.stdout)]


def main(module: str, seconds: float) -> None:
    """Make the tables, measure, print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # Both need the settings.
    import_module("dashboard.management.database").prepare()
    rows = import_module(f"dashboard.bench.{module}").measure(seconds)
    sys.stdout.write(orjson.dumps([row.as_data() for row in rows]).decode())


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
