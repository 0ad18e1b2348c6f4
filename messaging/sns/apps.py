"""SNS as a Django app."""

from django.apps import AppConfig


class SnsConfig(AppConfig):
    name = "messaging.sns"
    label = "sns"
    default_auto_field = "django.db.models.BigAutoField"
