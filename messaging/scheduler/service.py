"""Table of contents of the Scheduler package."""

from messaging.kernel.service import Service
from messaging.scheduler import firing, models, tick, topology
from messaging.scheduler.operations import groups, schedules

SERVICE = Service(
    "scheduler",
    (groups, schedules),
    tick=tick,
    settle=firing.settle,
    topology=topology,
    tables=(models.Group, models.Schedule),
)
