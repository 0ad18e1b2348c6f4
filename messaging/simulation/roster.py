"""The running actors of one world in memory: who acts next, and who waits for what."""

import logging
from bisect import insort
from heapq import heapify, heappop, heappush
from typing import Final

import orjson

from messaging.kernel.batch import Batch
from messaging.kernel.database import Database
from messaging.kernel.world import World
from messaging.simulation.fields import SettingsError
from messaging.simulation.kinds import kind_of
from messaging.simulation.models import Actor, remember, running
from messaging.simulation.stage import Player

logger = logging.getLogger(__name__)

CACHE: Final = "simulation.roster"


class Roster:
    """Kept in the world's caches between batches; what changes is written back before a batch ends.

    ``reached`` is the sandbox time up to which this process has moved the world, 0 when not known.
    """

    def __init__(self, players: list[Player]) -> None:
        self.reached = 0
        self._players = {player.id: player for player in players}
        self._heap = [
            (player.next_at, player.id) for player in players if player.next_at is not None
        ]
        heapify(self._heap)
        self._waiting: dict[str, list[tuple[int, int]]] = {}
        self._touched: set[int] = set()
        self._wakes: list[tuple[tuple[int, str], int]] = []
        self._seen = 0

    @property
    def next_at(self) -> int | None:
        """Return the time of the next act."""
        heap = self._heap
        while heap and not self._is_current(*heap[0]):
            heappop(heap)
        return heap[0][0] if heap else None

    def take_next(self) -> Player:
        """Return the actor that acts next; ties go to the lower id."""
        _, actor = heappop(self._heap)
        return self._players[actor]

    def put(self, player: Player, next_at: int | None) -> None:
        """Take an actor back after its act."""
        player.next_at = next_at
        player.woken = False
        self._touched.add(player.id)
        if next_at is not None:
            heappush(self._heap, (next_at, player.id))
        self.wait(player)

    def wait(self, player: Player) -> None:
        """Hold an actor's long poll, behind those that began earlier."""
        if player.poll is None:
            return
        arn, since = player.poll
        held = self._waiting.setdefault(arn, [])
        if (since, player.id) not in held:
            insort(held, (since, player.id))

    def rouse(self, player: Player, at: int) -> None:
        """Let an actor look at ``at`` whether what it waits for has come."""
        player.woken = True
        if player.next_at is None or player.next_at > at:
            player.next_at = at
            heappush(self._heap, (at, player.id))

    def has_news(self, sandbox: int) -> bool:
        """Tell whether something has come that one of the actors waits for."""
        if not self._waiting:
            return False
        return any(
            owner == sandbox and self._waiting.get(arn)
            for (owner, arn), _ in self._wakes[self._seen :]
        )

    def hear(self, sandbox: int, at: int) -> None:
        """Rouse those whom the wake-ups since the last look concern, longest waiting first."""
        if self._waiting:
            for (owner, arn), count in self._wakes[self._seen :]:
                if owner == sandbox:
                    self._rouse_waiting(arn, count, at)
        self._seen = len(self._wakes)

    def follow(self, batch: Batch) -> None:
        """Listen to the wake-ups of another batch from now on."""
        if self._wakes is not batch.wakes:
            self._wakes = batch.wakes
            self._seen = 0

    def save(self, db: Database) -> None:
        """Write back what has changed."""
        for actor in sorted(self._touched):
            player = self._players[actor]
            memory = orjson.dumps(player.memory)
            remember(db, actor, state=player.state, next_at=player.next_at, memory=memory)
        self._touched.clear()

    def _rouse_waiting(self, arn: str, count: int, at: int) -> None:
        held = self._waiting.get(arn)
        while held and count > 0:
            since, actor = held.pop(0)
            player = self._players[actor]
            if player.poll == (arn, since):
                self.rouse(player, at)
                count -= 1
        if held is not None and not held:
            del self._waiting[arn]

    def _is_current(self, at: int, actor: int) -> bool:
        return self._players[actor].next_at == at


def roster_of(batch: Batch, world: World) -> Roster:
    """Return the world's actors, from memory or from their rows."""
    roster = world.caches.get(CACHE)
    if roster is None:
        roster = world.caches[CACHE] = _load(batch, world)
    found: Roster = roster
    return found


def _load(batch: Batch, world: World) -> Roster:
    players = [player for row in running(batch.db, world.id) if (player := _read(row))]
    roster = Roster(players)
    for player in players:
        roster.wait(player)
        # A wake-up may have gone by while nobody listened: look once.
        if player.poll is not None:
            roster.rouse(player, next_chance(world, world.now))
    return roster


def next_chance(world: World, now: int) -> int:
    """Return when an actor takes up what came from outside: at once, unless the world is paused."""
    return now + 1 if world.clock.paused else now


def _read(row: Actor) -> Player | None:
    """Return a row as an actor, or None where its settings are from another version."""
    try:
        return Player.of(row, kind_of(row.kind).read(row.settings))
    except SettingsError as error:
        logger.warning("%s of sandbox %d cannot act: %s", row.node, row.sandbox, error)
        return None
