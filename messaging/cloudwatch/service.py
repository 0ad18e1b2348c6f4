"""Table of contents of the CloudWatch package."""

from messaging.cloudwatch import models, tick, topology, transitions
from messaging.cloudwatch.operations import alarms, history, metrics, tags
from messaging.kernel.service import Service

SERVICE = Service(
    "cloudwatch",
    (alarms, history, metrics, tags),
    tick=tick,
    settle=transitions.settle,
    topology=topology,
    tables=(
        models.Reader,
        models.Measured,
        models.Minute,
        models.Resting,
        models.Alarm,
        models.HistoryItem,
    ),
)
