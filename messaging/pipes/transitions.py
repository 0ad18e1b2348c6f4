"""Every change of a pipe: its row and its event, together."""

from typing import Any

from messaging.kernel.context import Context
from messaging.pipes.models import Pipe


def create(ctx: Context, pipe: Pipe) -> None:
    """Put a new pipe there."""
    pipe.save(force_insert=True)
    _tell(ctx, "pipes.PipeCreated", pipe)


def change(ctx: Context, pipe: Pipe) -> None:
    """Give a pipe other settings or another state."""
    pipe.save(update_fields=("settings", "state", "modified_at"))
    _tell(ctx, "pipes.PipeUpdated", pipe)


def delete(ctx: Context, pipe: Pipe) -> None:
    """Take a pipe away."""
    pipe.delete()
    ctx.reconfigured()
    ctx.emit("pipes.PipeDeleted", pipe.arn, {"by": ctx.caller.actor})


def _tell(ctx: Context, kind: str, pipe: Pipe) -> None:
    # What is polled is found out anew.
    ctx.reconfigured()
    ctx.due(ctx.now)
    facts: dict[str, Any] = {
        "source": pipe.source, "target": pipe.settings["Target"], "state": pipe.state,
        "enrichment": pipe.settings.get("Enrichment") or "",
    }  # fmt: skip
    ctx.emit(kind, pipe.arn, {"by": ctx.caller.actor, **facts})
