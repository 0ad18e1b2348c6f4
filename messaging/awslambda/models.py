"""Tables of AWS Lambda."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from messaging.kernel.fields import RowIdField


class Function(models.Model):
    """A function: its configuration (``settings``), its code's size and hash, and who may call it.

    ``reserved`` is its reserved concurrency; ``asynchronous`` its retries, age and destinations.
    """

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    arn = models.CharField(max_length=200)
    settings = models.JSONField()
    code = models.JSONField()
    tags = models.JSONField(default=dict)
    policy = models.JSONField(null=True)
    reserved = models.IntegerField(null=True)
    asynchronous = models.JSONField(null=True)
    revision = models.CharField(max_length=36)
    modified_at = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "arn"), name="awslambda_function_arn"),
        )

    def __str__(self) -> str:
        return self.arn


class Code(models.Model):
    """The archive of a function whose code may run here; ``id`` is the function's.

    It stays with its sandbox: copies have none.
    """

    id = RowIdField()
    sandbox = models.BigIntegerField()
    archive = models.BinaryField()

    def __str__(self) -> str:
        return f"code of {self.pk}"


class Run(models.Model):
    """Code that runs, or is to: ``id`` is the invocation's. Copies of the sandbox have none.

    Somebody has it in hand until the wall time ``taken_until``. ``answer`` is what came of it, as
    JSON, until the caller who waits has it.
    """

    id = RowIdField()
    sandbox = models.BigIntegerField()
    taken_until = models.BigIntegerField(default=0)
    request = models.CharField(max_length=36)
    answer = models.TextField(default="")

    class Meta:
        indexes = (models.Index(fields=("taken_until", "id"), name="awslambda_run_taken"),)

    def __str__(self) -> str:
        return self.request


class Mapping(models.Model):
    """An event source mapping. ``change_at`` is when its state goes over into the next one.

    ``allowed`` is how many batches it may have running, as it stood at ``grown_at``; ``troubles``
    counts the failed polls and throttled batches in a row, after which it is quiet for a while.
    """

    composed: ClassVar = ("id",)

    id = RowIdField()
    sandbox = models.BigIntegerField()
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    uuid = models.CharField(max_length=36)
    arn = models.CharField(max_length=200)
    function = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    settings = models.JSONField()
    tags = models.JSONField(default=dict)
    state = models.CharField(max_length=12)
    change_at = models.BigIntegerField(null=True)
    modified_at = models.BigIntegerField()
    result = models.CharField(max_length=300, default="")
    allowed = models.FloatField(default=0)
    grown_at = models.BigIntegerField(default=0)
    troubles = models.IntegerField(default=0)
    quiet_until = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "uuid"), name="awslambda_mapping_uuid"),
        )
        indexes = (
            models.Index(
                fields=("sandbox", "change_at"),
                name="awslambda_mapping_change",
                condition=Q(change_at__isnull=False),
            ),
            models.Index(fields=("sandbox", "source", "id"), name="awslambda_mapping_source"),
        )

    def __str__(self) -> str:
        return self.arn


class Invocation(models.Model):
    """An event that waits for its function, a batch that is gathered, or one that is worked on.

    ``state`` is q (queued), g (gathering) or r (running); ``due_at`` is when that ends.
    Where code runs nobody knows when: then it is ``OPEN``, and a ``Run`` goes with it.
    ``kind`` is e (an event), a (a call that was answered when it began) or b (a batch: ``messages``
    is JSON of its messages, and ``mapping_id`` what brought it). ``fails`` is why it will fail,
    thrown when it starts; ``source`` is the ARN that it comes from.
    """

    composed: ClassVar = ("id", "function_id", "mapping_id")

    id = RowIdField()
    sandbox = models.BigIntegerField()
    function_id = models.BigIntegerField()
    mapping_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=1)
    state = models.CharField(max_length=1)
    due_at = models.BigIntegerField()
    number = models.BigIntegerField()
    payload = models.TextField(default="")
    messages = models.TextField(default="")
    source = models.TextField(default="")
    fails = models.TextField(default="")
    attempts = models.IntegerField(default=0)
    throttles = models.IntegerField(default=0)
    first_at = models.BigIntegerField()
    cause = models.BigIntegerField(null=True)
    hops = models.IntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(fields=("sandbox", "due_at", "id"), name="awslambda_invocation_due"),
            models.Index(fields=("function_id", "state"), name="awslambda_invocation_busy"),
            models.Index(fields=("mapping_id", "state"), name="awslambda_invocation_batches"),
        )

    def __str__(self) -> str:
        return f"{self.source} → {self.function_id}"
