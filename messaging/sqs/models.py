"""Tables of SQS. The statements that run thousands of times a second are in ``store/``."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from messaging.kernel.fields import RowIdField


class Queue(models.Model):
    """A queue with its settings and its three exact counters."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    arn = models.CharField(max_length=200)
    fifo = models.BooleanField(default=False)
    attributes = models.JSONField(default=dict)
    tags = models.JSONField(default=dict)
    created_at = models.BigIntegerField()
    modified_at = models.BigIntegerField()
    purged_at = models.BigIntegerField(null=True)
    visible = models.BigIntegerField(default=0)
    in_flight = models.BigIntegerField(default=0)
    delayed = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("sandbox", "account", "region", "name"), name="sqs_queue_name"
            ),
        )

    def __str__(self) -> str:
        return self.arn


class DeletedQueue(models.Model):
    """A name that cannot be taken again until ``until``."""

    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    until = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("sandbox", "account", "region", "name"), name="sqs_deleted_name"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Message(models.Model):
    """A message. ``hidden`` is 0 visible, 1 in flight, 2 delayed; ``visible_at`` is the truth.

    ``position`` orders a FIFO group; ``kept_since`` starts the retention clock; ``last_event`` is
    the event that brought the message into its present state.
    """

    composed: ClassVar = ("id", "queue_id")

    id = RowIdField()
    sandbox = models.BigIntegerField()
    queue_id = models.BigIntegerField()
    body = models.TextField()
    attributes = models.TextField(null=True)
    extra = models.TextField(null=True)
    sent_at = models.BigIntegerField()
    kept_since = models.BigIntegerField()
    visible_at = models.BigIntegerField()
    hidden = models.SmallIntegerField(default=0)
    receives = models.IntegerField(default=0)
    first_at = models.BigIntegerField(null=True)
    received_at = models.BigIntegerField(null=True)
    group_id = models.TextField(null=True)
    tenant = models.TextField(null=True)
    dedup_id = models.TextField(null=True)
    position = models.BigIntegerField()
    last_event = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index(
                fields=("queue_id", "visible_at"),
                name="sqs_message_ready",
                condition=Q(group_id__isnull=True),
            ),
            models.Index(
                fields=("queue_id", "group_id", "position"),
                name="sqs_message_group",
                condition=Q(group_id__isnull=False),
            ),
            models.Index(
                fields=("queue_id", "tenant", "visible_at"),
                name="sqs_message_tenant",
                condition=Q(tenant__isnull=False),
            ),
            models.Index(
                fields=("sandbox", "visible_at", "id"),
                name="sqs_message_hidden",
                condition=Q(hidden__gt=0),
            ),
            models.Index(fields=("queue_id", "kept_since"), name="sqs_message_kept"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class Group(models.Model):
    """A FIFO message group that holds messages.

    ``ready_at`` is from when on it can be received from: the time at which its first message is
    visible or, with messages in flight, at which one of those is visible again; ``head`` is the
    position of its first message, ``flying`` how many are in flight.
    """

    composed: ClassVar = ("queue_id",)

    sandbox = models.BigIntegerField()
    queue_id = models.BigIntegerField()
    name = models.TextField()
    ready_at = models.BigIntegerField(default=0)
    head = models.BigIntegerField()
    size = models.BigIntegerField(default=0)
    flying = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("queue_id", "name"), name="sqs_group_name"),)
        indexes = (models.Index(fields=("queue_id", "ready_at", "head"), name="sqs_group_ready"),)

    def __str__(self) -> str:
        return self.name


class Tenant(models.Model):
    """A tenant of a standard queue: what fair queues know of a MessageGroupId.

    ``busy_ms`` is the processing time consumed since ``busy_since``, a sliding window in two steps.
    The tenant without a name is what was consumed of messages without a group.
    """

    composed: ClassVar = ("queue_id",)

    sandbox = models.BigIntegerField()
    queue_id = models.BigIntegerField()
    name = models.TextField()
    waiting = models.BigIntegerField(default=0)
    flying = models.BigIntegerField(default=0)
    busy_ms = models.BigIntegerField(default=0)
    busy_since = models.BigIntegerField(default=0)
    last_sent_at = models.BigIntegerField(default=0)
    noisy = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("queue_id", "name"), name="sqs_tenant_name"),
        )

    def __str__(self) -> str:
        return self.name


class Dedup(models.Model):
    """A deduplication id that is remembered until ``until``, and the message that it stands for."""

    composed: ClassVar = ("queue_id",)

    sandbox = models.BigIntegerField()
    queue_id = models.BigIntegerField()
    token = models.TextField()
    until = models.BigIntegerField()
    message = models.BigIntegerField()
    position = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("queue_id", "token"), name="sqs_dedup_token"),
        )
        indexes = (models.Index(fields=("sandbox", "until"), name="sqs_dedup_until"),)

    def __str__(self) -> str:
        return self.token


class ReceiveAttempt(models.Model):
    """A ReceiveRequestAttemptId and the messages that it was answered with."""

    composed: ClassVar = ("queue_id",)

    sandbox = models.BigIntegerField()
    queue_id = models.BigIntegerField()
    token = models.CharField(max_length=128)
    until = models.BigIntegerField()
    messages = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("queue_id", "token"), name="sqs_attempt_token"),
        )
        indexes = (models.Index(fields=("sandbox", "until"), name="sqs_attempt_until"),)

    def __str__(self) -> str:
        return self.token


class MoveTask(models.Model):
    """A message move task: it moves messages out of a dead-letter queue at a bounded rate."""

    composed: ClassVar = ("id", "queue_id")

    id = RowIdField()
    sandbox = models.BigIntegerField()
    queue_id = models.BigIntegerField()
    source_arn = models.CharField(max_length=200)
    destination_arn = models.CharField(max_length=200, blank=True)
    max_per_second = models.IntegerField(null=True)
    status = models.CharField(max_length=16)
    moved = models.BigIntegerField(default=0)
    to_move = models.BigIntegerField(default=0)
    started_at = models.BigIntegerField()
    next_at = models.BigIntegerField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("sandbox", "next_at"), name="sqs_move_next"),)

    def __str__(self) -> str:
        return f"{self.source_arn} {self.status}"
