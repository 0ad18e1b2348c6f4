"""EventBridge Schemas as a Django app."""

from django.apps import AppConfig


class SchemasConfig(AppConfig):
    name = "messaging.schemas"
    label = "schemas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let discoverers listen to event buses."""
        from messaging.kernel.listening import FINDERS  # noqa: PLC0415
        from messaging.schemas.moving import listener_of  # noqa: PLC0415

        if listener_of not in FINDERS:
            FINDERS.append(listener_of)
