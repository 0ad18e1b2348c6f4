"""Keep other websites out: a page open in the same browser must reach nothing of ours."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from messaging.kernel.errors import AccessDenied
from messaging.wire import hosts
from messaging.wire.request import Request

_MAX_KNOWN: Final = 4096
_DEFAULT_PORTS: Final = (":80", ":443")


class Guard:
    """Checks Host, Origin and what else a browser says of where a request comes from."""

    def __init__(self, allowed: Callable[[str], bool]) -> None:
        self._allowed = allowed
        self._known: dict[str, bool] = {}

    def check(self, request: Request) -> None:
        """Raise AccessDenied for a request to a foreign name, or from a foreign page."""
        if not self._is_ours(request.host):
            raise AccessDenied(f"Signalbox is not served as {hosts.without_port(request.host)!r}.")
        headers = request.headers
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise AccessDenied("Signalbox answers no requests that other websites send.")
        origin = headers.get("origin") or headers.get("referer")
        if origin is not None and not _is_same(origin, request.host):
            raise AccessDenied("Signalbox answers no requests that other websites send.")

    def _is_ours(self, host: str) -> bool:
        known = self._known.get(host)
        if known is None:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            known = self._known[host] = self._find_out(host)
        return known

    def _find_out(self, host: str) -> bool:
        base = hosts.address(host).base
        return base == "localhost" or self._allowed(host) or self._allowed(base)


def _is_same(origin: str, host: str) -> bool:
    try:
        theirs = urlsplit(origin).netloc
    except ValueError:
        return False
    return _bare(theirs) == _bare(host)


def _bare(host: str) -> str:
    host = host.lower()
    for port in _DEFAULT_PORTS:
        host = host.removesuffix(port)
    return host
