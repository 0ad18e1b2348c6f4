"""Chaos latency on a queue, as a boto3 program outside feels it: held in sandbox time, then done.

The world's clock is stopped, put forward, or runs a thousand times as fast; nobody waits for it.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from tests.fixtures.server import RunningServer, drop_database, server
from tests.live.clients.connect import (
    ACCOUNT,
    PATIENCE_SECONDS,
    PLAYGROUND,
    REGION,
    bodies,
    client,
    counters,
    eventually,
    snapshot,
)

LATENCY_S = 600


@dataclass
class Person:
    """Somebody at the pages of the playground, without a browser."""

    url: str
    cookies: CookieJar = field(default_factory=CookieJar)

    @property
    def place(self) -> str:
        return f"{self.url}/s/{PLAYGROUND}/"

    @property
    def link(self) -> OpenerDirector:
        return build_opener(HTTPCookieProcessor(self.cookies))

    def post(self, path: str, **data: str) -> str:
        self.link.open(self.place).close()
        token = next(one.value for one in self.cookies if one.name == "signalbox_csrf")
        body = urlencode(data).encode()
        asked = Request(f"{self.place}{path}", body, {"X-CSRFToken": str(token)})
        with self.link.open(asked) as answer:
            return str(answer.read().decode())

    def clock(self, action: str, **data: str) -> None:
        self.post("clock/", action=action, **data)

    def slow(self, name: str) -> None:
        """Put latency on a queue."""
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
        told = self.post(
            "chaos/", target=arn, kind="latency", seconds=str(LATENCY_S), lasts="86400",
            after="0", every="0", share="100", seed="1",
        )  # fmt: skip
        assert "Latency" in told


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return a server of this module: its clock is played with."""
    folder = tmp_path_factory.mktemp("chaos")
    with server(folder, "--no-demo") as running:
        yield running
    drop_database(folder)
    assert "Traceback" not in running.output, running.output


@pytest.fixture
def person(own: RunningServer) -> Iterator[Person]:
    person = Person(own.url)
    yield person
    person.clock("speed", rate="1")


@pytest.fixture
def sqs(own: RunningServer) -> Iterator[Any]:
    with client(own.url) as made:
        yield made


@pytest.fixture
def program() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as made:
        yield made


def sent_at(sqs: Any, url: str) -> dict[str, int]:
    """Return when each message was sent, in sandbox milliseconds."""
    found = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=0,
        MessageSystemAttributeNames=["SentTimestamp"],
    )
    return {each["Body"]: int(each["Attributes"]["SentTimestamp"]) for each in found["Messages"]}


def held(own: RunningServer) -> int:
    return sum(row[2] for row in snapshot(own)["w"])


def test_a_call_is_held_in_sandbox_time_and_then_done(
    own: RunningServer, person: Person, sqs: Any, program: ThreadPoolExecutor
) -> None:
    url = sqs.create_queue(QueueName="slowed")["QueueUrl"]
    other = sqs.create_queue(QueueName="quick")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="before")
    person.clock("pause")
    person.slow("slowed")
    late = program.submit(sqs.send_message, QueueUrl=url, MessageBody="late")
    eventually(lambda: held(own) == 1)
    # The world stands still: the call is held and has done nothing. Other queues are as ever.
    sqs.send_message(QueueUrl=other, MessageBody="at once")
    assert bodies(sqs, other) == ["at once"]
    assert not late.done()
    assert counters(sqs, other) == (0, 1, 0)
    person.clock("speed", rate="1000")
    person.clock("play")
    assert late.result(PATIENCE_SECONDS)["MessageId"]
    assert held(own) == 0
    # Ten minutes of the sandbox; here it took under a second.
    times = program.submit(sent_at, sqs, url).result(PATIENCE_SECONDS)
    assert times["late"] - times["before"] >= LATENCY_S * 1_000


def test_a_delete_and_a_long_poll_are_late_but_not_lost(
    person: Person, sqs: Any, program: ThreadPoolExecutor
) -> None:
    url = sqs.create_queue(QueueName="late", Attributes={"VisibilityTimeout": "43200"})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="to be deleted")
    person.slow("late")
    person.clock("speed", rate="1000")
    poll = program.submit(sqs.receive_message, QueueUrl=url, WaitTimeSeconds=20)
    (message,) = poll.result(PATIENCE_SECONDS)["Messages"]
    assert message["Body"] == "to be deleted"
    handle = message["ReceiptHandle"]
    done = program.submit(sqs.delete_message, QueueUrl=url, ReceiptHandle=handle)
    assert done.result(PATIENCE_SECONDS)["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert program.submit(counters, sqs, url).result(PATIENCE_SECONDS) == (0, 0, 0)
