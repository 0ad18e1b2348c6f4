"""Tables of the dashboard: whose sandbox is whose."""

from django.conf import settings
from django.db import models

from messaging.kernel.models import Sandbox


class Owner(models.Model):
    """The person who created a sandbox. On one's own machine nobody signs in and there are none."""

    sandbox = models.OneToOneField(Sandbox, models.CASCADE, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sandboxes")

    def __str__(self) -> str:
        return f"{self.user} owns {self.sandbox}"
