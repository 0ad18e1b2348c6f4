"""EventBridge Pipes as a Django app."""

from django.apps import AppConfig


class PipesConfig(AppConfig):
    name = "messaging.pipes"
    label = "pipes"
    default_auto_field = "django.db.models.BigAutoField"
