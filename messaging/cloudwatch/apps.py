"""CloudWatch as a Django app."""

from django.apps import AppConfig


class CloudWatchConfig(AppConfig):
    name = "messaging.cloudwatch"
    label = "cloudwatch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read the log before a part of it is cut off."""
        from messaging.cloudwatch.folding import keep_up  # noqa: PLC0415 (tables are not there before)
        from messaging.kernel.batch import BEFORE_CUT  # noqa: PLC0415

        if keep_up not in BEFORE_CUT:
            BEFORE_CUT.append(keep_up)
