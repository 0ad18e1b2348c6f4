"""The running actors of one world in memory: who acts next, and who waits for what."""

import logging
from bisect import insort
from heapq import heapify, heappop, heappush
from typing import Any, Final

import orjson

from messaging.dispatch import MEDDLER
from messaging.kernel.batch import Batch
from messaging.kernel.context import Context
from messaging.kernel.database import Database
from messaging.kernel.world import World
from messaging.simulation import faults
from messaging.simulation.faults import Fault
from messaging.simulation.fields import SettingsError
from messaging.simulation.kinds import kind_of
from messaging.simulation.models import Actor, faults_of, remember, running
from messaging.simulation.outside import Outside
from messaging.simulation.stage import Player, Stage
from messaging.simulation.tray import Tray, Turn

logger = logging.getLogger(__name__)

CACHE: Final = "simulation.roster"


class Roster:
    """Kept in the world's caches between batches; what changes is written back before a batch ends.

    ``reached`` is the sandbox time up to which this process has moved the world, 0 when not known.
    """

    def __init__(self, players: list[Player], tray: Tray) -> None:
        self.reached = 0
        self.tray = tray
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
        """Return the time of the next act, or of the next fault that starts or ends."""
        heap = self._heap
        while heap and not self._is_current(*heap[0]):
            heappop(heap)
        times = (heap[0][0] if heap else None, self.tray.next_at)
        return min((time for time in times if time is not None), default=None)

    def stage(self, batch: Batch, world: World, player: Player) -> Stage:
        """Return an act of an actor, with the faults that it feels."""
        felt = self.tray.felt_by(
            world.secret, node=player.node, resource=player.resource, kind=player.kind
        )
        return Stage(batch, world, player, felt)

    def change_faults(self, ctx: Context) -> bool:
        """Start and end the faults that are due, if any; who crashes or comes up acts at once."""
        if self.tray.next_at is None or self.tray.next_at > ctx.now:
            return False
        for fault in self.tray.run_due(ctx):
            self._jolt(fault, ctx.now)
        return True

    def drop_fault(self, ctx: Context, fault: int) -> None:
        """End a fault before its time; who was down because of it comes up at once."""
        self._jolt(self.tray.end(ctx, fault), next_chance(ctx.world, ctx.now))

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
        self.tray.save(db)

    def _jolt(self, fault: Fault, at: int) -> None:
        """Let those act at ``at`` whom a crash, or the end of one, concerns."""
        if fault.kind != faults.CRASH:
            return
        for player in self._players.values():
            if faults.concerns(fault, node=player.node, resource=player.resource, kind=player.kind):
                player.next_at = at
                self._touched.add(player.id)
                heappush(self._heap, (at, player.id))

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
        world.caches[MEDDLER] = Outside(roster.tray)
    found: Roster = roster
    return found


def _load(batch: Batch, world: World) -> Roster:
    players = [player for row in running(batch.db, world.id) if (player := _read(row))]
    turns = [_turn(values) for values in faults_of(batch.db, world.id)]
    roster = Roster(players, Tray(turns))
    for player in players:
        roster.wait(player)
        # A wake-up may have gone by while nobody listened: look once.
        if player.poll is not None:
            roster.rouse(player, next_chance(world, world.now))
    return roster


def next_chance(world: World, now: int) -> int:
    """Return when an actor takes up what came from outside: at once, unless the world is paused."""
    return now + 1 if world.clock.paused else now


def _turn(values: dict[str, Any]) -> Turn:
    settings = values.pop("settings")
    return Turn(fault=faults.read(settings), **values)


def _read(row: Actor) -> Player | None:
    """Return a row as an actor, or None where its settings are from another version."""
    try:
        behaviour = kind_of(row.kind)
        settings = behaviour.read(row.settings)
        return Player.of(row, settings, resource=behaviour.resource(settings))
    except SettingsError as error:
        logger.warning("%s of sandbox %d cannot act: %s", row.node, row.sandbox, error)
        return None
