"""What no linter knows: who may write SQL, emit events, draw chance and read the clock."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.quality.sources import ROOT, files, program_files, shown, tree

SQL = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s")
BANNED_CALLS = (
    "import time\ntime.time()",
    "from time import time\ntime()",
    "import time\ntime.time_ns()",
    "import time\ntime.sleep(1)",
    "from datetime import UTC, datetime\ndatetime.now(UTC)",
    "from datetime import datetime\ndatetime.utcnow()",
    "from datetime import date\ndate.today()",
    "from django.utils import timezone\ntimezone.now()",
    "from django.utils.timezone import now\nnow()",
    "import uuid\nuuid.uuid4()",
    "import random\nrandom.random()",
    "from random import choice\nchoice('ab')",
)


# Looks again and again, within a bound, for what another program does in its own time.
WAITS_FOR_PROGRAMS = {"tests/live/clients/connect.py"}


def services() -> list[str]:
    """Return the names of the service packages."""
    return sorted(path.parent.name for path in (ROOT / "messaging").glob("*/service.py")
                  if path.parent.name != "kernel")  # fmt: skip


@pytest.mark.parametrize("code", BANNED_CALLS)
def test_wall_clock_and_chance_are_refused(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--output-format", "concise",
         "--stdin-filename", "messaging/sqs/operations/example.py", "-"],
        cwd=ROOT, input=code + "\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "TID251" in done.stdout
    assert re.search(r"ctx\.(now|ids|rng)|advance", done.stdout), "the message names the remedy"


def test_only_the_kernel_makes_a_generator() -> None:
    makers = {
        shown(path)
        for path in program_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and called_name(node) in ("Random", "random.Random")
    }
    assert makers <= {"messaging/kernel/ids.py"}


def test_no_rule_is_switched_off_for_a_whole_file() -> None:
    marks = [
        shown(path)
        for path in program_files()
        if re.search(r"^# (ruff: noqa|mypy: ignore-errors|flake8: noqa)", path.read_text(), re.M)
    ]
    assert marks == []


def test_tests_do_not_sleep() -> None:
    sleepers = [
        f"{shown(path)}:{node.lineno}"
        for path in files("tests")
        if shown(path) not in WAITS_FOR_PROGRAMS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and called_name(node) in ("time.sleep", "sleep", "asyncio.sleep")
        and not (node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0)
    ]
    assert sleepers == []


def test_only_models_and_store_hold_the_sql_of_a_service() -> None:
    holders = [
        f"{shown(path)}:{node.lineno}"
        for path in service_files()
        if path.name != "models.py" and path.parent.name not in ("store", "migrations")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert holders == []


def test_only_operations_and_ticks_emit_and_deliver() -> None:
    # transitions.py, moving.py and sending.py are what operations, tick and accept have in common.
    allowed = ("tick.py", "accept.py", "traffic.py", "transitions.py", "moving.py", "sending.py")
    emitters = [
        f"{shown(path)}:{node.lineno}"
        for path in service_files()
        if path.name not in allowed and "operations" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and called_name(node) in ("ctx.emit", "ctx.deliver")
    ]
    assert emitters == []


def test_every_service_is_in_the_contracts_and_the_registry() -> None:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contracts = {contract["id"]: contract for contract in linter["contracts"]}
    layer = next(layer for layer in contracts["layers"]["layers"] if "sqs" in layer)
    assert layer.split(" | ") == services()
    packages = [f"messaging.{name}" for name in services()]
    assert contracts["one-door"]["forbidden_modules"] == packages
    registry = (ROOT / "messaging" / "registry.py").read_text()
    assert [name for name in packages if f"{name}.service" not in registry] == []


def service_files() -> list[Path]:
    packages = {("messaging", name) for name in services()}
    return [path for path in program_files() if path.relative_to(ROOT).parts[:2] in packages]


def called_name(call: ast.Call) -> str:
    """Return ``name`` or ``object.name`` of what is called."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        return f"{call.func.value.id}.{call.func.attr}"
    return ""
