"""Tables of the dashboard: whose sandbox is whose, and how its map is arranged."""

from django.conf import settings
from django.db import models

from messaging.kernel.models import Sandbox


class Owner(models.Model):
    """The person who created a sandbox. On one's own machine nobody signs in and there are none."""

    sandbox = models.OneToOneField(Sandbox, models.CASCADE, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sandboxes")

    def __str__(self) -> str:
        return f"{self.user} owns {self.sandbox}"


class Arrangement(models.Model):
    """What people have pinned: ``places`` is node id → [x, y] on the map.

    ``messages`` is run of the log → numbers of messages: a reset gives the same numbers to others.
    """

    sandbox = models.OneToOneField(Sandbox, models.CASCADE, primary_key=True)
    places = models.JSONField(default=dict)
    messages = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{len(self.places)} pins of {self.sandbox}"
