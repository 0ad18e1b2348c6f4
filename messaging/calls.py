"""One POST to a program outside: the only place of the engine that opens connections.

Only addresses that are allowed are called: those of one's own machine, and what the installation
lists. A name is looked up once and the connection goes to that very address, so that a name which
changes its mind leads nowhere else; redirects are not followed; of an answer no more than the head
is read, and that for fifteen seconds in all.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import orjson
from django.conf import settings

from messaging.kernel.errands import EndpointFailed, EndpointRefused
from messaging.kernel.errors import AwsError

TIMEOUT_S: Final = 15.0
_OK: Final = range(200, 300)
_WRONG: Final = range(400, 500)
_TOO_MANY: Final = 429

Address = IPv4Address | IPv6Address


def post(url: str, body: str) -> AwsError | None:
    """Send what a packet holds; return what went wrong, or None.

    It holds ``headers`` and ``body``, and where it is no POST of 15 seconds ``method`` and
    ``timeout_s``.
    """
    packed = orjson.loads(body)
    try:
        parts = urlsplit(url)
        address = find_address(parts, allowed_networks(settings.ENDPOINT_NETWORKS))
    except ValueError as error:
        return EndpointRefused(str(error))
    except OSError:
        return EndpointFailed(f"The name {urlsplit(url).hostname} is not known.")
    try:
        status = _send(parts, address, packed)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return EndpointFailed(f"No answer: {_said(error)}")
    return judge(status)


def judge(status: int) -> AwsError | None:
    """Return what an answer's status means (N8): 2xx is fine, 4xx final, the rest a failure."""
    if status in _OK:
        return None
    if status in _WRONG and status != _TOO_MANY:
        return EndpointRefused(f"HTTP {status}")
    return EndpointFailed(f"HTTP {status}")


def allowed_networks(listed: Iterable[str]) -> list[Any]:
    """Return the networks whose addresses may be called."""
    return [ip_network(text, strict=False) for text in listed]


def find_address(parts: SplitResult, networks: Iterable[Any]) -> Address:
    """Look a host up, once; raises ValueError where it may not be called, OSError if unknown."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    found = [
        ip_address(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ]
    allowed = list(networks)
    for address in found:
        plain = getattr(address, "ipv4_mapped", None) or address
        if any(plain in network for network in allowed):
            return address
    raise ValueError(f"Signalbox may not call {host}: only addresses that are allowed are called.")


def _send(parts: SplitResult, address: Address, packed: Mapping[str, Any]) -> int:
    connection = _Pinned(parts, address, packed.get("timeout_s", TIMEOUT_S))
    method, headers = packed.get("method", "POST"), {**packed["headers"], "connection": "close"}
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    # Each single wait has its end; many of them need one, too.
    alarm = threading.Timer(TIMEOUT_S, connection.hang_up)
    alarm.daemon = True
    alarm.start()
    try:
        connection.request(method, target, packed["body"].encode(), headers)
        status = connection.getresponse().status
        if connection.is_cut:
            # What was read of its head up to then looks like an answer.
            raise TimeoutError
        return status
    finally:
        alarm.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever the name says by now."""

    def __init__(self, parts: SplitResult, address: Address, timeout_s: float) -> None:
        is_tls = parts.scheme == "https"
        port = parts.port or (443 if is_tls else 80)
        super().__init__(parts.hostname or "", port, timeout=timeout_s)
        self.is_cut = False
        self._address = str(address)
        self._tls = ssl.create_default_context() if is_tls else None

    def connect(self) -> None:
        sock: socket.socket = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(sock, server_hostname=self.host) if self._tls else sock

    def hang_up(self) -> None:
        """End what takes too long, whoever waits for it."""
        self.is_cut = True
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _said(error: Exception) -> str:
    return "it took too long" if isinstance(error, TimeoutError) else type(error).__name__
