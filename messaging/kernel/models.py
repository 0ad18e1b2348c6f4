"""Tables of the kernel: sandboxes, accounts and keys, the event log, the outboxes, clients."""

from django.db import models

from messaging.kernel.clock import Clock
from messaging.kernel.fields import RowIdField
from messaging.kernel.ids import row_range


class Sandbox(models.Model):
    """One isolated world: its clock, seed, counters and everything that is keyed by its id."""

    slug = models.SlugField(max_length=63, unique=True)
    name = models.CharField(max_length=120)
    template = models.CharField(max_length=63, default="empty")
    is_default = models.BooleanField(default=False)
    seed = models.BigIntegerField()
    generation = models.IntegerField(default=0)
    version = models.BigIntegerField(default=0)
    last_seq = models.BigIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    first_seq = models.BigIntegerField(default=1)
    keep_events = models.IntegerField(default=200_000)
    anchor_sim = models.BigIntegerField()
    anchor_wall = models.BigIntegerField()
    rate = models.FloatField(default=1.0)
    paused = models.BooleanField(default=False)
    created_at = models.BigIntegerField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.slug

    @property
    def clock(self) -> Clock:
        return Clock(self.anchor_sim, self.anchor_wall, self.rate, self.paused)

    @property
    def epoch(self) -> str:
        """Name the run of the log: it changes when the sandbox is reset."""
        return f"{self.pk}.{self.generation}"


class Account(models.Model):
    """An AWS account of a sandbox."""

    sandbox = models.ForeignKey(Sandbox, models.CASCADE, related_name="accounts")
    number = models.CharField(max_length=12)
    label = models.CharField(max_length=120, blank=True)
    regions = models.JSONField(default=list)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "number"), name="kernel_account_number"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def home_region(self) -> str:
        return str(self.regions[0]) if self.regions else "us-east-1"


class AccessKey(models.Model):
    """An issued access key. Its secret is derived from the key id, and stored nowhere.

    One that was withdrawn stays known, so that nobody is let in with it any more.
    """

    key_id = models.CharField(max_length=32, primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="keys")
    label = models.CharField(max_length=120, blank=True)
    created_at = models.BigIntegerField()
    withdrawn_at = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return self.key_id


class EventQuerySet(models.QuerySet["Event"]):
    def of_sandbox(self, sandbox: int) -> "EventQuerySet":
        return self.filter(id__range=row_range(sandbox))

    def after(self, sandbox: int, seq: int) -> "EventQuerySet":
        """Return the events of a sandbox with a higher sequence number, oldest first."""
        first, last = row_range(sandbox)
        return self.filter(id__gt=first + seq, id__lte=last).order_by("id")


class Event(models.Model):
    """One thing that happened; its id is ``sandbox << 40 | seq``."""

    id = RowIdField()
    at = models.BigIntegerField()
    kind = models.TextField()
    arn = models.TextField()
    cause = models.BigIntegerField(null=True)
    data = models.TextField()

    objects = EventQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} {self.arn}"


class Delivery(models.Model):
    """A packet that is still on its way to the resource ``target``: a row of the outbox."""

    id = RowIdField()
    sandbox = models.BigIntegerField()
    due_at = models.BigIntegerField()
    target = models.TextField()
    body = models.TextField()
    cause = models.BigIntegerField(null=True)
    principal = models.TextField(default="")
    via = models.TextField(default="")
    origin = models.TextField(default="")
    attempts = models.IntegerField(default=0)
    first_at = models.BigIntegerField(default=0)
    note = models.TextField(default="")
    hops = models.IntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(fields=("sandbox", "due_at", "id"), name="kernel_delivery_due"),
            models.Index(fields=("sandbox", "origin"), name="kernel_delivery_origin"),
        )

    def __str__(self) -> str:
        return f"{self.via} → {self.target}"


class Errand(models.Model):
    """A packet for a program outside, which somebody brings until the wall time ``taken_until``."""

    id = RowIdField()
    sandbox = models.BigIntegerField()
    taken_until = models.BigIntegerField(default=0)
    target = models.TextField()
    body = models.TextField()
    cause = models.BigIntegerField(null=True)
    principal = models.TextField(default="")
    via = models.TextField(default="")
    origin = models.TextField(default="")
    attempts = models.IntegerField(default=0)
    first_at = models.BigIntegerField(default=0)
    note = models.TextField(default="")
    hops = models.IntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(fields=("taken_until", "id"), name="kernel_errand_taken"),
            models.Index(fields=("sandbox", "origin"), name="kernel_errand_origin"),
        )

    def __str__(self) -> str:
        return f"{self.via} → {self.target}"


class Client(models.Model):
    """A program outside that has called this sandbox: a node of the topology."""

    sandbox = models.ForeignKey(Sandbox, models.CASCADE, related_name="clients")
    key = models.CharField(max_length=80)
    label = models.CharField(max_length=120)
    first_at = models.BigIntegerField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("sandbox", "key"), name="kernel_client_key"),
        )

    def __str__(self) -> str:
        return self.label


class Link(models.Model):
    """What a client does with a resource: an edge of the topology."""

    sandbox = models.ForeignKey(Sandbox, models.CASCADE, related_name="links")
    client = models.CharField(max_length=90)
    arn = models.TextField()
    verb = models.CharField(max_length=16)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("sandbox", "client", "arn", "verb"), name="kernel_link_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.client} {self.verb} {self.arn}"


class Lease(models.Model):
    """Which server process moves a sandbox's time, and until when (wall milliseconds)."""

    sandbox = models.OneToOneField(Sandbox, models.CASCADE, primary_key=True)
    owner = models.CharField(max_length=64)
    until = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.sandbox_id} {self.owner}"
