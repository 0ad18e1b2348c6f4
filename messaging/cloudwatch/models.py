"""Tables of CloudWatch: how far the log is read, minutes of what is measured, alarms.

What is measured is named by ``scope``, a number derived from account, region, namespace and
dimensions: rows of a minute hold every metric of one scope.
"""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from messaging.kernel.fields import RowIdField

NEXT_DUE: Final = "SELECT min(due_at) FROM cloudwatch_alarm WHERE sandbox=%s AND due_at IS NOT NULL"


class Reader(models.Model):
    """How far a sandbox's log has been folded."""

    sandbox = models.BigIntegerField(unique=True)
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.sandbox} {self.seq}"


class Measured(models.Model):
    """What has metrics: a queue, a topic, a rule, or a set of dimensions that somebody reports.

    ``names`` tells when each metric last had a datapoint, and ``=`` when anything happened;
    ``levels`` are visible, in flight, delayed, and since when the oldest message is there.
    ``projected`` comes from the log.
    """

    sandbox = models.BigIntegerField()
    scope = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    namespace = models.CharField(max_length=255)
    dimensions = models.JSONField(default=list)
    projected = models.BooleanField(default=False)
    names = models.JSONField(default=dict)
    levels = models.JSONField(null=True)
    deleted_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "scope"), name="cloudwatch_measured_once"),
        )

    def __str__(self) -> str:
        return f"{self.namespace} {self.dimensions}"


class Minute(models.Model):
    """What was measured in the minute that begins at ``at``; in high resolution, the second."""

    sandbox = models.BigIntegerField()
    scope = models.BigIntegerField()
    at = models.BigIntegerField()
    data = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("sandbox", "scope", "at"), name="cloudwatch_minute_once"
            ),
        )
        indexes = (models.Index(fields=("sandbox", "at"), name="cloudwatch_minute_at"),)

    def __str__(self) -> str:
        return f"{self.scope} {self.at}"


class Resting(models.Model):
    """A message that lies in a queue, as far as the log has been read: since when."""

    sandbox = models.BigIntegerField()
    scope = models.BigIntegerField()
    message = models.BigIntegerField()
    since = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=("sandbox", "scope", "message"), name="cloudwatch_resting_message"),
            models.Index(
                fields=("sandbox", "scope", "since", "message"), name="cloudwatch_resting_oldest"
            ),
        )

    def __str__(self) -> str:
        return f"{self.message} {self.since}"


class Alarm(models.Model):
    """A metric alarm or a composite one: what was asked for (``settings``), and its state.

    ``due_at`` is when a metric alarm is looked at next; NULL for composite alarms.
    """

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=255)
    arn = models.CharField(max_length=400)
    composite = models.BooleanField(default=False)
    settings = models.JSONField()
    tags = models.JSONField(default=dict)
    state = models.CharField(max_length=20)
    reason = models.TextField()
    reason_data = models.TextField(default="")
    configured_at = models.BigIntegerField()
    updated_at = models.BigIntegerField()
    turned_at = models.BigIntegerField()
    due_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("sandbox", "arn"), name="cloudwatch_arn"),)
        indexes = (
            models.Index(
                fields=("sandbox", "due_at", "id"),
                name="cloudwatch_due",
                condition=Q(due_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.arn


class HistoryItem(models.Model):
    """Something that happened to an alarm."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    arn = models.CharField(max_length=400)
    name = models.CharField(max_length=255)
    composite = models.BooleanField(default=False)
    at = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    summary = models.TextField()
    data = models.TextField()

    class Meta:
        indexes = (models.Index(fields=("sandbox", "at", "id"), name="cloudwatch_history_at"),)

    def __str__(self) -> str:
        return self.summary
