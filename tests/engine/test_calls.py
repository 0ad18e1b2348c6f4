"""POSTs to programs outside that misbehave: they hang, drip, never end, or say nonsense."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from messaging import calls
from messaging.kernel.errands import EndpointFailed, EndpointRefused

BODY = json.dumps({"headers": {"content-type": "text/plain"}, "body": "hello"})
OK = b"HTTP/1.1 200 OK\r\n"
Talk = Callable[[socket.socket, threading.Event], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Talk], str]]:
    """Return a function that lets a program talk to who calls it, and returns its address."""
    over, doors = threading.Event(), []

    def listen(talk: Talk) -> str:
        door = socket.create_server(("127.0.0.1", 0))
        doors.append(door)

        def answer() -> None:
            with suppress(OSError):
                caller, _ = door.accept()
                with caller, suppress(OSError):
                    caller.recv(65_536)
                    talk(caller, over)

        threading.Thread(target=answer, daemon=True).start()
        return f"http://127.0.0.1:{door.getsockname()[1]}/"

    yield listen
    over.set()
    for door in doors:
        door.close()


@pytest.fixture(autouse=True)
def _is_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "TIMEOUT_S", 0.3)


def hang(caller: socket.socket, over: threading.Event) -> None:
    over.wait()


def drip(caller: socket.socket, over: threading.Event) -> None:
    caller.sendall(OK + b"x-drip: ")
    while not over.wait(0.05):
        caller.sendall(b"a")


def talk_nonsense(caller: socket.socket, over: threading.Event) -> None:
    caller.sendall(b"\x00\x01 never heard of it\r\n\r\n")


def never_end(caller: socket.socket, over: threading.Event) -> None:
    caller.sendall(OK + b"content-length: 10000000000\r\n\r\n")
    while not over.is_set():
        caller.sendall(b"x" * 65_536)


@pytest.mark.parametrize("talk", [hang, drip, talk_nonsense])
def test_who_does_not_answer_in_time_has_failed(serve: Callable[[Talk], str], talk: Talk) -> None:
    assert isinstance(calls.post(serve(talk), BODY), EndpointFailed)


def test_of_an_answer_without_end_no_more_than_the_head_is_read(
    serve: Callable[[Talk], str],
) -> None:
    assert calls.post(serve(never_end), BODY) is None


def test_an_unknown_name_is_a_failure_and_a_strange_address_a_refusal() -> None:
    assert isinstance(calls.post("http://nobody.invalid/", BODY), EndpointFailed)
    assert isinstance(calls.post("http://192.0.2.1/", BODY), EndpointRefused)


@pytest.mark.parametrize(
    ("status", "wanted"),
    [(200, None), (204, None), (301, EndpointFailed), (404, EndpointRefused),
     (429, EndpointFailed), (500, EndpointFailed)],
)  # fmt: skip
def test_what_a_status_means(status: int, wanted: type[Exception] | None) -> None:
    found = calls.judge(status)
    assert found is None if wanted is None else isinstance(found, wanted)
