"""Who waits in a long poll is seen while it waits: presence that no event tells of."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from websockets.sync.client import ClientConnection, connect

from tests.fixtures.server import RunningServer
from tests.live.clients.connect import PATIENCE_SECONDS, PLAYGROUND, bodies, client
from tests.live.test_equality import FOLD
from tests.live.twin import Twin

CLIENT = "client:boto3-python"
SECOND = 1_000


@dataclass
class Looker:
    """A browser on the stream of a server process."""

    link: ClientConnection
    twin: Twin = field(default_factory=Twin)
    frames: list[dict[str, Any]] = field(default_factory=list)

    def take(self) -> dict[str, Any]:
        text = self.link.recv(timeout=PATIENCE_SECONDS)
        assert isinstance(text, str)
        self.frames.append(self.twin.take(text))
        return self.frames[-1]

    @property
    def polls(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = self.twin.canonical()["polls"]
        return found

    def until_waiting(self, number: int, actor: str = CLIENT) -> list[int]:
        """Take frames until that many polls of a program are held; return (latest end, polls)."""
        while self.polls.get(actor, [0, 0])[1] != number:
            self.take()
        return self.polls.get(actor, [0, 0])


@contextmanager
def looker(running: RunningServer, known: Twin | None = None) -> Iterator[Looker]:
    """Look at the playground, from a snapshot or on from what is known."""
    address = f"{running.url.replace('http', 'ws', 1)}/stream/{PLAYGROUND}/"
    hello: dict[str, Any] = {"t": "hello", "v": 1}
    if known is not None:
        hello["have"] = {"epoch": known.epoch, "q": known.q}
    with connect(address) as link:
        one = Looker(link, known or Twin())
        link.send(json.dumps(hello))
        while one.take()["t"] == "reset":
            link.send(json.dumps(hello))
        yield one


@pytest.fixture
def sqs(live_server_process: RunningServer) -> Iterator[Any]:
    with client(live_server_process.url) as made:
        yield made


@pytest.fixture
def program() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as made:
        yield made


def test_a_long_poll_is_seen_while_it_lasts_and_by_who_comes_late(
    live_server_process: RunningServer, sqs: Any, program: ThreadPoolExecutor
) -> None:
    url = sqs.create_queue(QueueName="awaited")["QueueUrl"]
    with looker(live_server_process) as first:
        held: Future[list[str]] = program.submit(bodies, sqs, url, wait=20)
        until, _ = first.until_waiting(1)
        assert 15 * SECOND < until - first.frames[-1]["ts"] <= 20 * SECOND
        with looker(live_server_process) as late:
            assert late.frames[-1]["t"] == "snap"
            assert late.polls == first.polls
            assert late.twin.canonical() == first.twin.canonical()
        before = first.twin.q
        sqs.send_message(QueueUrl=url, MessageBody="at last")
        assert held.result(PATIENCE_SECONDS) == ["at last"]
        first.until_waiting(0)
        assert first.twin.q > before
    with looker(live_server_process) as after:
        assert after.polls == {}


def test_of_several_polls_the_latest_end_counts(
    live_server_process: RunningServer, sqs: Any, program: ThreadPoolExecutor
) -> None:
    url = sqs.create_queue(QueueName="awaited-twice")["QueueUrl"]
    with looker(live_server_process) as one:
        held = [program.submit(bodies, sqs, url, wait=20)]
        first, _ = one.until_waiting(1)
        held += [program.submit(bodies, sqs, url, wait=wait) for wait in (20, 3)]
        latest, _ = one.until_waiting(3)
        assert first < latest
        # That with three seconds runs out; the others are answered.
        one.until_waiting(2)
        for text in "ab":
            sqs.send_message(QueueUrl=url, MessageBody=text)
        one.until_waiting(0)
        assert sorted(text for each in held for text in each.result(PATIENCE_SECONDS)) == ["a", "b"]


def test_a_program_that_hangs_up_waits_no_longer_and_leaves_no_trace(
    live_server_process: RunningServer, sqs: Any, program: ThreadPoolExecutor
) -> None:
    url = sqs.create_queue(QueueName="left")["QueueUrl"]
    bodies(sqs, url)
    with (
        looker(live_server_process) as one,
        client(live_server_process.url, read_timeout=1) as hasty,
    ):
        seq = one.twin.q
        gone = program.submit(bodies, hasty, url, wait=20)
        one.until_waiting(1)
        with pytest.raises(ReadTimeoutError):
            gone.result(PATIENCE_SECONDS)
        one.until_waiting(0)
        assert one.twin.q == seq
        assert [frame["t"] for frame in one.frames if "w" in frame] == ["snap", "w", "w"]


def test_a_browser_that_comes_back_learns_who_waits_now(
    live_server_process: RunningServer, sqs: Any, program: ThreadPoolExecutor
) -> None:
    url = sqs.create_queue(QueueName="returned-to")["QueueUrl"]
    bodies(sqs, url)
    with looker(live_server_process) as one:
        held = program.submit(bodies, sqs, url, wait=20)
        one.until_waiting(1)
        twin = one.twin
    sqs.send_message(QueueUrl=url, MessageBody="meanwhile")
    assert held.result(PATIENCE_SECONDS) == ["meanwhile"]
    with looker(live_server_process, twin) as back:
        back.until_waiting(0)
        assert back.frames[0]["t"] == "clock"


@pytest.mark.needs("node")
def test_the_browsers_code_folds_what_a_fresh_look_says(
    live_server_process: RunningServer, sqs: Any, program: ThreadPoolExecutor
) -> None:
    url = sqs.create_queue(QueueName="folded")["QueueUrl"]
    with looker(live_server_process) as one:
        held = program.submit(bodies, sqs, url, wait=20)
        one.until_waiting(1)
        with looker(live_server_process) as late:
            expected = late.twin.canonical()
        snapshot, *frames = one.frames
        told = json.dumps({"snapshot": snapshot, "frames": frames})
        done = subprocess.run(
            ["node", str(FOLD)], input=told, capture_output=True, text=True, check=True, timeout=60
        )
        sqs.send_message(QueueUrl=url, MessageBody="enough")
        held.result(PATIENCE_SECONDS)
    assert json.loads(done.stdout) == expected
    assert expected["polls"][CLIENT][1] == 1
