"""Tables of SNS. The statements that run thousands of times a second are in ``store/``."""

from typing import ClassVar

from django.db import models

from messaging.kernel.fields import RowIdField


class Topic(models.Model):
    """A topic with the attributes that were set; ``deleted`` counts subscriptions that are gone."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=256)
    arn = models.CharField(max_length=400)
    attributes = models.JSONField(default=dict)
    tags = models.JSONField(default=dict)
    created_at = models.BigIntegerField()
    deleted = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("sandbox", "arn"), name="sns_topic_arn"),)

    def __str__(self) -> str:
        return self.arn


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def live(self) -> "SubscriptionQuerySet":
        """Leave out those that have ended and may still be taken up again."""
        return self.filter(ended=False)


class Subscription(models.Model):
    """An endpoint that gets a topic's messages once it is confirmed.

    ``authenticated`` says that whoever confirmed it was known; with ``guarded`` only they may end
    it. ``replay`` is how far a replay of the archive has come. One that has ``ended`` is kept for
    as long as its token is good, with which its endpoint may take it up again.
    """

    composed: ClassVar = ("id", "topic_id")

    id = RowIdField()
    sandbox = models.BigIntegerField()
    topic_id = models.BigIntegerField()
    topic_arn = models.CharField(max_length=400)
    arn = models.CharField(max_length=440)
    account = models.CharField(max_length=12)
    principal = models.CharField(max_length=300)
    protocol = models.CharField(max_length=16)
    endpoint = models.TextField()
    attributes = models.JSONField(default=dict)
    confirmed = models.BooleanField(default=False)
    authenticated = models.BooleanField(default=False)
    guarded = models.BooleanField(default=False)
    token = models.CharField(max_length=256, default="")
    token_until = models.BigIntegerField(null=True)
    replay = models.JSONField(null=True)
    replay_at = models.BigIntegerField(null=True)
    ended = models.BooleanField(default=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "arn"), name="sns_subscription_arn"),
        )
        indexes = (
            models.Index(fields=("topic_id", "endpoint"), name="sns_subscription_topic"),
            models.Index(fields=("sandbox", "token_until"), name="sns_subscription_token"),
            models.Index(fields=("sandbox", "replay_at"), name="sns_subscription_replay"),
        )

    def __str__(self) -> str:
        return self.arn


class Dedup(models.Model):
    """A deduplication id that is remembered until ``until``, and the message it stands for."""

    composed: ClassVar = ("topic_id",)

    sandbox = models.BigIntegerField()
    topic_id = models.BigIntegerField()
    token = models.TextField()
    until = models.BigIntegerField()
    message = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("topic_id", "token"), name="sns_dedup_token"),
        )
        indexes = (models.Index(fields=("sandbox", "until"), name="sns_dedup_until"),)

    def __str__(self) -> str:
        return self.token


class Held(models.Model):
    """A packet that waits for one before it: of the same FIFO group, to the same subscription."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    origin = models.TextField()
    lane = models.TextField()
    target = models.TextField()
    body = models.TextField()
    cause = models.BigIntegerField(null=True)
    note = models.TextField(default="")

    class Meta:
        indexes = (models.Index(fields=("sandbox", "origin", "lane", "id"), name="sns_held_next"),)

    def __str__(self) -> str:
        return f"{self.origin} {self.lane}"


class Archived(models.Model):
    """A message in the archive of a FIFO topic."""

    composed: ClassVar = ("id", "topic_id")

    id = RowIdField()
    sandbox = models.BigIntegerField()
    topic_id = models.BigIntegerField()
    at = models.BigIntegerField()
    publication = models.TextField()

    class Meta:
        indexes = (models.Index(fields=("topic_id", "at", "id"), name="sns_archived_at"),)

    def __str__(self) -> str:
        return str(self.pk)


class InboxItem(models.Model):
    """What people and devices got: an e-mail, a short message, a push notification."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    at = models.BigIntegerField()
    protocol = models.CharField(max_length=16)
    address = models.TextField()
    source = models.TextField(default="")
    subject = models.TextField(default="")
    body = models.TextField()
    message = models.BigIntegerField(null=True)
    event = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("sandbox", "id"), name="sns_inbox_order"),)

    def __str__(self) -> str:
        return f"{self.protocol} {self.address}"


class PlatformApplication(models.Model):
    """A mobile app of a push service."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    arn = models.CharField(max_length=400)
    platform = models.CharField(max_length=32)
    attributes = models.JSONField(default=dict)

    class Meta:
        ordering = ("arn",)
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "arn"), name="sns_application_arn"),
        )

    def __str__(self) -> str:
        return self.arn


class PlatformEndpoint(models.Model):
    """A device with a mobile app."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    application = models.CharField(max_length=400)
    arn = models.CharField(max_length=440)
    token = models.TextField()
    attributes = models.JSONField(default=dict)

    class Meta:
        ordering = ("arn",)
        constraints = (models.UniqueConstraint(fields=("sandbox", "arn"), name="sns_endpoint_arn"),)

    def __str__(self) -> str:
        return self.arn


class PhoneBook(models.Model):
    """What an account has set for short messages in one Region.

    ``numbers`` are those of its SMS sandbox with their state; ``opted_out`` want no messages.
    """

    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    attributes = models.JSONField(default=dict)
    numbers = models.JSONField(default=dict)
    opted_out = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "account", "region"), name="sns_phone_book"),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.region}"


class SigningKey(models.Model):
    """The installation's key for signatures, encrypted, and the certificate that is served."""

    digest = models.CharField(max_length=64, unique=True)
    key = models.TextField()
    certificate = models.TextField()

    def __str__(self) -> str:
        return self.digest
