"""HTTP by hand: bytes over a socket, and signatures over requests that no SDK would send."""

import http.client
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

TIMEOUT_SECONDS = 15


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(
    url: str,
    *,
    method: str = "GET",
    body: bytes | str = b"",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request on a connection of its own."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_SECONDS)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.request(method, target, body or None, dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, _lower(response), response.read())
    finally:
        connection.close()


@contextmanager
def plug(url: str) -> Iterator[socket.socket]:
    """Open a socket to the server."""
    parts = urlsplit(url)
    address = (parts.hostname or "", parts.port or 80)
    with socket.create_connection(address, timeout=TIMEOUT_SECONDS) as plugged:
        yield plugged


def read(plugged: socket.socket, *, method: str = "POST") -> Answer:
    """Read one response from a socket that stays open."""
    response = http.client.HTTPResponse(plugged, method=method)
    try:
        response.begin()
        return Answer(response.status, _lower(response), response.read())
    finally:
        response.close()


def post(url: str, body: bytes, *lines: str) -> bytes:
    """Return a POST as bytes, with a Content-Length that fits unless ``lines`` has one."""
    parts = urlsplit(url)
    given = [f"Host: {parts.netloc}", *lines]
    if not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in lines):
        given.append(f"Content-Length: {len(body)}")
    head = "\r\n".join([f"POST {parts.path or '/'} HTTP/1.1", *given])
    return head.encode() + b"\r\n\r\n" + body


def signed(
    url: str,
    *,
    key: str,
    secret: str,
    method: str = "POST",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    region: str = "us-east-1",
    service: str = "sqs",
) -> dict[str, str]:
    """Return the headers of a request, signed."""
    request = AWSRequest(method=method, url=url, data=body, headers=dict(headers or {}))
    SigV4Auth(Credentials(key, secret), service, region).add_auth(request)
    return dict(request.headers.items())


def presigned(url: str, *, key: str, secret: str, expires: int = 60) -> str:
    """Return an address that carries its signature."""
    request = AWSRequest(method="GET", url=url)
    credentials = Credentials(key, secret)
    SigV4QueryAuth(credentials, "sqs", "us-east-1", expires=expires).add_auth(request)
    return str(request.url)


def _lower(response: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.getheaders()}
