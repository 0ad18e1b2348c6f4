"""The only loop over time: find what is due, set the world's time to it, let it happen, look again.

Everything here runs in the writer's transaction. Ties at one moment break by: services in registry
order, the outbox, faults, actors by id.
"""

import logging
from typing import Final

import orjson

from messaging import dispatch
from messaging.kernel import outages
from messaging.kernel.batch import Batch
from messaging.kernel.world import World
from messaging.simulation import crashes
from messaging.simulation.kinds import kind_of
from messaging.simulation.models import STOPPED
from messaging.simulation.roster import CACHE, Roster, next_chance, roster_of
from messaging.simulation.stage import Player, Stage

logger = logging.getLogger(__name__)

STEPS_PER_BATCH: Final = 100
# How far, in wall time, a world may stay behind its clock before the clock is set back.
LAG_MAX_MS: Final = 1_000
_REDO_AFTER_MS: Final = 1_000


def advance(batch: Batch, world: World) -> None:
    """Let everything happen that is due by now; the executor calls it before a batch's commands.

    After STEPS_PER_BATCH steps ``world.now`` stays at the time reached, and the next batch goes on
    from there.
    """
    target = world.clock.now(batch.wall)
    due = 0 if world.is_unsettled else world.next_due
    roster: Roster | None = world.caches.get(CACHE)
    if roster is not None:
        # Should the machine's clock be set back, the world waits for it to come up again.
        target = max(target, roster.reached)
        if (due is None or due > target) and not roster.has_news(world.id):
            roster.follow(batch)
            world.now = roster.reached = target
            return
    if not _run(batch, world, target) and not world.clock.paused:
        _set_back_clock(batch, world, target)


def advance_to(batch: Batch, world: World, until: int, *, steps: int = STEPS_PER_BATCH) -> bool:
    """Move the world and its clock to sandbox time ``until``, or as far as ``steps`` carry.

    Returns whether it got there. Moves a paused world too, and leaves it paused.
    """
    arrived = until <= world.now or _run(batch, world, until, steps=steps)
    world.clock = world.clock.at(world.now, batch.wall)
    batch.reclocked.add(world.id)
    return arrived


def step(batch: Batch, world: World) -> bool:
    """Move the world and its clock to the next moment at which something is due, and let it happen.

    Returns False where nothing ever is.
    """
    due = peek(batch, world)
    if due is None:
        return False
    _run(batch, world, max(due, world.now))
    world.clock = world.clock.at(world.now, batch.wall)
    batch.reclocked.add(world.id)
    return True


def peek(batch: Batch, world: World) -> int | None:
    """Return the sandbox time at which something is due next, or None."""
    batch.flush()
    roster = roster_of(batch, world)
    roster.hear(world.id, next_chance(world, world.now))
    return _earliest(dispatch.next_due(batch, world), roster.next_at)


def alarm(world: World) -> int | None:
    """Return the sandbox time at which the world wants to be moved: 0 is at once, None never."""
    roster = world.caches.get(CACHE)
    if roster is None or roster.has_news(world.id) or world.is_unsettled:
        return 0
    return world.next_due


def _run(batch: Batch, world: World, target: int, *, steps: int = STEPS_PER_BATCH) -> bool:
    """Let happen what is due up to ``target``; return False when the steps run out before.

    Inside the loop ``world.next_due`` is a lower bound of the services' next moment: operations
    lower it as they set timers.
    """
    batch.flush()
    roster = roster_of(batch, world)
    roster.hear(world.id, next_chance(world, roster.reached or world.now))
    roster.follow(batch)
    world.next_due = dispatch.next_due(batch, world)
    arrived = False
    for _ in range(steps):
        if world.is_unsettled:
            batch.flush()
            world.next_due = dispatch.next_due(batch, world)
        due = _earliest(world.next_due, roster.next_at)
        arrived = due is None or due > target
        if due is None or arrived:
            break
        # What was overlooked for a while happens late rather than in the past.
        world.now = roster.reached = max(due, roster.reached)
        _happen(batch, world, roster)
        roster.hear(world.id, world.now)
    if arrived:
        world.now = roster.reached = target
    roster.save(batch.db)
    # An operation that changes the configuration drops every cache; the actors are as they were.
    world.caches[CACHE] = roster
    world.next_due = _earliest(world.next_due, roster.next_at)
    return arrived


def _happen(batch: Batch, world: World, roster: Roster) -> None:
    """Let one thing happen at ``world.now``: the services' timers, or one actor's act."""
    if world.next_due is not None and world.next_due <= world.now:
        dispatch.run_due(batch, world)
        batch.flush()
        world.next_due = dispatch.next_due(batch, world)
        return
    if roster.change_faults(dispatch.engine_context(batch, world)):
        return
    player = roster.take_next()
    roster.put(player, _act(batch, world, roster, player))


def _act(batch: Batch, world: World, roster: Roster, player: Player) -> int | None:
    """Let an actor act, inside a savepoint: whatever goes wrong in it, the world goes on.

    Returns when it acts next.
    """
    batch.flush()
    mark = batch.mark(world)
    memory, dice = orjson.dumps(player.memory), roster.tray.mark()
    behaviour, stage = kind_of(player.kind), roster.stage(batch, world, player)
    batch.db.savepoint()
    try:
        next_at = crashes.act(stage, player.settings, begin=behaviour.begin, work=behaviour.act)
        batch.flush()
    except Exception as error:
        if outages.is_outage(error):
            raise
        batch.db.rollback_to_savepoint()
        batch.undo(mark, world)
        world.forget()
        player.memory = orjson.loads(memory)
        roster.tray.undo(dice)
        return _excuse(batch, world, player, error)
    batch.db.release()
    return next_at


def _excuse(batch: Batch, world: World, player: Player, error: Exception) -> int | None:
    """Deal with an act that broke: try again where the engine asks for it, else stop the actor."""
    stage = Stage(batch, world, player)
    if isinstance(error, dispatch.Redo):
        return stage.now + _REDO_AFTER_MS
    logger.error("%s of sandbox %d is stopped", player.key, world.id, exc_info=error)
    player.state = STOPPED
    player.memory.pop("poll", None)
    player.memory["error"] = f"{type(error).__name__}: {error}"
    stage.emit("actor.Stopped", {"by": "engine", "why": player.memory["error"]})
    return None


def _set_back_clock(batch: Batch, world: World, target: int) -> None:
    """Let a world that cannot keep up go on from the time it has reached."""
    if target - world.now > LAG_MAX_MS * world.clock.rate:
        world.clock = world.clock.at(world.now, batch.wall)
        batch.reclocked.add(world.id)


def _earliest(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
