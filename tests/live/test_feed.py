"""Several server processes: what one commits, the hubs of the others hear of."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.topology.feed import Feed

pytestmark = pytest.mark.needs("redis")


class Process:
    """The feed of one server process."""

    def __init__(self, *watched: int) -> None:
        self.heard: list[int] = []
        self.news = threading.Event()
        self.feed = Feed(self._notice, lambda: list(watched))
        self.feed.start()
        assert self.feed.joined.wait(10)

    def commit(self, sandbox: int, seq: int) -> None:
        world: Any = SimpleNamespace(id=sandbox, last_seq=seq)
        self.feed.committed(world)

    def _notice(self, sandbox: int) -> None:
        self.heard.append(sandbox)
        self.news.set()


@pytest.fixture
def processes() -> Iterator[list[Process]]:
    started = [Process(), Process(7), Process(8)]
    yield started
    for process in started:
        process.feed.stop()


def test_whoever_watches_hears_of_it(processes: list[Process]) -> None:
    writer, watcher, other = processes
    writer.commit(7, 3)
    assert watcher.news.wait(10)
    writer.commit(8, 1)
    assert other.news.wait(10)
    assert (watcher.heard, other.heard) == ([7], [8])
    assert writer.heard == []


def test_many_commits_are_told_at_a_pace(processes: list[Process]) -> None:
    writer, watcher, _ = processes
    for seq in range(2_000):
        writer.commit(7, seq)
    assert watcher.news.wait(10)
    assert len(watcher.heard) < 100
