"""SQS as a Django app."""

from django.apps import AppConfig


class SqsConfig(AppConfig):
    name = "messaging.sqs"
    label = "sqs"
    default_auto_field = "django.db.models.BigAutoField"
