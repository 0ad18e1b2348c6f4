"""EventBridge Scheduler as a Django app."""

from django.apps import AppConfig


class SchedulerConfig(AppConfig):
    name = "messaging.scheduler"
    label = "scheduler"
    default_auto_field = "django.db.models.BigAutoField"
