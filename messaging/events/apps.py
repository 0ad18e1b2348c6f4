"""EventBridge as a Django app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "messaging.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
