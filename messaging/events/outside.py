"""Tables of EventBridge about the world outside: partners, connections, API destinations."""

from typing import ClassVar

from django.db import models

from messaging.kernel.fields import RowIdField


class PartnerSource(models.Model):
    """A partner's event source: made for an account, which accepts it by creating a bus."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    name = models.CharField(max_length=256)
    region = models.CharField(max_length=32)
    partner = models.CharField(max_length=12)
    account = models.CharField(max_length=12)
    state = models.CharField(max_length=16)
    created_at = models.BigIntegerField()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("sandbox", "region", "account", "name"), name="events_source_name"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Connection(models.Model):
    """How API destinations prove who they are. ``secrets`` never leaves by a describing call."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    arn = models.TextField()
    secret_arn = models.TextField()
    description = models.CharField(max_length=512, default="")
    auth_type = models.CharField(max_length=32)
    state = models.CharField(max_length=32)
    secrets = models.JSONField(default=dict)
    kms_key = models.TextField(default="")
    created_at = models.BigIntegerField()
    modified_at = models.BigIntegerField()
    authorized_at = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("sandbox", "account", "region", "name"), name="events_connection_name"
            ),
        )
        indexes = (models.Index(fields=("sandbox", "arn"), name="events_connection_arn"),)

    def __str__(self) -> str:
        return self.arn


class ApiDestination(models.Model):
    """An address outside that rules call through a connection."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    arn = models.TextField()
    description = models.CharField(max_length=512, default="")
    connection_arn = models.TextField()
    endpoint = models.TextField()
    method = models.CharField(max_length=8)
    per_second = models.IntegerField()
    created_at = models.BigIntegerField()
    modified_at = models.BigIntegerField()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("sandbox", "account", "region", "name"), name="events_destination_name"
            ),
        )
        indexes = (models.Index(fields=("sandbox", "arn"), name="events_destination_arn"),)

    def __str__(self) -> str:
        return self.arn
