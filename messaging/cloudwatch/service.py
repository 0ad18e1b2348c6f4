"""Table of contents of the CloudWatch package."""

from messaging.cloudwatch import models
from messaging.cloudwatch.operations import metrics
from messaging.kernel.service import Service

SERVICE = Service(
    "cloudwatch",
    (metrics,),
    tables=(
        models.Reader,
        models.Measured,
        models.Minute,
        models.Resting,
        models.Alarm,
        models.HistoryItem,
    ),
)
