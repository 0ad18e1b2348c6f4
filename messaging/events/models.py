"""Tables of EventBridge. What runs thousands of times a second is read by ``store/``."""

from typing import ClassVar

from django.db import models

from messaging.events.outside import ApiDestination, Connection, PartnerSource
from messaging.kernel.fields import RowIdField

__all__ = (
    "ApiDestination", "Archive", "ArchivedEvent", "Connection", "EventBus", "LogLine",
    "PartnerSource", "Replay", "Rule", "Target",
)  # fmt: skip


class EventBus(models.Model):
    """An event bus; the default bus has a row from its first use on."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=256)
    arn = models.TextField()
    settings = models.JSONField(default=dict)
    policy = models.TextField(default="")
    tags = models.JSONField(default=dict)
    created_at = models.BigIntegerField()
    modified_at = models.BigIntegerField()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "arn"), name="events_eventbus_arn"),
        )

    def __str__(self) -> str:
        return self.arn


class Rule(models.Model):
    """A rule of a bus: a pattern, a schedule or both. ``next_at`` is when its schedule fires."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    bus_arn = models.TextField()
    name = models.CharField(max_length=64)
    arn = models.TextField()
    pattern = models.TextField(default="")
    schedule = models.CharField(max_length=256, default="")
    state = models.CharField(max_length=48)
    description = models.CharField(max_length=512, default="")
    role = models.TextField(default="")
    tags = models.JSONField(default=dict)
    created_by = models.CharField(max_length=12)
    created_at = models.BigIntegerField()
    next_at = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("sandbox", "arn"), name="events_rule_arn"),)
        indexes = (
            models.Index(fields=("sandbox", "bus_arn", "id"), name="events_rule_bus"),
            models.Index(fields=("sandbox", "next_at"), name="events_rule_next"),
        )

    def __str__(self) -> str:
        return self.arn


class Target(models.Model):
    """A target of a rule: ``config`` is what PutTargets said of it."""

    composed: ClassVar = ("id", "rule_id")

    id = RowIdField()
    sandbox = models.BigIntegerField()
    rule_id = models.BigIntegerField()
    name = models.CharField(max_length=64)
    arn = models.TextField()
    config = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("rule_id", "name"), name="events_target_name"),
        )
        indexes = (models.Index(fields=("sandbox", "arn"), name="events_target_arn"),)

    def __str__(self) -> str:
        return f"{self.name} {self.arn}"


class Archive(models.Model):
    """What keeps the events of a bus, and how much it has kept."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=48)
    arn = models.TextField()
    bus_arn = models.TextField()
    description = models.CharField(max_length=512, default="")
    pattern = models.TextField(default="")
    retention_days = models.IntegerField(default=0)
    kms_key = models.TextField(default="")
    created_at = models.BigIntegerField()
    event_count = models.BigIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "arn"), name="events_archive_arn"),
        )
        indexes = (models.Index(fields=("sandbox", "bus_arn"), name="events_archive_bus"),)

    def __str__(self) -> str:
        return self.arn


class ArchivedEvent(models.Model):
    """An event in an archive: ``at`` is its own time, ``until`` when it goes (null: never)."""

    composed: ClassVar = ("id", "archive_id")

    id = RowIdField()
    sandbox = models.BigIntegerField()
    archive_id = models.BigIntegerField()
    at = models.BigIntegerField()
    kept_at = models.BigIntegerField()
    until = models.BigIntegerField(null=True)
    size = models.BigIntegerField()
    body = models.TextField()

    class Meta:
        indexes = (
            models.Index(fields=("archive_id", "at", "id"), name="events_archived_at"),
            models.Index(fields=("sandbox", "until"), name="events_archived_until"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class Replay(models.Model):
    """A replay of an archive; ``reached`` is the event time up to which it has come.

    Of that very time the events up to ``reached_id`` have been sent.
    """

    composed: ClassVar = ("id", "reached_id")

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    arn = models.TextField()
    archive_arn = models.TextField()
    bus_arn = models.TextField()
    filters = models.JSONField(default=list)
    description = models.CharField(max_length=512, default="")
    state = models.CharField(max_length=16)
    reason = models.CharField(max_length=512, default="")
    from_at = models.BigIntegerField()
    to_at = models.BigIntegerField()
    reached = models.BigIntegerField()
    reached_id = models.BigIntegerField(default=0)
    last_at = models.BigIntegerField(null=True)
    started_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)
    next_at = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "arn"), name="events_replay_arn"),
        )
        indexes = (models.Index(fields=("sandbox", "next_at"), name="events_replay_next"),)

    def __str__(self) -> str:
        return f"{self.arn} {self.state}"


class LogLine(models.Model):
    """What a rule has written into a log group: CloudWatch Logs as far as targets need it."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    group_arn = models.TextField()
    at = models.BigIntegerField()
    message = models.TextField()

    class Meta:
        indexes = (
            models.Index(fields=("sandbox", "group_arn", "id"), name="events_logline_group"),
        )

    def __str__(self) -> str:
        return self.message[:80]
