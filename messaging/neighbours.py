"""Several server processes on one PostgreSQL: a message sent here wakes a long poll held there.

Rows need no telling: each process reads what another has committed. Only the wake-ups of held long
polls cross, by NOTIFY, off the hot path and at most every few milliseconds. A lost notice costs
time, never a message: a held poll looks again at its end. What every request needs before it
reaches a sandbox, the access keys, is kept in memory; whether others have issued or withdrawn some
is looked up once a second.
"""

import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Final

import psycopg
from django.db import connection

from messaging.executor import Executor
from messaging.kernel.access import Keyring
from messaging.waiters import Key

logger = logging.getLogger(__name__)

CHANNEL: Final = "signalbox_wake"
COALESCE_S: Final = 0.005
LISTEN_S: Final = 1.0
MAX_KEYS: Final = 40
# As Keyring.digest: a mere count would not tell a key that came and went from none.
_DIGEST: Final = (
    "SELECT md5(coalesce(string_agg(key_id || CASE WHEN withdrawn_at IS NULL THEN '' ELSE '-' END,"
    " ',' ORDER BY key_id COLLATE \"C\"), '')) FROM kernel_accesskey"
)


class Neighbours:
    """Tells other processes which resources have news, and hears it from them."""

    def __init__(self, executor: Executor, *, keys: Keyring, load_keys: Callable[[], None]) -> None:
        self._executor = executor
        self._keys = keys
        self._load_keys = load_keys
        self._me = secrets.token_hex(8)
        self._outbox: SimpleQueue[dict[Key, int] | None] = SimpleQueue()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to tell and to hear; does nothing on a database of one process."""
        if connection.vendor != "postgresql":
            return
        self._stopping.clear()
        self._executor.on_wakes = self._outbox.put
        self._threads = [
            threading.Thread(target=self._keep, args=(work,), name=f"signalbox-{name}", daemon=True)
            for name, work in (("tell", self._tell), ("hear", self._hear))
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End both threads."""
        self._executor.on_wakes = None
        self._stopping.set()
        self._outbox.put(None)
        for thread in self._threads:
            thread.join()
        self._threads = []

    def _keep(self, work: Callable[[], None]) -> None:
        """Do ``work`` again when the database went away and came back."""
        while not self._stopping.is_set():
            try:
                work()
            except Exception as error:
                logger.warning("Wake-ups do not cross for now: %s", error)
                self._stopping.wait(LISTEN_S)

    def _tell(self) -> None:
        with _connect() as link:
            while not self._stopping.is_set():
                news = self._outbox.get() or {}
                # At the end an empty notice lets our own hearer look up.
                self._stopping.wait(COALESCE_S)
                for notice in self._notices(news):
                    link.execute("SELECT pg_notify(%s, %s)", (CHANNEL, notice))

    def _notices(self, news: dict[Key, int]) -> Iterator[str]:
        """Return all the news that waits, in texts that are short enough for a notice."""
        while True:
            try:
                more = self._outbox.get_nowait()
            except Empty:
                break
            for key, count in (more or {}).items():
                news[key] = news.get(key, 0) + count
        wakes = [[sandbox, arn, count] for (sandbox, arn), count in news.items()]
        for start in range(0, max(1, len(wakes)), MAX_KEYS):
            yield json.dumps({"from": self._me, "wakes": wakes[start : start + MAX_KEYS]})

    def _hear(self) -> None:
        with _connect() as link:
            link.execute(f"LISTEN {CHANNEL}")
            looks_at = 0.0
            while not self._stopping.is_set():
                if monotonic() >= looks_at:
                    self._look_at_keys(link)
                    looks_at = monotonic() + LISTEN_S
                for notice in link.notifies(timeout=LISTEN_S, stop_after=1):
                    self._take(notice.payload)

    def _look_at_keys(self, link: "psycopg.Connection[Any]") -> None:
        if link.execute(_DIGEST).fetchone() != (self._keys.digest,):
            self._load_keys()

    def _take(self, payload: str) -> None:
        told: dict[str, Any] = json.loads(payload)
        if told["from"] == self._me:
            return
        self._executor.wake({(sandbox, arn): count for sandbox, arn, count in told["wakes"]})


def _connect() -> "psycopg.Connection[Any]":
    """Open a connection of one's own to the database that Django uses."""
    return psycopg.connect(**connection.get_connection_params(), autocommit=True)
