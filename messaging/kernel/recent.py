"""The latest calls of each sandbox with their parameters, which the event log does not keep.

Memory of this process and nothing more: bounded, forgotten with it, and read by whoever wants to
show a call again. It holds parameters only: no header, no signature and no key ever gets here.
"""

import re
from collections import deque
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from messaging.kernel.batch import Batch
from messaging.kernel.world import World

KEPT: Final = 500
LONGEST: Final = 4_096
_WORLDS: Final = 64
# Copying a call's lists costs more than a small one's work: of calls that come all at once, as in a
# load test, these are enough.
COPIES_PER_BATCH: Final = 2
_SECRET: Final = re.compile(r"secret|password|credential|privatekey|apikeyvalue", re.IGNORECASE)
_HIDDEN: Final = "(hidden)"
# Says of a pair in a request that its value is secret.
_MARK: Final = "IsValueSecret"


class Asked(NamedTuple):
    """One call. Its events have the sequence numbers ``first`` to ``last``.

    ``whole`` is false when something was cut or hidden, so that the call cannot be made again.
    """

    generation: int
    first: int
    last: int
    service: str
    operation: str
    params: Mapping[str, Any]
    whole: bool


_kept: Final[dict[int, deque[Asked]]] = {}


def keep(
    batch: Batch,
    world: World,
    before: int,
    service: str,
    operation: str,
    params: Mapping[str, Any],
) -> None:
    """Remember a call of ``batch`` that left the events after sequence number ``before``."""
    whole = True
    for name, value in params.items():
        if type(value) is int:
            continue
        if type(value) is not str or len(value) > LONGEST or _is_secret(name):
            if batch.copies >= COPIES_PER_BATCH:
                return
            batch.copies += 1
            clipped = _clip(params)
            whole = clipped == params
            params = clipped
            break
    calls = _kept.get(world.id)
    if calls is None:
        calls = _open(world.id)
    calls.append(
        Asked(world.generation, before + 1, world.last_seq, service, operation, params, whole)
    )


def find(sandbox: int, generation: int, seq: int) -> Asked | None:
    """Return the call that left event ``seq``, if it is still known."""
    calls = list(_kept.get(sandbox) or ())
    while calls:
        asked = calls.pop()
        if asked.generation == generation and asked.first <= seq <= asked.last:
            return asked
    return None


def latest(sandbox: int, generation: int) -> list[Asked]:
    """Return the calls that are still known, the newest first."""
    calls = list(_kept.get(sandbox) or ())
    return [asked for asked in reversed(calls) if asked.generation == generation]


def forget(sandbox: int) -> None:
    """Forget the calls of a sandbox that is no more."""
    _kept.pop(sandbox, None)


@lru_cache(1024)
def _is_secret(name: str) -> bool:
    return _SECRET.search(name) is not None


def _open(sandbox: int) -> deque[Asked]:
    while len(_kept) >= _WORLDS:
        del _kept[next(iter(_kept))]
    calls = _kept[sandbox] = deque(maxlen=KEPT)
    return calls


def _clip(value: Any, name: str = "") -> Any:
    """Return a copy without long texts and without what is named like a secret."""
    if name and _is_secret(name):
        return _HIDDEN
    if isinstance(value, str | bytes):
        return value if len(value) <= LONGEST else value[:LONGEST]
    if isinstance(value, Mapping):
        hidden = "Value" if value.get(_MARK) else None
        return {
            key: _HIDDEN if key == hidden else _clip(item, str(key)) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_clip(item) for item in value]
    return value
