"""``manage.py bench``: a very short run of everything, and that its figures can be believed."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials
from django.core.management import CommandError, call_command

from dashboard.bench.calls import Calls
from dashboard.bench.flow import Flow
from dashboard.bench.http import LOST, Address, Line, Reply, Script, parse, play
from dashboard.bench.machine import cpu_seconds
from dashboard.bench.meter import Meter
from dashboard.bench.report import table
from dashboard.bench.rows import Row, medians, percentiles
from dashboard.bench.signing import Credentials, authorization
from dashboard.bench.websocket import TEXT, Websocket
from tests.fixtures.parts import is_postgres
from tests.fixtures.server import ROOT, server

SHORT = ("--seconds", "0.5", "--connections", "4", "--depth", "4000", "--viewers", "1,3")


def result(home: Path, *options: str, **environment: str) -> dict[str, Any]:
    """Run the command as a person does and return its JSON."""
    file = home.parent / "result.json"
    done = subprocess.run(
        [sys.executable, "manage.py", "bench", *SHORT, "--json", str(file), *options],
        cwd=ROOT,
        env={**os.environ, "SIGNALBOX_HOME": str(home.parent / "bench"), **environment},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = orjson.loads(file.read_bytes())
    for row in told["results"]:
        assert row["label"] in done.stdout
        assert_believable(row)
    assert told["machine"]["cores"] >= 1
    return told


def assert_believable(row: dict[str, Any]) -> None:
    assert row["value"] > 0
    assert row["count"] > 0
    assert row["errors"] == 0, row["first_error"]
    assert not any(row["faults"].values()), row["faults"]
    if row["unit"] == "messages/s":
        # How much is the machine's affair; it has to follow from what was counted, and when.
        assert row["value"] == pytest.approx(row["count"] / row["seconds"], rel=0.01)
        assert 0 < row["p50_ms"] <= row["p95_ms"] <= row["p99_ms"]


@pytest.mark.slow
def test_any_endpoint_is_measured_with_signed_calls_and_left_as_it_was(home: Path) -> None:
    names = ["send", "batch", "drain", "e2e", "fifo"]
    with server(home, "--no-demo", "--server", "daphne") as running:
        told = result(home, "--endpoint", running.url, "--sign", **running.aws)
        listed = asyncio.run(Calls(Address.parse(running.url)).ask("ListQueues"))
    assert [row["scenario"] for row in told["results"]] == names
    assert told["server"] == {"name": running.url}
    assert told["options"] == {"connections": 4, "seconds": 0.5, "repeat": 1, "sign": True}
    assert not listed.get("QueueUrls")


@pytest.mark.slow
def test_our_own_server_is_measured_over_http_and_at_its_viewers(home: Path) -> None:
    told = result(home, "--scenario", "send,screen")
    send, *screens = told["results"]
    assert send["details"]["server_cpu_percent"] >= 0
    assert [row["details"]["viewers"] for row in screens] == [1, 3]
    assert all(row["value"] == row["p95_ms"] for row in screens)
    assert told["server"]["name"] == "signalbox, uvicorn"
    assert told["server"]["database"].startswith("PostgreSQL" if is_postgres() else "SQLite")
    assert told["server"]["fsync_us"] >= 0
    # Nothing is left of the databases.
    assert [path.name for path in (home.parent / "bench").iterdir()] == ["secret-key"]


@pytest.mark.slow
def test_topics_buses_and_patterns_are_measured(home: Path) -> None:
    rows = {row["label"]: row for row in result(home, "--scenario", "fan-out")["results"]}
    assert len(rows) == 6
    assert rows["Publish to 3 queues"]["unit"] == "messages/s"
    assert rows["delivered by Publish to 1,000 queues"]["count"] >= 1_000
    assert any("rules match" in label for label in rows)


def test_the_engine_alone_is_measured_in_microseconds(home: Path) -> None:
    rows = result(home, "--scenario", "engine", "--repeat", "2")["results"]
    assert {row["unit"] for row in rows} == {"µs"}
    labels = [row["label"] for row in rows]
    assert len(labels) == 14
    assert {"SendMessage, durable", "DeleteMessageBatch(10) from FIFO, no fsync"} <= set(labels)
    assert all(len(row["details"]["values"]) == 2 for row in rows)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--endpoint=http://127.0.0.1:1", "The endpoint cannot be reached: "),
        ("--endpoint=http://x --scenario=engine", "engine can be measured on our own server only"),
        ("--endpoint=http://x --sign", "--sign needs AWS_ACCESS_KEY_ID"),
        ("--endpoint=x", "'x' is no http address: use http://host:port"),
        ("--scenario=sing", "'sing' is none of send,batch,drain,e2e,fifo,screen,engine,fan-out"),
        ("--seconds=0", "'0' is no number from 0.1 to 300"),
        ("--depth=-1", "'-1' is no number from 1 on"),
        ("--database-url=sqlite:////x", "use postgres://…, or leave it out"),
        ("--database-url=postgres://127.0.0.1:1/x", "PostgreSQL gives no database to measure on"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_sentence(
    options: str, sentence: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOME = tmp_path
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    with pytest.raises(CommandError, match=re.escape(sentence)):
        call_command("bench", *options.split())


HEAD = b"HTTP/1.1 200 OK\r\n"
LENGTH = HEAD + b"content-length: 3\r\n\r\nabc"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\n\r\n"


@pytest.mark.parametrize("whole", [LENGTH, CHUNKED])
def test_a_reply_is_read_when_its_last_byte_is_there(whole: bytes) -> None:
    assert all(parse(whole[:size]) is None for size in range(len(whole)))
    assert parse(whole) == (200, b"abc", True)


@asynccontextmanager
async def answering(*answers: bytes) -> AsyncIterator[tuple[Address, list[bytes]]]:
    """Serve one connection for each answer, ending it with the answer; keep what was asked."""
    left, asked = list(answers), []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(left.pop(0))
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        yield Address.parse(f"http://127.0.0.1:{port}/sqs"), asked


def request(number: int) -> bytes:
    return b"POST /%d HTTP/1.1\r\n\r\n" % number


async def test_a_script_goes_on_where_the_server_ends_each_connection() -> None:
    replies: list[Reply] = []

    def script() -> Script:
        for number in range(4):
            replies.append((yield request(number)))

    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
    until_the_end = b"HTTP/1.0 503 Busy\r\n\r\nlater"
    continued = b"HTTP/1.1 100 Continue\r\n\r\n" + closing
    async with answering(closing, b"", until_the_end, continued) as (address, asked):
        await play(address, script())
    assert replies == [(200, b"ok"), LOST, (503, b"later"), (200, b"ok")]
    assert asked == [request(number) for number in range(4)]


async def test_a_script_can_be_cut_off_at_every_step_of_a_new_connection() -> None:
    def script() -> Script:
        while True:
            yield request(0)

    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    async with answering(*[closing] * 2000) as (address, _):
        for steps in range(60):
            playing = asyncio.create_task(play(address, script()))
            for _ in range(steps):
                await asyncio.sleep(0)
            playing.cancel()
            done, _ = await asyncio.wait([playing], timeout=2)
            assert done, f"it plays on after being cut off at step {steps}"


async def test_a_line_is_opened_again_when_it_was_closed() -> None:
    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    async with answering(closing, closing) as (address, asked):
        line = Line(address)
        assert [await line.ask(request(0)), await line.ask(request(1))] == [(200, b"")] * 2
        line.close()
    assert len(asked) == 2


async def test_what_a_script_raises_reaches_its_player() -> None:
    def script() -> Script:
        yield request(0)
        raise ZeroDivisionError

    async with answering(LENGTH) as (address, _):
        with pytest.raises(ZeroDivisionError):
            await play(address, script())


async def test_a_refused_websocket_is_an_error() -> None:
    async with answering(b"HTTP/1.1 403 Forbidden\r\n\r\n") as (address, _):
        socket = Websocket(address, "/stream/x/", lambda text: None)
        await address.connect(socket)
        with pytest.raises(ConnectionError, match="403 Forbidden"):
            await socket.opened


async def test_websocket_frames_of_each_size_arrive_whole() -> None:
    took: list[bytes] = []
    socket = Websocket(Address.parse("http://x"), "/", took.append)
    socket.opened.set_result(None)
    texts = [b"s" * 5, b"m" * 300, b"l" * 70_000]
    frames = bytes((0x80 | TEXT, 5)) + texts[0]
    frames += bytes((0x80 | TEXT, 126)) + (300).to_bytes(2) + texts[1]
    frames += bytes((TEXT, 127)) + (60_000).to_bytes(8) + texts[2][:60_000]
    frames += bytes((0x80, 126)) + (10_000).to_bytes(2) + texts[2][60_000:]
    for start in range(0, len(frames), 7):
        socket.data_received(frames[start : start + 7])
    assert took == texts


def test_signatures_are_those_of_botocore() -> None:
    body, target = b'{"QueueUrl":"x"}', "AmazonSQS.SendMessage"
    asked = AWSRequest("POST", "http://127.0.0.1:8000/", data=body)
    asked.headers["Content-Type"] = "application/x-amz-json-1.0"
    asked.headers["X-Amz-Target"] = target
    SigV4Auth(BotoCredentials("AKIA", "secret"), "sqs", "eu-west-1").add_auth(asked)
    assert asked.headers["Authorization"] == authorization(
        Credentials("AKIA", "secret", "eu-west-1"),
        host="127.0.0.1:8000", path="/", date=asked.headers["X-Amz-Date"], target=target, body=body,
    )  # fmt: skip


def test_a_flow_sees_what_is_lost_twice_or_out_of_order() -> None:
    flow = Flow(fifo=True)
    for _ in range(4):
        flow.sent("g1", flow.next_place("g1"))
    for place, began in ((0, 1.0), (2, 1.5), (1, 2.0), (1, 2.5)):
        assert flow.received(f"g1.{place}.{began}.xxx", 3.0) == 3.0 - began
    assert flow.faults() == {"missing": 1, "twice": 1, "out_of_order": 2}
    assert Flow(fifo=False).faults() == {"missing": 0, "twice": 0}


def test_a_meter_counts_inside_its_window_only_but_errors_always() -> None:
    meter = Meter()
    meter.add(7, 0.5)
    meter.open()
    meter.add(10, 0.002)
    meter.close()
    meter.add(7, 0.5)
    meter.fail(400, b'{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"gone"}')
    meter.fail(*LOST)
    row = meter.row("send", "sends")
    assert (row.count, row.p99_ms, row.errors) == (10, 2.0, 2)
    assert row.first_error == "400: QueueDoesNotExist gone"
    assert "! 2 requests failed, the first with 400: QueueDoesNotExist gone" in table([row])


def test_of_several_runs_the_median_is_told_with_the_faults_of_all() -> None:
    runs = [
        [Row("fifo", "x", value, "messages/s", 1, 1.0, errors=1, faults={"twice": number})]
        for number, value in enumerate((30.0, 10.0, 20.0))
    ]
    [row] = medians(runs)
    assert (row.value, row.errors, row.faults) == (20.0, 3, {"twice": 3})
    assert row.details["values"] == [30.0, 10.0, 20.0]
    assert "! not as promised: 3 twice" in table([row])


def test_a_backlog_that_ran_out_is_told() -> None:
    row = Row("drain", "x", 5.0, "messages/s", 5, 1.0, details={"depth": 5, "left": 0})
    assert "! the queue was empty before the time was over" in table([row])


def test_percentiles_are_by_nearest_rank() -> None:
    assert percentiles([number / 1000 for number in range(1, 201)]) == {
        "p50_ms": 100.0, "p95_ms": 190.0, "p99_ms": 198.0,
    }  # fmt: skip
    assert percentiles([]) == {"p50_ms": None, "p95_ms": None, "p99_ms": None}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="read from /proc")
def test_the_processor_time_of_a_process_is_read() -> None:
    used = cpu_seconds(os.getpid())
    assert used == pytest.approx(sum(os.times()[:2]), abs=0.5)
    assert cpu_seconds(2**22 + 1) == 0.0
