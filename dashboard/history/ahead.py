"""Puts the past of a sandbox together before somebody asks for it.

Begun when its page is asked for, so that it is there when the page is; carried on while somebody
looks, so that a seek finds at most a second of events that are not folded yet.
"""

import logging
import threading
from collections.abc import Callable
from typing import Final

from django.db import connection

from dashboard.history import shelf
from dashboard.topology.hubs import hubs

logger = logging.getLogger(__name__)

PACE: Final = 1.0
# Between two keyframes others get their turn: one thread computes at a time.
BREATH: Final = 0.001
STOP_SECONDS: Final = 5


class Ahead:
    """A thread of its own while the engine is up. ``watched`` are the sandboxes looked at."""

    def __init__(self, watched: Callable[[], list[int]]) -> None:
        self._watched = watched
        self._asked: set[int] = set()
        self._more = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._ending.clear()
        self._thread = threading.Thread(target=self._work, name="signalbox-past", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._more.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
            self._thread = None

    def notice(self, sandbox: int) -> None:
        """Begin with a sandbox's past now; callable from any thread."""
        if self._thread is not None:
            self._asked.add(sandbox)
            self._more.set()

    def look(self, *asked: int) -> None:
        """Bring the pasts that are asked for, and those that are looked at, to the end of the log.

        Of what is looked at, those only that the shelf has: it has not room for everything.
        """
        for sandbox in sorted({*asked, *shelf.kept().intersection(self._watched())}):
            if self._ending.is_set():
                return
            with shelf.opened(sandbox, rest=self._rest):
                continue

    def _work(self) -> None:
        while not self._ending.is_set():
            self._more.clear()
            asked, self._asked = self._asked, set()
            try:
                self.look(*asked)
            except Exception:
                # Whoever asks for the past reads it then, and is told what is wrong.
                logger.debug("The past is not put together ahead", exc_info=True)
                connection.close()
            self._more.wait(PACE)
        connection.close()

    def _rest(self) -> None:
        self._ending.wait(BREATH)


ahead: Final = Ahead(hubs.watched)
