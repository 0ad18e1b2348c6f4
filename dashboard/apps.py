"""The dashboard as a Django app: it listens to the engine."""

from django.apps import AppConfig
from django.conf import settings


class DashboardConfig(AppConfig):
    name = "dashboard"
    label = "dashboard"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # These import models, which exist only now.
        from dashboard.history.ahead import ahead  # noqa: PLC0415
        from dashboard.topology.feed import Feed  # noqa: PLC0415
        from dashboard.topology.hubs import hubs  # noqa: PLC0415
        from messaging.engine import engine  # noqa: PLC0415

        executor = engine().executor
        executor.listeners.append(hubs.committed)
        engine().on_start.append(ahead.start)
        engine().on_stop.append(ahead.stop)
        if settings.REDIS_URL:
            feed = Feed(hubs.notice, hubs.watched)
            executor.listeners.append(feed.committed)
            engine().on_start.append(feed.start)
            engine().on_stop.append(feed.stop)
