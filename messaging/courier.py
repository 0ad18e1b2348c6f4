"""Brings packets to programs outside, in threads of its own.

Errands are rows (``kernel.errands``), which a service leaves. What was taken and never reported,
because the process ended, is taken again a minute later, and at the next start where no other
process can have taken it.
"""

import logging
from collections.abc import Callable
from typing import Any, Final

from django.db import connection

from messaging import calls, dispatch
from messaging.executor import Executor
from messaging.hands import Hands, Look
from messaging.kernel import errands
from messaging.kernel.batch import Batch
from messaging.kernel.clock import wall_ms
from messaging.kernel.errands import Errand
from messaging.kernel.errors import AwsError
from messaging.kernel.world import World

logger = logging.getLogger(__name__)

TAKEN_MS: Final = 60_000

Bring = Callable[[str, str], AwsError | None]


class Courier(Hands):
    """Hands that bring packets. What is on its way at the end will be brought again."""

    name = "courier"
    count = 8
    most = 8

    def __init__(self, executor: Executor, *, bring: Bring = calls.post) -> None:
        super().__init__(executor)
        self._bring = bring

    def begin(self) -> bool:
        # What the last process has left is looked for first.
        if connection.vendor == "sqlite":
            self.executor.run_sync(lambda batch: errands.give_back(batch.db))
        return True

    def has_news(self, world: World) -> bool:
        heard = world.id in errands.news
        errands.news.discard(world.id)
        return heard

    def look(self, limit: int) -> Look:
        def job(batch: Batch) -> Look:
            wall = wall_ms()
            taken = errands.take(batch.db, wall=wall, until=wall + TAKEN_MS, limit=limit)
            return Look(list(taken), errands.next_at(batch.db))

        found: Look = self.executor.run_sync(job)
        return found

    def do(self, task: Errand) -> None:
        error = self._bring(task.packet.target, task.packet.body)
        if self.stopping.is_set():
            return
        try:
            self.executor.run_sync(_reporting(task, error), (task.sandbox,))
        except AwsError as refusal:
            # It is still there, and is brought once more.
            logger.warning("What came of an errand could not be told: %s", refusal)


def _reporting(errand: Errand, error: AwsError | None) -> Callable[[Batch], Any]:
    def job(batch: Batch) -> None:
        world = batch.entered.get(errand.sandbox)
        if world is not None:
            dispatch.report(batch, world, errand, error)

    return job
