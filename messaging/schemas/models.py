"""Tables of EventBridge Schemas.

``seq`` of a row is the number of the event that tells how it came: what a fork from the past has to
leave out.
"""

from typing import ClassVar, Final

from django.db import models

from messaging.kernel.fields import RowIdField

STARTED: Final = "STARTED"
STOPPED: Final = "STOPPED"

# What runs inside PutEvents, for buses with a discoverer only.
LISTENING: Final = (
    "SELECT arn, account, region, cross_account FROM schemas_discoverer"
    " WHERE sandbox=%s AND source=%s AND state='STARTED'"
)
LAST_VERSION: Final = "SELECT last_version FROM schemas_schema WHERE sandbox=%s AND arn=%s"
LAST_SHAPE: Final = (
    "SELECT shape FROM schemas_version WHERE sandbox=%s AND schema_arn=%s AND shape<>''"
    " ORDER BY number DESC LIMIT 1"
)
HOW_MANY: Final = (
    "SELECT count(*) FROM schemas_schema"
    " WHERE sandbox=%s AND account=%s AND region=%s AND registry=%s"
)
HAS_REGISTRY: Final = "SELECT id FROM schemas_registry WHERE sandbox=%s AND arn=%s"
ADD_REGISTRY: Final = (
    "INSERT INTO schemas_registry (id, sandbox, account, region, name, arn, description, tags,"
    " policy, revision, created_at, seq) VALUES (%s,%s,%s,%s,%s,%s,%s,'{}','','',%s,%s)"
)
ADD_SCHEMA: Final = (
    "INSERT INTO schemas_schema (id, sandbox, account, region, registry, name, arn, description,"
    " tags, last_version, created_at, modified_at, seq)"
    " VALUES (%s,%s,%s,%s,%s,%s,%s,%s,'{}',%s,%s,%s,%s)"
)
MOVE_SCHEMA: Final = (
    "UPDATE schemas_schema SET last_version=%s, modified_at=%s WHERE sandbox=%s AND arn=%s"
)
ADD_VERSION: Final = (
    "INSERT INTO schemas_version (id, sandbox, schema_arn, number, type, content, shape,"
    " created_at, seq) VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s)"
)


class Registry(models.Model):
    """A registry. ``aws.events`` is there without a row."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    arn = models.CharField(max_length=200)
    description = models.CharField(max_length=256, default="")
    tags = models.JSONField(default=dict)
    policy = models.TextField(default="")
    revision = models.CharField(max_length=36, default="")
    created_at = models.BigIntegerField()
    seq = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "arn"), name="schemas_registry_arn"),
        )

    def __str__(self) -> str:
        return self.arn


class Schema(models.Model):
    """A schema; ``last_version`` is the highest number that any version of it has had."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    registry = models.CharField(max_length=64)
    name = models.CharField(max_length=385)
    arn = models.CharField(max_length=600)
    description = models.CharField(max_length=256, default="")
    tags = models.JSONField(default=dict)
    last_version = models.IntegerField(default=1)
    created_at = models.BigIntegerField()
    modified_at = models.BigIntegerField()
    seq = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "arn"), name="schemas_schema_arn"),
        )
        indexes = (
            models.Index(
                fields=("sandbox", "account", "region", "registry"), name="schemas_in_registry"
            ),
        )

    def __str__(self) -> str:
        return self.arn


class Version(models.Model):
    """A version of a schema. ``shape`` is what a discoverer had seen of its events by then."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    schema_arn = models.CharField(max_length=600)
    number = models.IntegerField()
    type = models.CharField(max_length=32)
    content = models.TextField()
    shape = models.TextField(default="")
    created_at = models.BigIntegerField()
    seq = models.BigIntegerField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=("sandbox", "schema_arn", "number"), name="schemas_version_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.schema_arn} {self.number}"


class CodeBinding(models.Model):
    """Code that was asked for: it is made from its version whenever somebody gets it."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    schema_arn = models.CharField(max_length=600)
    number = models.IntegerField()
    language = models.CharField(max_length=32)
    created_at = models.BigIntegerField()
    modified_at = models.BigIntegerField()
    seq = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("sandbox", "schema_arn", "number", "language"),
                name="schemas_binding_language",
            ),
        )

    def __str__(self) -> str:
        return f"{self.schema_arn} {self.number} {self.language}"


class Discoverer(models.Model):
    """What infers schemas from the events of a bus (``source``)."""

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=300)
    arn = models.CharField(max_length=400)
    source = models.CharField(max_length=1600)
    description = models.CharField(max_length=256, default="")
    cross_account = models.BooleanField(default=True)
    state = models.CharField(max_length=16)
    tags = models.JSONField(default=dict)
    created_at = models.BigIntegerField()
    seq = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "arn"), name="schemas_discoverer_arn"),
        )
        indexes = (models.Index(fields=("sandbox", "source"), name="schemas_discoverer_source"),)

    def __str__(self) -> str:
        return f"{self.arn} {self.state}"
