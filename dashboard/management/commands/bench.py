"""Measure: our own server, the engine in it, or any SQS endpoint."""

import argparse
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import orjson
from django.core.management.base import BaseCommand, CommandError

from dashboard.bench import report, ui
from dashboard.bench.browser import NoBrowser
from dashboard.bench.calls import CallFailed
from dashboard.bench.http import Address
from dashboard.bench.rows import Row
from dashboard.bench.run import NAMES, OWN, Plan, run
from dashboard.bench.server import NotServed
from dashboard.bench.signing import Credentials

SERVERS: Final = ("uvicorn", "daphne")
# A signature is good for a quarter of an hour, and some requests are written before a run.
LONGEST_SECONDS: Final = 300
SHORTEST_SECONDS: Final = 0.1
TAKEN_OVER: Final = (
    "seconds", "repeat", "connections", "depth", "viewers", "sign", "server", "database_url",
)  # fmt: skip
KEY_VARIABLES: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
POSTGRES: Final = ("postgres://", "postgresql://")


class Command(BaseCommand):
    help = (
        "Measure Signalbox or another SQS endpoint with a lean client. Scenarios: send (one "
        "message a call), batch (ten a call), drain (receive and delete in tens from a deep "
        "backlog), e2e (senders and long-polling receivers at once), fifo (the same over 100 "
        "message groups, order verified), screen (from a send to the frame that shows it, with "
        "websocket viewers), engine (operations without HTTP), fan-out (topics, buses and "
        "patterns without HTTP). Without --endpoint each scenario "
        "gets a server of its own on a database that is thrown away. `bench ui` measures what a "
        "person sees, in Chromium: first load, frames, seeks in the past, memory."
    )
    suppressed_base_arguments = {  # noqa: RUF012 - Django types it as a plain set
        "--version",
        "--verbosity",
        "--settings",
        "--pythonpath",
        "--no-color",
        "--force-color",
    }
    # The tests run the checks.
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "what", nargs="?", choices=("ui",), help="measure the pages instead of the engine"
        )
        _add_subject(parser)
        _add_scenarios(parser)
        _add_load(parser)
        ui.add_options(parser)
        parser.add_argument("--json", metavar="FILE", type=Path, help="write the result there, too")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            about, told, rows = self._measured(options)
        except (NoBrowser, NotServed, CallFailed) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            reason = str(error) or "it does not answer"
            raise CommandError(f"The endpoint cannot be reached: {reason}") from error
        self.stdout.write(f"\n{report.heading(about)}\n\n{report.table(rows)}")
        if options["json"]:
            _write(options["json"], {**about, "options": told, "results": rows})

    def _measured(
        self, options: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any], list[Row]]:
        """Return on what, with which options, and the rows."""

        if options["what"] == "ui":
            pages = ui.plan_of(options)
            about, rows = ui.run(pages, self._progress)
            return about, asdict(pages), rows
        plan = _plan(options)
        about, rows = run(plan, self._progress)
        return about, _told(plan), rows

    def _progress(self, text: str) -> None:
        self.stderr.write(f"… {text}", self.style.NOTICE)
        self.stderr.flush()


def _add_subject(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--endpoint",
        metavar="URL",
        type=_endpoint,
        help="measure this SQS endpoint instead of a server of our own",
    )
    parser.add_argument(
        "--server", choices=SERVERS, default="uvicorn", help="program that serves (uvicorn)"
    )
    parser.add_argument(
        "--database-url",
        metavar="URL",
        type=_database,
        default=_environment_database(),
        help="PostgreSQL server to measure on, such as postgres://user@host/name: a database is "
        "made beside the named one and dropped again (DATABASE_URL; without it SQLite in a folder "
        "that is removed)",
    )
    parser.add_argument(
        "--sign",
        action="store_true",
        help="sign each call with an issued key instead of test/test; for --endpoint with the one "
        "in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    )


def _add_scenarios(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--scenario",
        metavar="NAMES",
        type=_scenarios,
        default=(),
        help=f"what to measure, with commas: {','.join(NAMES)} (all that can be)",
    )
    parser.add_argument(
        "--seconds",
        type=_seconds,
        default=5.0,
        help="how long each figure is measured, after a warm-up (5)",
    )
    parser.add_argument(
        "--repeat",
        type=_whole,
        default=1,
        help="run everything so often and report the median (1)",
    )


def _add_load(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--connections",
        type=_whole,
        default=16,
        help="connections, one request in flight on each (16)",
    )
    parser.add_argument(
        "--depth",
        type=_whole,
        default=500_000,
        help="messages to put in the queue before it is drained (500000)",
    )
    parser.add_argument(
        "--viewers",
        metavar="NUMBERS",
        type=_numbers,
        default=(1, 30, 200),
        help="how many websocket viewers look on, with commas (1,30,200)",
    )


def _plan(options: dict[str, Any]) -> Plan:
    endpoint = options["endpoint"] or ""
    names = options["scenario"] or tuple(n for n in NAMES if not endpoint or n not in OWN)
    inside = OWN.intersection(names)
    if endpoint and inside:
        raise CommandError(
            f"{' and '.join(sorted(inside))} can be measured on our own server only: leave "
            "--endpoint out."
        )
    return Plan(
        names=names,
        endpoint=endpoint,
        credentials=_credentials() if endpoint and options["sign"] else None,
        **{name: options[name] for name in TAKEN_OVER},
    )


def _told(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in ("connections", "seconds", "repeat", "sign")}


def _write(path: Path, result: dict[str, Any]) -> None:
    try:
        path.write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2) + b"\n")
    except OSError as error:
        raise CommandError(f"The result cannot be written: {error}") from error


def _credentials() -> Credentials:
    missing = [name for name in KEY_VARIABLES if not os.environ.get(name)]
    if missing:
        raise CommandError(f"--sign needs {' and '.join(missing)} in the environment.")
    key_id, secret = (os.environ[name] for name in KEY_VARIABLES)
    return Credentials(key_id, secret, os.environ.get("AWS_DEFAULT_REGION") or "us-east-1")


def _endpoint(text: str) -> str:
    try:
        Address.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}: use http://host:port") from None
    return text


def _database(text: str) -> str:
    if text and not text.startswith(POSTGRES):
        raise argparse.ArgumentTypeError(
            "use postgres://…, or leave it out: SQLite is measured in a folder that is removed"
        )
    return text


def _environment_database() -> str:
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith(POSTGRES) else ""


def _scenarios(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {','.join(NAMES)}")
    return names


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(_whole(number) for number in text.split(","))


def _whole(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not SHORTEST_SECONDS <= value <= LONGEST_SECONDS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number from {SHORTEST_SECONDS} to {LONGEST_SECONDS}"
        )
    return value
