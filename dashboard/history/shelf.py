"""The chronicles of this process: a few sandboxes, the ones that were looked at last."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from dashboard.history.chronicle import Chronicle
from dashboard.topology.snapshot import Head, one_moment, read_head

SANDBOXES_MAX: Final = 8

_shelf: "OrderedDict[int, Chronicle]" = OrderedDict()
_lock: Final = threading.Lock()


@contextmanager
def opened(
    sandbox: int, *, rest: Callable[[], None] = lambda: None
) -> Iterator[tuple[Chronicle, Head] | None]:
    """Give a sandbox's chronicle, up to date, to one thread; None when the sandbox is gone.

    ``rest`` is called now and then while it is brought up to date, by who is in no hurry.
    """
    with _place_of(sandbox), one_moment():
        head = read_head(sandbox)
        if head is None:
            _shelf.pop(sandbox, None)
            yield None
            return
        chronicle = _shelf.get(sandbox)
        if chronicle is None or chronicle.epoch != head.epoch or chronicle.last > head.last_seq:
            chronicle = Chronicle(head, rest)
        chronicle.follow(head, rest)
        _keep(sandbox, chronicle)
        yield chronicle, head


def kept() -> set[int]:
    """Return the sandboxes whose chronicles are here."""
    with _lock:
        return set(_shelf)


def forget() -> None:
    """Let go of everything, as a new process would begin."""
    with _lock:
        _shelf.clear()
        _places.clear()


_places: dict[int, threading.Lock] = {}


def _place_of(sandbox: int) -> threading.Lock:
    with _lock:
        return _places.setdefault(sandbox, threading.Lock())


def _keep(sandbox: int, chronicle: Chronicle) -> None:
    with _lock:
        _shelf[sandbox] = chronicle
        _shelf.move_to_end(sandbox)
        while len(_shelf) > SANDBOXES_MAX:
            _shelf.popitem(last=False)
