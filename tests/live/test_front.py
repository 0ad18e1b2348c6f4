"""The front process: connections of AWS clients move to it, and nothing but speed hangs on it."""

import os
import signal
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.fixtures.server import RunningServer, drop_database, server
from tests.live.clients.connect import ACCOUNT, bodies, client, counters, eventually
from tests.live.test_waiting import looker

pytestmark = pytest.mark.needs("front")

RAW = "client:raw"
AWS = {
    "User-Agent": "raw",
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "AmazonSQS.ListQueues",
}


@pytest.fixture(scope="module", params=["uvicorn", "daphne"])
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    folder = Path(tmp_path_factory.mktemp("front"))
    with server(folder, "--server", request.param, "--no-demo") as started:
        eventually(lambda: _moves(started))
        yield started
    drop_database(folder)


def children(process: int) -> list[int]:
    """Return the processes that a process has started."""
    paths = Path(f"/proc/{process}/task").glob("*/children")
    return [int(number) for path in paths for number in path.read_text().split()]


def front_of(running: RunningServer) -> int:
    """Return the process id of the front, or 0."""
    for number in children(running.process.pid):
        if b"dashboard.front" in Path(f"/proc/{number}/cmdline").read_bytes():
            return number
    return 0


def _has_ended(process: int) -> bool:
    """Tell whether a process has closed what it had open."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"


def holds(process: int, connection: HTTPConnection) -> bool:
    """Tell whether a process holds the server's end of a connection."""
    theirs = connection.sock.getpeername()[1], connection.sock.getsockname()[1]
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        ports = tuple(int(fields[place].rpartition(":")[2], 16) for place in (1, 2))
        if ports == theirs:
            return f"socket:[{fields[9]}]" in _open_files(process)
    return False


def _open_files(process: int) -> set[str]:
    names = set()
    for entry in Path(f"/proc/{process}/fd").iterdir():
        try:
            names.add(str(entry.readlink()))
        except FileNotFoundError:  # closed while we looked
            continue
    return names


def _open(running: RunningServer) -> HTTPConnection:
    return HTTPConnection(urlsplit(running.url).netloc, timeout=15)


def _call(connection: HTTPConnection) -> bytes:
    connection.request("POST", "/", b"{}", AWS)
    response = connection.getresponse()
    assert response.status == 200
    return response.read()


def _moves(running: RunningServer) -> bool:
    """Tell whether a new connection moves to the front by now."""
    connection = _open(running)
    try:
        _call(connection)
        front = front_of(running)
        return bool(front) and holds(front, connection)
    finally:
        connection.close()


def _page(connection: HTTPConnection) -> str:
    connection.request("GET", "/", headers={"Accept": "text/html"})
    response = connection.getresponse()
    assert response.status == 200
    return response.read().decode()


def test_a_connection_of_an_aws_client_moves_and_a_browsers_stays(running: RunningServer) -> None:
    calls, pages = _open(running), _open(running)
    _call(calls)
    assert "<title>Signalbox</title>" in _page(pages)
    assert holds(front_of(running), calls)
    assert holds(running.process.pid, pages)
    calls.close()
    pages.close()


def test_a_page_asked_for_on_a_moved_connection_comes_back(running: RunningServer) -> None:
    connection = _open(running)
    _call(connection)
    ours = connection.sock.getsockname()
    assert "<title>Signalbox</title>" in _page(connection)
    assert connection.sock.getsockname() == ours
    assert holds(running.process.pid, connection)
    assert not holds(front_of(running), connection)
    # It stays there, and goes on.
    assert _call(connection).startswith(b"{")
    connection.request("POST", "/s/", b"name=x", {"Content-Type": "text/plain", "X-Amz-Meta": "1"})
    response = connection.getresponse()
    assert response.status == 403, "a form without its token is refused by the pages"
    response.read()
    connection.close()


@pytest.mark.parametrize("name", ["uvicorn", "daphne"])
def test_a_connection_that_was_open_before_the_front_moves_with_its_next_call(
    tmp_path: Path, name: str
) -> None:
    with server(tmp_path, "--server", name, "--no-demo") as started:
        connection = _open(started)
        _call(connection)
        assert holds(started.process.pid, connection)
        eventually(lambda: _moves(started))
        _call(connection)
        assert holds(front_of(started), connection)
        connection.close()
    drop_database(tmp_path)


def test_a_body_too_large_to_move_is_told_to_come_again(running: RunningServer) -> None:
    connection = _open(running)
    _call(connection)
    form = b"name=" + b"x" * 200_000
    connection.request("POST", "/s/", form, {"Content-Type": "text/plain"})
    response = connection.getresponse()
    response.read()
    assert response.status == 421
    connection.close()


def test_large_messages_cross_whole(running: RunningServer) -> None:
    sent = [f"{place}{'ü' * 45_000}{place}" for place in range(10)]
    with client(running.url) as sqs:
        url = sqs.create_queue(QueueName="large")["QueueUrl"]
        entries = [{"Id": str(i), "MessageBody": body} for i, body in enumerate(sent)]
        assert len(sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == 10
        found = bodies(sqs, url, MaxNumberOfMessages=10)
    assert sorted(found) == sorted(sent)


def test_a_long_poll_given_up_takes_no_message_with_it(running: RunningServer) -> None:
    with client(running.url) as sqs:
        url = sqs.create_queue(QueueName="given-up")["QueueUrl"]
        connection = _open(running)
        asked = f'{{"QueueUrl":"{url}","WaitTimeSeconds":20}}'.encode()
        connection.request("POST", "/", asked, AWS | {"X-Amz-Target": "AmazonSQS.ReceiveMessage"})
        with looker(running) as look:
            look.until_waiting(1, RAW)
            assert holds(front_of(running), connection)
            connection.close()
            look.until_waiting(0, RAW)
        sqs.send_message(QueueUrl=url, MessageBody="kept")
        assert counters(sqs, url) == (1, 0, 0)


def test_an_issued_key_is_known_at_once_and_a_reset_reaches_the_engine(
    running: RunningServer,
) -> None:
    key, secret = running.aws["AWS_ACCESS_KEY_ID"], running.aws["AWS_SECRET_ACCESS_KEY"]
    with client(running.url, "sts", key=key, secret=secret) as sts:
        assert sts.get_caller_identity()["Account"] == ACCOUNT
    with client(running.url) as sqs:
        sqs.create_queue(QueueName="before-reset")
        connection = _open(running)
        _call(connection)
        connection.request("POST", "/_signalbox/reset", b"", {"X-Signalbox": "1"})
        assert connection.getresponse().status in (200, 204)
        connection.close()
        assert "QueueUrls" not in sqs.list_queues()


def test_an_account_is_opened_by_its_number(running: RunningServer) -> None:
    with client(running.url, key="210987654321") as sqs:
        url = sqs.create_queue(QueueName="elsewhere")["QueueUrl"]
    assert url.endswith("/210987654321/elsewhere")


def test_calls_go_on_while_the_front_is_dead_and_a_new_one_comes(running: RunningServer) -> None:
    old = front_of(running)
    with client(running.url) as sqs:
        url = sqs.create_queue(QueueName="survivor")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="before")
    os.kill(old, signal.SIGKILL)
    # What is handed to a process that is about to end goes with it; from its end on nothing does.
    eventually(lambda: _has_ended(old))
    with client(running.url) as sqs:
        sqs.send_message(QueueUrl=url, MessageBody="after")
        found = bodies(sqs, url, MaxNumberOfMessages=10, wait=1)
        found += bodies(sqs, url, MaxNumberOfMessages=10) if len(found) < 2 else []
    assert sorted(found) == ["after", "before"]
    eventually(lambda: _moves(running), seconds=60)
    assert front_of(running) not in (0, old)


@pytest.mark.parametrize("name", ["uvicorn", "daphne"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_front_ends_with_its_server(tmp_path: Path, number: int, name: str) -> None:
    with server(tmp_path, "--server", name, "--no-demo") as started:
        eventually(lambda: _moves(started))
        front = front_of(started)
        started.stop(number)
        eventually(lambda: not Path(f"/proc/{front}/cmdline").exists())
    drop_database(tmp_path)


@pytest.mark.parametrize("name", ["uvicorn", "daphne"])
def test_a_held_long_poll_is_answered_when_the_server_stops(tmp_path: Path, name: str) -> None:
    told: list[Any] = []
    with server(tmp_path, "--server", name, "--no-demo") as started:
        eventually(lambda: _moves(started))
        connection = _open(started)
        with client(started.url) as sqs:
            url = sqs.create_queue(QueueName="held")["QueueUrl"]
        asked = f'{{"QueueUrl":"{url}","WaitTimeSeconds":20}}'.encode()
        connection.request("POST", "/", asked, AWS | {"X-Amz-Target": "AmazonSQS.ReceiveMessage"})
        eventually(lambda: holds(front_of(started), connection))
        listener = Thread(target=lambda: told.append(connection.getresponse().status))
        listener.start()
        assert started.stop(signal.SIGINT) == 0
        listener.join(15)
        connection.close()
    drop_database(tmp_path)
    assert told == [200]
