"""Writes SQS requests as bytes: JSON 1.0 with a signature that is constant, or real."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from dashboard.bench.http import Address, ask
from dashboard.bench.signing import Credentials, authorization, date_of
from messaging.kernel.clock import wall_ms

TEN: Final = 10
BODY_BYTES: Final = 256
BODY: Final = "".join(chr(97 + place % 26) for place in range(BODY_BYTES))
OK: Final = 200
AGENT: Final = "signalbox-bench/1"

_TEST_KEY: Final = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, "
    "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" + "0" * 64
)


class CallFailed(Exception):
    """The endpoint refused a call without which nothing can be measured."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The requests of one endpoint; without ``credentials`` they are signed with zeros."""

    address: Address
    credentials: Credentials | None = None

    async def ask(self, operation: str, **params: Any) -> dict[str, Any]:
        """Make one call and return its result; raises CallFailed."""
        status, body = await ask(self.address, self.request(operation, orjson.dumps(params)))
        if status != OK:
            raise CallFailed(f"{operation} was answered with {status}: {said(body)}")
        return dict(orjson.loads(body or b"{}"))

    def request(self, operation: str, body: bytes) -> bytes:
        """Return the request that calls ``operation`` with the JSON ``body``."""
        address, date, signature = self.address, "20260101T000000Z", _TEST_KEY
        target = f"AmazonSQS.{operation}"
        if self.credentials is not None:
            date = date_of(wall_ms())
            signature = authorization(
                self.credentials, host=address.host, path=address.path, date=date, target=target,
                body=body,
            )  # fmt: skip
        head = (
            f"POST {address.path} HTTP/1.1\r\nHost: {address.host}\r\nUser-Agent: {AGENT}\r\n"
            f"Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: {target}\r\n"
            f"X-Amz-Date: {date}\r\nAuthorization: {signature}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


@dataclass(frozen=True, slots=True)
class QueueCalls:
    """The requests for one queue."""

    calls: Calls
    url: str

    def send(self, body: str = BODY, **more: str) -> bytes:
        return self._request("SendMessage", MessageBody=body, **more)

    def send_ten(self) -> bytes:
        entries = [{"Id": str(place), "MessageBody": BODY} for place in range(TEN)]
        return self._request("SendMessageBatch", Entries=entries)

    def receive_ten(self, *, wait_seconds: int = 0) -> bytes:
        return self._request(
            "ReceiveMessage", MaxNumberOfMessages=TEN, WaitTimeSeconds=wait_seconds
        )

    def delete(self, handles: Sequence[str]) -> bytes:
        entries = [{"Id": str(n), "ReceiptHandle": handle} for n, handle in enumerate(handles)]
        return self._request("DeleteMessageBatch", Entries=entries)

    def _request(self, operation: str, **params: Any) -> bytes:
        return self.calls.request(operation, orjson.dumps({"QueueUrl": self.url, **params}))


def said(body: bytes) -> str:
    """Return what an error reply says, short enough for a line."""
    try:
        told = orjson.loads(body)
        kind = str(told.get("__type", "")).rpartition("#")[2]
        return f"{kind} {told.get('message') or told.get('Message') or ''}".strip()[:200]
    except (AttributeError, orjson.JSONDecodeError):
        return body[:200].decode(errors="replace")
