"""Tables of EventBridge Scheduler."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from messaging.kernel.fields import RowIdField

NEXT_DUE: Final = (
    "SELECT min(due_at) FROM scheduler_schedule WHERE sandbox=%s AND due_at IS NOT NULL"
)


class Group(models.Model):
    """A schedule group. The group ``default`` is there without a row."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    arn = models.CharField(max_length=200)
    tags = models.JSONField(default=dict)
    created_at = models.BigIntegerField()
    modified_at = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "arn"), name="scheduler_group_arn"),
        )

    def __str__(self) -> str:
        return self.arn


class Schedule(models.Model):
    """A schedule: what was asked for (``settings``), and when it is due.

    ``next_at`` is the time that its expression names, ``due_at`` the moment in its flexible window
    at which it fires; both are NULL when nothing more is to come.
    """

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    group = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    arn = models.CharField(max_length=240)
    settings = models.JSONField()
    token = models.CharField(max_length=64, default="")
    created_at = models.BigIntegerField()
    modified_at = models.BigIntegerField()
    next_at = models.BigIntegerField(null=True)
    due_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("sandbox", "arn"), name="scheduler_arn"),)
        indexes = (
            models.Index(
                fields=("sandbox", "due_at", "id"),
                name="scheduler_due",
                condition=Q(due_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.arn
