"""What can be wrong before the server runs, each said in one sentence."""

import errno
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext

if sys.platform != "win32":
    import fcntl

BACKLOG = 128
LOOPBACK = ("127.", "::1")


class Refused(CommandError):
    """The program cannot start; the text says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Take the port at once, so that nothing else can have it while the database is prepared."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise Refused(
            gettext("%(host)s is no address of this machine.") % {"host": repr(host)}
        ) from error
    listener = socket.socket(family, kind)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise Refused(_why_not_listening(error, host, port)) from error
    listener.setblocking(False)
    return listener


def is_loopback(listener: socket.socket) -> bool:
    """Tell whether only programs on this machine can reach the listener."""
    return str(listener.getsockname()[0]).startswith(LOOPBACK)


def check_code_may_run(listener: socket.socket) -> None:
    """Refuse to run functions' code for anybody but the owner of this machine; raises Refused."""
    if settings.MODE != "single":
        raise Refused(
            gettext(
                "In a class room the code of functions does not run: leave out --run-code and "
                "SIGNALBOX_RUN_CODE."
            )
        )
    if not is_loopback(listener):
        raise Refused(
            gettext(
                "The code of functions runs only where nobody else can reach the server: leave out "
                "--host, or leave out --run-code and SIGNALBOX_RUN_CODE."
            )
        )
    if os.name != "posix":
        raise Refused(
            gettext("The code of functions runs on Linux and macOS only: leave out --run-code.")
        )


def own_names(listener: socket.socket) -> list[str]:
    """Return the host names under which other machines may reach the listener."""
    address = str(listener.getsockname()[0])
    if address not in ("0.0.0.0", "::"):
        return [_bracketed(address)]
    name = socket.gethostname().lower()
    names = {name, f"{name}.local"}
    with suppress(OSError):
        names |= {str(info[4][0]) for info in socket.getaddrinfo(name, None)}
    return sorted({_bracketed(name.partition("%")[0]) for name in names})


def base_url(listener: socket.socket) -> str:
    """Return the address to open in a browser on this machine."""
    address, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(address) or _bracketed(address)
    return f"http://{host}:{port}"


def hold(database: Path) -> IO[Any]:
    """Lock the SQLite file for this process until it ends; one writer is the design."""
    path = database.with_name(database.name + ".lock")
    try:
        if database.parent == settings.HOME:
            settings.HOME.mkdir(parents=True, exist_ok=True)
        handle = path.open("a+", encoding="ascii")
    except OSError as error:
        raise Refused(
            gettext(
                "The folder %(parent)s of the database cannot be written (%(strerror)s): make "
                "it writable, or choose another with --database-url."
            )
            % {"parent": path.parent, "strerror": error.strerror}
        ) from error
    if sys.platform == "win32":
        return handle
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.seek(0)
        owner = handle.read().strip()
        handle.close()
        who = f" (process {owner})" if owner else ""
        raise Refused(
            gettext(
                "Signalbox already runs on the database %(database)s%(who)s: stop it first, or "
                "choose another file with --database-url."
            )
            % {"database": database, "who": who}
        ) from error
    handle.truncate(0)
    handle.write(f"{os.getpid()}\n")
    handle.flush()
    return handle


def _why_not_listening(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return gettext("Port %(port)s is taken by another program: choose another with --port.") % {
            "port": port
        }
    if error.errno == errno.EACCES:
        return gettext(
            "Port %(port)s is reserved for the administrator: choose one above 1023 with --port."
        ) % {"port": port}
    if error.errno == errno.EADDRNOTAVAIL:
        return gettext("%(host)s is no address of this machine.") % {"host": repr(host)}
    return gettext("Port %(port)s on %(host)s cannot be opened: %(strerror)s.") % {
        "port": port,
        "host": host,
        "strerror": error.strerror,
    }


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
