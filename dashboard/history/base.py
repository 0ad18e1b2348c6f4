"""Where the fold begins: nothing, or what was there before the first event that is still kept.

Of the time before that nothing is written. It is inferred: what the log does not see come into
being was there already, in the state that its first event names. Timers of such messages are not
known and left out.
"""

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.history import log
from dashboard.history.past import Past, Replay
from dashboard.topology.snapshot import Head
from messaging import registry
from messaging.kernel import clients
from messaging.simulation import chaos_replay
from messaging.simulation import replay as actors


def before(head: Head, rest: Callable[[], None] = lambda: None) -> Past:
    """Return the state before the first kept event; ``rest`` is called now and then."""
    if head.first_seq <= 1:
        # What is before the first event is shown at its time: no other is known.
        first = log.events(head.id, 0, 1)
        return Past(_replays(), at=first[0][0] if first else 0)
    past = Past([replay.copy() for replay in _replays(head.id)], seq=head.first_seq - 1)
    born: set[str] = set()
    seen: set[tuple[str, int]] = set()
    for events in log.pieces(head.id, head.first_seq - 1, head.last_seq):
        past.at = past.at or events[0][0]
        for at, kind, arn, data in events:
            _look(past, born, kind, arn)
            if "m" in data and (arn, data["m"]) not in seen:
                seen.add((arn, data["m"]))
                _infer(past, at, arn, data)
        rest()
    _lie_there(past, head.id, seen)
    return past


def _lie_there(past: Past, sandbox: int, seen: set[tuple[str, int]]) -> None:
    """Put in what the log does not mention: it lies there as it did."""
    for service in registry.SERVICES.values():
        if service.topology is None:
            continue
        for arn, (m, *mark, since) in service.topology.resting(sandbox):
            if (arn, m) not in seen:
                state, until, receives, group = mark
                past.cell(arn).put(m, (state, until, receives, group), since)


def _replays(sandbox: int | None = None) -> list[Replay]:
    """Return one replay of each kind: empty, or with what is there now."""
    topologies = [service.topology for service in registry.SERVICES.values() if service.topology]
    makers: list[Any] = [topology.Replay for topology in topologies]
    makers += [actors.Replay, clients.Replay, chaos_replay.Replay]
    return [maker() if sandbox is None else maker.now(sandbox) for maker in makers]


def _look(past: Past, born: set[str], kind: str, arn: str) -> None:
    """Leave out what comes into being later, take in what is gone since."""
    if kind.endswith(("Created", ".Added", ".Connected", ".Subscribed")) and arn not in born:
        for replay in past.replays:
            replay.drop(arn)
        born.add(arn)
    elif kind.endswith(("QueueDeleted", "TopicDeleted")) and arn not in born:
        for replay in past.replays:
            replay.assume(arn)
        born.add(arn)


def _infer(past: Past, at: int, arn: str, data: Mapping[str, Any]) -> None:
    """Put in a message that was there before its first kept event."""
    state = data.get("was")
    if state is None:
        return
    receives = data.get("n", 0) - (data.get("is") == "f")
    past.cell(arn).put(data["m"], (state, 0, max(0, receives), data.get("g")), at)
