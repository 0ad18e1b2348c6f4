"""A link between the engine and a process that speaks HTTP: frames, outcomes, slow readers."""

import socket
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.commands import Command
from messaging.inbox import Inbox, LinkEnded
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError, InternalFailure, NotModelled
from messaging.kernel.frames import Unpacker, pack
from messaging.links import ASK, CALL, GONE, Link

CALLER = Caller(1, "123456789012", "us-east-1", "root", "client:test")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.lists(VALUES), st.lists(st.integers(1, 40), min_size=1))
def test_frames_arrive_whole_however_they_are_cut(values: list[Any], cuts: list[int]) -> None:
    data, unpacker, found, place = b"".join(map(pack, values)), Unpacker(), [], 0
    while data:
        cut = cuts[place % len(cuts)]
        found += unpacker.feed(data[:cut])
        data, place = data[cut:], place + 1
    assert found == values


class Far:
    """The other end of a link, by hand."""

    def __init__(self) -> None:
        near, self.socket = socket.socketpair()
        self.asked: list[tuple[str, tuple[Any, ...]]] = []
        self.link = Link(near, self._desk)
        self._unpacker = Unpacker()

    def _desk(self, name: str, arguments: tuple[Any, ...]) -> "Future[Any]":
        self.asked.append((name, arguments))
        future: Future[Any] = Future()
        future.set_result("answered")
        return future

    def say(self, *requests: tuple[Any, ...]) -> list[Command]:
        self.socket.sendall(pack(list(requests)))
        return self.link.read()

    def hear(self) -> dict[int, tuple[bool, Any]]:
        self.link.flush()
        frames = self._unpacker.feed(self.socket.recv(1 << 20))
        return {number: (well, value) for frame in frames for number, well, value in frame}


@pytest.fixture
def far() -> Iterator[Far]:
    made = Far()
    yield made
    made.link.close()
    made.socket.close()


def call(number: int, operation: str = "ListQueues", service: str = "sqs") -> tuple[Any, ...]:
    return (number, CALL, CALLER, service, operation, {})


def test_calls_become_commands_and_their_outcomes_go_back(far: Far) -> None:
    first, second = far.say(call(1), call(2))
    assert first.call is not None
    assert (first.call.operation.name, first.sandboxes) == ("ListQueues", (1,))
    first.future.set_result({"QueueUrls": []})
    second.future.set_exception(NotModelled("no", Field="x"))
    told = far.hear()
    assert told[1] == (True, {"QueueUrls": []})
    well, error = told[2]
    assert not well
    assert (error.code, error.message, error.fields) == (NotModelled.code, "no", {"Field": "x"})


def test_what_is_not_modelled_is_said_at_once(far: Far) -> None:
    assert far.say(call(1, "CreateThing", "nothing")) == []
    well, error = far.hear()[1]
    assert not well
    assert isinstance(error, AwsError)
    assert "nothing" in error.message


def test_whoever_stops_waiting_abandons_its_command_only(far: Far) -> None:
    first, second = far.say(call(1), call(2))
    assert far.say((1, GONE)) == []
    assert (first.abandoned(), second.abandoned()) == (True, False)
    assert far.say((77, GONE)) == []


def test_a_question_goes_to_the_desk(far: Far) -> None:
    assert far.say((5, ASK, "reset", (1,))) == []
    assert far.asked == [("reset", (1,))]
    assert far.hear()[5] == (True, "answered")


def test_an_outcome_that_cannot_leave_is_our_failure_and_holds_up_nobody(far: Far) -> None:
    first, second = far.say(call(1), call(2))
    first.future.set_result(lambda: None)
    second.future.set_result("fine")
    far.link.flush()
    told = far.hear()
    assert told[2] == (True, "fine")
    assert isinstance(told[1][1], InternalFailure)


def test_a_reader_that_does_not_read_halts_nothing(far: Far) -> None:
    long = "x" * 5_000_000
    (command,) = far.say(call(1))
    command.future.set_result(long)
    far.link.flush()
    assert far.link.unsent
    unpacker = Unpacker()
    frames: list[Any] = []
    while not frames:
        frames = unpacker.feed(far.socket.recv(1 << 20))
        far.link.flush()
    assert frames == [[(1, True, long)]]
    assert not far.link.unsent


def test_an_end_is_noticed_and_abandons_what_waits(far: Far) -> None:
    (command,) = far.say(call(1))
    inbox = Inbox()
    inbox.attach(far.link)
    far.socket.close()
    with pytest.raises(LinkEnded):
        far.link.read()
    inbox.close()
    assert command.abandoned()


def test_an_inbox_sleeps_until_a_link_or_a_thread_has_something(far: Far) -> None:
    inbox = Inbox()
    inbox.attach(far.link)
    assert inbox.get(None) == {}
    far.socket.sendall(pack([call(1), call(2)]))
    first = inbox.get(None)
    assert isinstance(first, Command)
    assert isinstance(inbox.get_nowait(), Command)
    inbox.put(None)
    assert inbox.get(None) is None
    inbox.close()
