"""Tables of EventBridge Pipes."""

from typing import ClassVar

from django.db import models

from messaging.kernel.fields import RowIdField

RUNNING = "RUNNING"
STOPPED = "STOPPED"


class Pipe(models.Model):
    """A pipe: what was asked for (``settings``), and whether it runs.

    ``first_seen_at`` is when its batching window began: something lay in its source then.
    """

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    arn = models.CharField(max_length=200)
    source = models.CharField(max_length=1600)
    settings = models.JSONField()
    tags = models.JSONField(default=dict)
    state = models.CharField(max_length=32)
    created_at = models.BigIntegerField()
    modified_at = models.BigIntegerField()
    first_seen_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("sandbox", "arn"), name="pipes_arn"),)
        indexes = (models.Index(fields=("sandbox", "source"), name="pipes_source"),)

    def __str__(self) -> str:
        return self.arn
