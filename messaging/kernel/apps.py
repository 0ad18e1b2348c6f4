"""The kernel as a Django app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class KernelConfig(AppConfig):
    name = "messaging.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let each new connection to PostgreSQL plan for the indexes."""
        from messaging.kernel.database import tune  # noqa: PLC0415

        connection_created.connect(tune)
