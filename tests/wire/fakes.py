"""An engine that remembers what it was asked, and an ASGI server in a function."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from messaging.wire.gateway import Gateway

NOW_MS = 1_795_246_859_000  # 2026-11-21T07:40:59Z
ACCOUNT = "123456789012"

JSON_HEADERS = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "AmazonSQS.SendMessage",
    "user-agent": "Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux lang/python#3.11.7",
    "authorization": "AWS4-HMAC-SHA256 Credential=test/20261121/eu-west-1/sqs/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=00",
    "x-amz-date": "20261121T074059Z",
}
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
MESSAGE = orjson.dumps({"QueueUrl": "http://127.0.0.1:8000/123456789012/q", "MessageBody": "hi"})


@dataclass(frozen=True)
class FakeKey:
    key_id: str
    sandbox: int
    account: str
    secret: str
    principal: str
    is_withdrawn: bool = False


ISSUED = FakeKey("AKIAISSUEDISSUEDISSU", 7, "210987654321", "s3cr3t/Key", "arn:aws:iam::2:root")


class FakeKeys:
    def find(self, key_id: str) -> FakeKey | None:
        return ISSUED if key_id == ISSUED.key_id else None


@dataclass
class FakeEngine:
    """Answers with ``answer``: a result, an exception to raise, or a coroutine function."""

    single_user: bool = True
    answer: Any = field(default_factory=dict)
    now: int = NOW_MS
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "example.org")
    calls: list[tuple[Any, str, str, Mapping[str, Any]]] = field(default_factory=list)
    resets: list[int | None] = field(default_factory=list)
    keys: FakeKeys = field(default_factory=FakeKeys)

    def default_key(self, account: str | None = None) -> FakeKey:
        return FakeKey("", 1, account or ACCOUNT, "", f"arn:aws:iam::{account or ACCOUNT}:root")

    def now_ms(self) -> int:
        return self.now

    def allowed_hosts(self, host: str) -> bool:
        return host.partition(":")[0] in self.hosts

    async def call(
        self, caller: Any, service: str, operation: str, params: Mapping[str, Any]
    ) -> Any:
        self.calls.append((caller, service, operation, params))
        if isinstance(self.answer, Exception):
            raise self.answer
        if callable(self.answer):
            return await self.answer(params)
        return self.answer

    async def reset_default(self) -> None:
        self.resets.append(None)

    async def reset(self, sandbox: int) -> None:
        self.resets.append(sandbox)


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


async def pages(scope: Any, receive: Any, send: Any) -> None:
    """Stand for Django: say what was asked, with the body that came through."""
    message = await receive()
    await send({"type": "http.response.start", "status": 299, "headers": []})
    body = b"page " + scope["path"].encode() + b" " + message.get("body", b"")
    await send({"type": "http.response.body", "body": body})


async def ask(
    engine: FakeEngine,
    method: str = "POST",
    target: str = "/",
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    max_body: int = 1_000_000,
) -> Reply:
    """Send one request through a gateway and return its answer."""
    gateway = Gateway(engine, pages, max_body=max_body)
    path, _, query = target.partition("?")
    all_headers = {"host": "127.0.0.1:8000", **(headers or {})}
    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in all_headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    half = len(body) // 2
    incoming = [
        {"type": "http.request", "body": body[:half], "more_body": True},
        {"type": "http.request", "body": body[half:], "more_body": False},
    ]
    return await run(gateway, scope, incoming)


async def run(
    gateway: Gateway,
    scope: dict[str, Any],
    incoming: list[dict[str, Any]],
    *,
    on_send: Callable[[dict[str, Any]], None] = lambda message: None,
) -> Reply:
    """Run one request; after ``incoming`` the caller stays connected and says no more."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if incoming:
            return incoming.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        on_send(message)

    await gateway(scope, receive, send)
    if not sent:
        return Reply(0, {}, b"")
    headers = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Reply(sent[0]["status"], headers, body)
