"""Does what services have to have done outside the writer, in threads of its own.

What is to be done are rows that a service has left (``Service.outside``). What was taken and never
reported is taken again: at the next start, or, where processes share a database, when its time is
over.
"""

import logging
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from django.db import connection

from messaging import dispatch, registry
from messaging.hands import Hands, Look
from messaging.kernel.batch import Batch
from messaging.kernel.errors import AwsError
from messaging.kernel.world import World

logger = logging.getLogger(__name__)


class Workshop(Hands):
    """Hands that run what services have run outside."""

    name = "workshop"
    count = 4

    def begin(self) -> bool:
        """Give back what an earlier start has left, or give it up where nothing may be done."""
        if not any(outside.is_allowed() for outside in _outsides()):
            self.executor.run_sync(_give_up)
            return False
        if connection.vendor == "sqlite":
            self.executor.run_sync(_give_back)
        return True

    def has_news(self, world: World) -> bool:
        heard = [outside for outside in _outsides() if world.id in outside.news]
        for outside in heard:
            outside.news.discard(world.id)
        return bool(heard)

    def look(self, limit: int) -> Look:
        def job(batch: Batch) -> Look:
            taken = [
                (outside, task)
                for outside in _outsides()
                for task in outside.take(batch, limit=limit)
            ]
            times = [outside.next_at(batch.db) for outside in _outsides()]
            return Look(taken, min((at for at in times if at is not None), default=None))

        found: Look = self.executor.run_sync(job)
        return found

    def do(self, task: tuple[ModuleType, Any]) -> None:
        outside, order = task
        outcome = order.do(self.stopping)
        if outcome is None or self.stopping.is_set():
            return
        try:
            self.executor.run_sync(_reporting(outside, order, outcome), (order.sandbox,))
        except AwsError as refusal:
            logger.warning("What came of work outside could not be told: %s", refusal)


def _outsides() -> Iterator[ModuleType]:
    found = (service.outside for service in registry.SERVICES.values())
    return (outside for outside in found if outside is not None)


def _give_back(batch: Batch) -> None:
    for outside in _outsides():
        outside.give_back(batch.db)


def _give_up(batch: Batch) -> None:
    for outside in _outsides():
        outside.give_up(batch.db)


def _reporting(outside: ModuleType, task: Any, outcome: Any) -> Callable[[Batch], None]:
    def job(batch: Batch) -> None:
        world = batch.entered.get(task.sandbox)
        if world is not None:
            batch.flush()
            outside.report(dispatch.engine_context(batch, world), task, outcome)

    return job
