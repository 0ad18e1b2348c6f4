"""The simulation as a Django app: it gives the engine its time."""

from django.apps import AppConfig


class SimulationConfig(AppConfig):
    name = "messaging.simulation"
    label = "simulation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let every batch move its worlds first, and a thread move those that nobody calls."""
        # Models cannot be imported before Django has found all apps.
        from messaging import sandboxes  # noqa: PLC0415
        from messaging.engine import engine  # noqa: PLC0415
        from messaging.simulation.engine import advance  # noqa: PLC0415
        from messaging.simulation.models import Actor, Fault  # noqa: PLC0415
        from messaging.simulation.runner import Runner  # noqa: PLC0415

        sandboxes.register_tables(Actor, Fault)
        current = engine()
        current.executor.advance = advance
        runner = Runner(current.executor)
        current.on_start.append(runner.start)
        current.on_stop.append(runner.stop)
