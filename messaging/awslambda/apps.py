"""AWS Lambda as a Django app."""

from django.apps import AppConfig


class LambdaConfig(AppConfig):
    name = "messaging.awslambda"
    label = "awslambda"
    default_auto_field = "django.db.models.BigAutoField"
