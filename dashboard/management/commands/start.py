"""Prepare the database, make the demo, serve everything on one port and say how to reach it."""

import argparse
import os
import signal
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections
from django.utils.module_loading import import_string
from django.utils.translation import gettext, gettext_noop

from dashboard.management import database, preflight
from dashboard.management.preflight import Refused
from dashboard.scenarios import second_demo
from dashboard.wording import later as _
from messaging import sandboxes
from messaging.kernel import access
from messaging.kernel.models import Account, Sandbox
from messaging.simulation import demo

SERVERS = ("daphne", "uvicorn")
TOP_PORT = 65_535
# They would bury ours in --help.
DJANGO_OPTIONS = {
    "--force-color",
    "--no-color",
    "--pythonpath",
    "--settings",
    "--traceback",
    "--verbosity",
    "--version",
}
NETWORK_WARNING = _(
    "\nWarning: everyone on the network can reach this address, and single-user mode asks nobody "
    "who they are.\n"
)
CODE_NOTE = _("\nThe Python code of Lambda functions runs here, as you (--run-code).\n")


class Command(BaseCommand):
    help = gettext_noop(
        "Start Signalbox: bring the database up to date, make demo sandboxes on the first start, "
        "and serve the pages and the AWS endpoint on one port. Ctrl-C stops it; everything is kept."
    )
    suppressed_base_arguments = DJANGO_OPTIONS
    # The tests run the checks; here they would only make the start slower.
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.description = gettext(self.help)
        parser.add_argument(
            "--port",
            type=_port,
            default=8000,
            help=gettext("port to serve on (8000); 0 takes a free one"),
        )
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            help=gettext(
                "address to serve on (127.0.0.1: this machine only; 0.0.0.0: the whole network)"
            ),
        )
        _add_flags(parser)
        parser.add_argument(
            "--database-url",
            metavar="URL",
            help=gettext(
                "database to use instead of .signalbox/signalbox.sqlite3, such as "
                "postgres://user:password@host:5432/name or sqlite:////folder/file.sqlite3"
            ),
        )
        parser.add_argument(
            "--server",
            choices=SERVERS,
            default="daphne",
            help=gettext("server program to use (daphne)"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # SIGTERM stops the program exactly as Ctrl-C does, at whatever moment it comes.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with suppress(KeyboardInterrupt):
                self._start(options)
        except Refused as refusal:
            self._refuse(str(refusal))
        except DatabaseError as error:
            self._refuse(database.sentence(error))
        self._say(gettext("\nStopped. Everything is kept; start again with the same command."))

    def _start(self, options: dict[str, Any]) -> None:
        listener = preflight.listen(options["host"], options["port"])
        settings.ALLOWED_HOSTS += [options["host"], *preflight.own_names(listener)]
        settings.OWN_URL = preflight.base_url(listener)
        settings.RUN_CODE = options["run_code"] or settings.RUN_CODE_ASKED
        if settings.RUN_CODE:
            preflight.check_code_may_run(listener)
        path = database.sqlite_file()
        lock = preflight.hold(path) if path else None
        self._say("Signalbox")
        self._step("database", f"{database.describe()} …")
        applied = database.prepare()
        self._step(
            "database",
            gettext("%(applied)s migrations applied") % {"applied": applied}
            if applied
            else gettext("up to date"),
        )
        sandbox = self._sandbox(with_demo=not options["no_demo"])
        greeting = _greeting(preflight.base_url(listener), sandbox)
        if settings.RUN_CODE:
            greeting += CODE_NOTE
        if settings.MODE == "single" and not preflight.is_loopback(listener):
            greeting += NETWORK_WARNING
        connections.close_all()
        self._step("server", f"{options['server']} …")
        server = import_module(f"dashboard.management.serve_by_{options['server']}")
        application = import_string(settings.ASGI_APPLICATION)
        server.serve(
            application,
            listener,
            on_ready=lambda: self._say(
                gettext("%(greeting)s\nCtrl-C stops it.") % {"greeting": greeting}
            ),
        )
        if lock is not None:
            lock.close()

    def _sandbox(self, *, with_demo: bool) -> Sandbox:
        """Return the sandbox that the printed lines reach."""
        home = sandboxes.default()
        if not with_demo:
            return home
        known = set(Sandbox.objects.values_list("slug", flat=True))
        made = demo.create_demo()
        for sandbox in (made, second_demo.create_second_demo()):
            state = "is there" if sandbox.slug in known else "made"
            self._step("demo", f"sandbox “{sandbox.name}” {state}")
        return made

    def _step(self, name: str, text: str) -> None:
        self._say(f"  {name:<9} {text}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        raise SystemExit(1)


def _add_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-demo",
        action="store_true",
        help=gettext("do not make the demo sandboxes (order pipeline, order fan-out)"),
    )
    parser.add_argument(
        "--run-code",
        action="store_true",
        help=gettext(
            "run the Python code of Lambda functions, as you and on your own machine only "
            "(off: they do what their signalbox:behaviour tag says)"
        ),
    )


def _greeting(url: str, sandbox: Sandbox) -> str:
    """Return the address, and the lines that point AWS clients at ``sandbox``."""
    account: Account = sandbox.accounts.order_by("id")[0]
    key = account.keys.filter(withdrawn_at=None).order_by("created_at")[0]
    variables = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": key.key_id,
        "AWS_SECRET_ACCESS_KEY": access.secret_of(key.key_id),
        "AWS_DEFAULT_REGION": account.home_region,
    }
    form = "export {}={}" if os.name == "posix" else '$env:{}="{}"'
    lines = (form.format(name, value) for name, value in variables.items())
    return "\n".join(
        (
            gettext("\nOpen in a browser:  %(url)s") % {"url": url},
            gettext("\nPoint your code at it; paste this in another terminal:\n"),
            *lines,
            "",
        )
    )


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else -1
    if not 0 <= port <= TOP_PORT:
        raise argparse.ArgumentTypeError(
            gettext("%(text)s is no port: use a number from 0 to %(top_port)s")
            % {"text": repr(text), "top_port": TOP_PORT}
        )
    return port
