"""A browser without scripts, and a sandbox that it looks at."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from messaging import sandboxes
from messaging.engine import engine
from messaging.kernel.context import Caller
from messaging.kernel.models import Event, Sandbox
from tests.fixtures.engine import ACCOUNT, REGION, START_MS

HOST = "http://testserver"


@dataclass
class Desk:
    """A person at the pages of one sandbox."""

    client: Client
    sandbox: Sandbox

    def arn(self, name: str) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"

    def url(self, name: str) -> str:
        return f"{HOST}/{ACCOUNT}/{name}"

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """Call AWS as an outside client does."""
        root = f"arn:aws:iam::{ACCOUNT}:root"
        caller = Caller(self.sandbox.pk, ACCOUNT, REGION, root, "client:test", HOST, label="test")
        return dict(engine().executor.call_sync(caller, "sqs", operation, params))

    def create(self, name: str = "orders", **attributes: str) -> str:
        self.call("CreateQueue", QueueName=name, Attributes=attributes)
        return self.arn(name)

    def send(self, body: str, name: str = "orders", **params: Any) -> None:
        self.call("SendMessage", QueueUrl=self.url(name), MessageBody=body, **params)

    def get(self, path: str, **query: str) -> HttpResponse:
        return self.client.get(f"/s/{self.sandbox.slug}/{path}", query)

    def post(self, path: str, **data: Any) -> HttpResponse:
        return self.client.post(f"/s/{self.sandbox.slug}/{path}", data)

    def panel(self, node: str) -> str:
        response = self.get("node/", id=node)
        assert response.status_code == 200
        return response.content.decode()

    def events(self, kind: str) -> list[dict[str, Any]]:
        found = Event.objects.of_sandbox(self.sandbox.pk).filter(kind=kind).order_by("id")
        return [json.loads(event.data) for event in found]

    def last_seq(self) -> int:
        return Sandbox.objects.get(pk=self.sandbox.pk).last_seq


@pytest.fixture
def desk(db: None, client: Client) -> Iterator[Desk]:
    engine().executor.worlds.clear()
    yield Desk(
        client,
        sandboxes.create(
            "desk", accounts=(ACCOUNT,), regions=(REGION,), seed=7, starts_at=START_MS, paused=True
        ),
    )
    engine().executor.worlds.clear()


def toast_of(response: HttpResponse) -> dict[str, str]:
    """Return what the page is asked to say."""
    said: dict[str, str] = json.loads(response.headers["HX-Trigger"])["toast"]
    return said


def text_of(response: HttpResponse) -> str:
    """Return the words of a page without its marks."""
    bare = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(bare).split())
