"""Resources that a service polls by itself: when it looks again, and what wakes it before.

Memory of this process: where it is lost, or another process has changed the sandbox, the service
looks once at everything that it polls.
"""

from typing import Final

from messaging.kernel.world import World

CACHE: Final = "kernel.polled"
# The time of the next look by ARN; None waits for the resource to be woken.
Looks = dict[str, int | None]


def looks_of(world: World, service: str) -> Looks | None:
    """Return when a service looks at what; None where nothing is known."""
    known: dict[str, Looks] = world.caches.get(CACHE, {})
    return known.get(service)


def look_at(world: World, service: str, arns: list[str]) -> Looks:
    """Let a service hear of these resources from now on, and look at each of them at once."""
    looks: Looks = dict.fromkeys(arns, next_chance(world))
    world.caches.setdefault(CACHE, {})[service] = looks
    return looks


def hear(world: World, arn: str) -> None:
    """Let those look who wait for a resource that is woken."""
    for looks in world.caches[CACHE].values():
        if arn in looks:
            at = next_chance(world)
            known = looks[arn]
            looks[arn] = at if known is None else min(known, at)
            world.due(at)


def next_chance(world: World) -> int:
    """Return when to look at what came from outside: at once, unless the world is paused."""
    return world.now + 1 if world.clock.paused else world.now
