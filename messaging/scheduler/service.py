"""Table of contents of the Scheduler package."""

from messaging.kernel.service import Service
from messaging.scheduler import models, tick, topology, transitions
from messaging.scheduler.operations import groups, schedules

SERVICE = Service(
    "scheduler",
    (groups, schedules),
    tick=tick,
    settle=transitions.settle,
    topology=topology,
    tables=(models.Group, models.Schedule),
)
