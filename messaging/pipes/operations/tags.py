"""Tags of pipes."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.kernel.tags import find_problem, merge_tags, remove_tags
from messaging.pipes.errors import NotFoundException, ValidationException
from messaging.pipes.models import Pipe


def tag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags."""
    pipe = _pipe(ctx, req)
    problem = find_problem(req["tags"], existing=pipe.tags)
    if problem is not None:
        raise ValidationException(problem.text)
    _save(ctx, pipe, merge_tags(pipe.tags, req["tags"]))
    return {}


def untag_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Take tags away."""
    pipe = _pipe(ctx, req)
    _save(ctx, pipe, remove_tags(pipe.tags, req["tagKeys"]))
    return {}


def list_tags_for_resource(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tags."""
    return {"tags": _pipe(ctx, req).tags}


def _pipe(ctx: Context, req: Mapping[str, Any]) -> Pipe:
    arn = req["resourceArn"]
    found = Pipe.objects.filter(sandbox=ctx.sandbox, arn=arn, account=ctx.account).first()
    if found is None:
        raise NotFoundException(f"Pipe {arn} does not exist.")
    return found


def _save(ctx: Context, pipe: Pipe, tags: dict[str, str]) -> None:
    pipe.tags = tags
    pipe.save(update_fields=("tags",))
    ctx.emit("pipes.TagsSet", pipe.arn, {"by": ctx.caller.actor, "tags": tags})
