"""HTTP as it really arrives: in pieces, cut off, compressed, broken."""

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures.server import RunningServer
from tests.live.clients.connect import bodies, client, counters, eventually
from tests.live.clients.raw import Answer, ask, plug, post, read

TARGET = "X-Amz-Target: AmazonSQS."
TYPE = "Content-Type: application/x-amz-json-1.0"
CHUNKED = "Transfer-Encoding: chunked"
MEBIBYTE = 1024 * 1024
# What may be said to garbage; 200 to what only looks like it.
STATUSES = {b"200", b"400", b"403", b"404", b"405", b"414", b"426", b"501"}

pytestmark = pytest.mark.parametrize(
    "live_server_process", ["uvicorn", "daphne"], indirect=True, scope="session"
)


@pytest.fixture
def url(live_server_process: RunningServer) -> Iterator[str]:
    """Return the server's address; after the test it still answers."""
    yield live_server_process.url
    assert exchange(live_server_process.url, call("ListQueues")).status == 200


@pytest.fixture
def queue(url: str, request: pytest.FixtureRequest) -> str:
    name = request.node.name.split("[")[0][:80]
    made = json.loads(exchange(url, call("CreateQueue", QueueName=name)).body)
    return str(made["QueueUrl"])


def call(operation: str, *lines: str, body: bytes | None = None, **params: Any) -> bytes:
    """Return the bytes of an unsigned JSON call."""
    sent = json.dumps(params).encode() if body is None else body
    return post("http://localhost/", sent, TARGET + operation, TYPE, *lines)


def exchange(url: str, sent: bytes) -> Answer:
    with plug(url) as plugged:
        plugged.sendall(sent)
        return read(plugged)


def code(answer: Answer) -> str:
    """Return the code of an error in JSON form."""
    return str(json.loads(answer.body)["__type"]).rpartition("#")[2]


def waiting(url: str, queue: str) -> int:
    """Return how many messages a queue holds."""
    with client(url) as sqs:
        return sum(counters(sqs, queue))


def test_a_client_that_asks_before_it_sends_is_told_to_continue(url: str, queue: str) -> None:
    whole = call("SendMessage", "Expect: 100-continue", QueueUrl=queue, MessageBody="x" * 5000)
    head, body = whole.split(b"\r\n\r\n", 1)
    with plug(url) as plugged:
        plugged.sendall(head + b"\r\n\r\n")
        assert plugged.recv(25, socket.MSG_WAITALL) == b"HTTP/1.1 100 Continue\r\n\r\n"
        plugged.sendall(body)
        assert read(plugged).status == 200
    assert waiting(url, queue) == 1


def test_a_compressed_body_is_unpacked_and_a_bomb_is_not(url: str, queue: str) -> None:
    def packed(text: str) -> bytes:
        sent = json.dumps({"QueueUrl": queue, "MessageBody": text}).encode()
        return call("SendMessage", "Content-Encoding: gzip", body=gzip.compress(sent))

    assert exchange(url, packed("small")).status == 200
    bomb = exchange(url, packed("0" * (64 * MEBIBYTE)))
    assert (bomb.status, code(bomb)) == (413, "RequestEntityTooLarge")
    torn = call("SendMessage", "Content-Encoding: gzip", body=b"\x1f\x8bnot gzip")
    assert exchange(url, torn).status == 400
    assert waiting(url, queue) == 1


def test_one_connection_carries_many_calls(url: str, queue: str) -> None:
    with plug(url) as plugged:
        for number in range(5):
            plugged.sendall(call("SendMessage", QueueUrl=queue, MessageBody=str(number)))
            assert read(plugged).status == 200
        # An error does not end it, and neither does a page in between.
        plugged.sendall(call("SendMessage", QueueUrl=queue))
        assert read(plugged).status == 400
        plugged.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert read(plugged, method="GET").status == 200
        plugged.sendall(call("SendMessage", QueueUrl=queue, MessageBody="last"))
        assert read(plugged).status == 200
    assert waiting(url, queue) == 6


def test_a_body_in_chunks(url: str, queue: str) -> None:
    sent = json.dumps({"QueueUrl": queue, "MessageBody": "in chunks"}).encode()
    head = post(
        "http://localhost/", b"", TARGET + "SendMessage", TYPE, "Transfer-Encoding: chunked"
    )
    parts = b"".join(b"1\r\n%c\r\n" % byte for byte in sent)
    assert exchange(url, head + parts + b"0\r\n\r\n").status == 200
    with client(url) as sqs:
        assert bodies(sqs, queue) == ["in chunks"]


def test_a_head_request_has_no_body(url: str) -> None:
    with plug(url) as plugged:
        plugged.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = read(plugged, method="HEAD")
        assert (answer.status, answer.body) == (200, b"")
        plugged.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"Signalbox" in read(plugged, method="GET").body


def test_a_slow_client_keeps_nobody_waiting(url: str, queue: str) -> None:
    slow = call("SendMessage", QueueUrl=queue, MessageBody="drop by drop")
    with plug(url) as plugged:
        plugged.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for place in range(len(slow)):
            plugged.send(slow[place : place + 1])
            if place % 50 == 0:
                assert exchange(url, call("ListQueues")).status == 200
        assert read(plugged).status == 200
    assert waiting(url, queue) == 1


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_call_that_is_cut_off_does_nothing(url: str, queue: str, share: float) -> None:
    whole = call("SendMessage", QueueUrl=queue, MessageBody="half " * 200)
    for how in (socket.SHUT_WR, None):
        with plug(url) as plugged:
            plugged.sendall(whole[: int(len(whole) * share)])
            if how is not None:
                plugged.shutdown(how)
                with suppress(ConnectionError):
                    assert not plugged.recv(65536).startswith(b"HTTP/1.1 2")
    assert exchange(url, call("ListQueues")).status == 200
    assert waiting(url, queue) == 0


def test_a_client_that_closes_its_half_after_a_whole_call(url: str, queue: str) -> None:
    """Some clients do; the call counts whether or not they get their answer."""
    with plug(url) as plugged:
        plugged.sendall(call("SendMessage", QueueUrl=queue, MessageBody="whole"))
        plugged.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            answer = plugged.recv(65536)
            assert answer == b"" or answer.startswith(b"HTTP/1.1 200")
    assert eventually(lambda: waiting(url, queue) == 1)


def test_a_long_poll_that_is_given_up_takes_no_message_with_it(url: str, queue: str) -> None:
    given_up = call("ReceiveMessage", QueueUrl=queue, WaitTimeSeconds=20, VisibilityTimeout=1)
    for _ in range(5):
        with plug(url) as plugged:
            plugged.sendall(given_up)
    with client(url) as sqs:
        for number in range(5):
            sqs.send_message(QueueUrl=queue, MessageBody=str(number))
        found: set[str] = set()

        def all_there() -> bool:
            found.update(bodies(sqs, queue, wait=1, MaxNumberOfMessages=10))
            return len(found) == 5

        assert eventually(all_there)


def test_many_polls_wait_side_by_side(url: str, queue: str) -> None:
    got: list[list[str]] = []

    def poll() -> None:
        with client(url) as sqs:
            got.append(bodies(sqs, queue, wait=10))

    polls = [threading.Thread(target=poll) for _ in range(12)]
    for one in polls:
        one.start()
    with client(url) as sqs:
        for number in range(12):
            sqs.send_message(QueueUrl=queue, MessageBody=str(number))
    for one in polls:
        one.join(timeout=30)
    assert sorted(body for taken in got for body in taken) == sorted(map(str, range(12)))


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"{", "SerializationException"),
        (b"", "MissingParameter"),
        (b"[]", "SerializationException"),
        (b'"text"', "SerializationException"),
        (b'{"QueueUrl": 7, "MessageBody": "x"}', "SerializationException"),
        (b'{"QueueUrl": "http://localhost/123456789012/x", "MessageBody": "\xff"}', "Serial"),
        (b'{"MessageBody": "\xed\xa0\x80"}', "SerializationException"),
        (b"[" * 200_000, "SerializationException"),
        (b'{"a":' * 100_000, "SerializationException"),
        (b'{"QueueUrl": "q", "DelaySeconds": 1e999, "MessageBody": "x"}', "SerializationException"),
        (b"\x00\x01\x02", "SerializationException"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_body_that_is_no_call_gets_a_clear_error(url: str, body: bytes, name: str) -> None:
    answer = exchange(url, call("SendMessage", body=body))
    assert answer.status == 400
    assert code(answer).startswith(name)
    assert json.loads(answer.body)["message"]


def test_a_body_beyond_every_bound_is_refused_before_it_is_read(url: str, queue: str) -> None:
    stated = call("SendMessage", f"Content-Length: {10**15}", body=b"")
    answer = exchange(url, stated)
    assert (answer.status, code(answer)) == (413, "RequestEntityTooLarge")
    endless = post(
        "http://localhost/", b"", TARGET + "SendMessage", TYPE, "Transfer-Encoding: chunked"
    )
    with plug(url) as plugged, suppress(ConnectionError):
        plugged.sendall(endless)
        for _ in range(64):
            plugged.sendall(b"100000\r\n" + bytes(MEBIBYTE) + b"\r\n")
        assert read(plugged).status == 413
    big = exchange(url, call("SendMessage", QueueUrl=queue, MessageBody="x" * (MEBIBYTE + 1)))
    assert (big.status, code(big)) == (400, "InvalidParameterValue")
    full = exchange(url, call("SendMessage", QueueUrl=queue, MessageBody="x" * MEBIBYTE))
    assert full.status == 200


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GARBAGE\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nX-A: a\x00b\r\n\r\n",
        b"POST / HTTP/1.1\r\nno colon here\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /\xff\xfe?\xff=\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /%ff%00?Action=%ff&Version=%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff\xff\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: AWS4-HMAC-SHA256 \xff\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: \xff\xff\xff\r\n\r\n",
        b"GET /stream/playground/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n",
    ],
    ids=lambda value: repr(value)[2:34],
)
def test_garbage_is_refused_or_ends_the_connection(url: str, garbage: bytes) -> None:
    with plug(url) as plugged, suppress(OSError):
        plugged.sendall(garbage)
        plugged.shutdown(socket.SHUT_WR)
        answer = plugged.recv(65536)
        assert answer == b"" or answer.split(b" ", 2)[1] in STATUSES
        assert b"Traceback" not in answer


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    body=st.one_of(st.binary(max_size=200), st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(
            st.sampled_from(["QueueUrl", "MessageBody", "Entries", "Attributes", "QueueName"]),
            inner,
        ),
    ).map(lambda value: json.dumps(value).encode())),
    operation=st.sampled_from(["SendMessage", "CreateQueue", "SendMessageBatch", "Nonsense", ""]),
)  # fmt: skip
def test_no_body_whatever_breaks_it(url: str, body: bytes, operation: str) -> None:
    answer = exchange(url, call(operation, body=body))
    assert answer.status in (200, 400, 404)
    assert json.loads(answer.body) is not None


def test_a_page_takes_no_flood(url: str) -> None:
    for kind in ("text/plain", "multipart/form-data; boundary=x"):
        flood = post(
            "http://localhost/s/playground/sqs/create/", b"", f"Content-Type: {kind}", CHUNKED
        )
        with plug(url) as plugged, suppress(ConnectionError):
            plugged.sendall(flood)
            for _ in range(64):
                plugged.sendall(b"100000\r\n" + bytes(MEBIBYTE) + b"\r\n")
            assert read(plugged).status == 413


def test_a_page_that_is_not_there_is_a_page(url: str) -> None:
    answer = ask(f"{url}/nowhere/")
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Traceback" not in answer.text
