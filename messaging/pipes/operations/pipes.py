"""Create, change, start, stop, look at and delete pipes."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.kernel.arns import build_arn
from messaging.kernel.context import Context
from messaging.kernel.paging import BadToken, page
from messaging.kernel.tags import find_problem
from messaging.pipes import transitions
from messaging.pipes.domain import settings
from messaging.pipes.errors import ConflictException, NotFoundException, ValidationException
from messaging.pipes.limits import LIST_DEFAULT
from messaging.pipes.models import RUNNING, STOPPED, Pipe

SETTINGS: Final = (
    "Description", "Enrichment", "EnrichmentParameters", "KmsKeyIdentifier", "LogConfiguration",
    "RoleArn", "SourceParameters", "Target", "TargetParameters",
)  # fmt: skip
# An update changes the members of these that it has, each as one (UpdatePipe).
_PARTS: Final = ("EnrichmentParameters", "SourceParameters", "TargetParameters")
_STATES: Final = {"RUNNING": RUNNING, "STOPPED": STOPPED}


def create_pipe(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create a pipe, which runs at once unless it is asked not to (PI1)."""
    name = req["Name"]
    arn = build_arn("pipes", region=ctx.region, account=ctx.account, resource=f"pipe/{name}")
    asked = {key: req[key] for key in SETTINGS if req.get(key) is not None}
    settings.check(req["Source"], asked)
    tags = dict(req.get("Tags") or {})
    problem = find_problem(tags)
    if problem is not None:
        raise ValidationException(problem.text)
    if Pipe.objects.filter(sandbox=ctx.sandbox, arn=arn).exists():
        raise ConflictException(f"Pipe {name} already exists.")
    pipe = Pipe(
        id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=name,
        arn=arn, source=req["Source"], settings=asked, tags=tags,
        state=_STATES[req.get("DesiredState") or RUNNING], created_at=ctx.now, modified_at=ctx.now,
    )  # fmt: skip
    transitions.create(ctx, pipe)
    return _summary(pipe)


def describe_pipe(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pipe with all that was asked for."""
    pipe = _pipe(ctx, req)
    return {**_summary(pipe), **pipe.settings, "Source": pipe.source, "Tags": pipe.tags}


def update_pipe(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change a pipe; what is left out stays, also of what parameters have, member by member."""
    pipe = _pipe(ctx, req)
    asked = {key: req[key] for key in SETTINGS if req.get(key) is not None}
    for part in _PARTS:
        if part in asked:
            asked[part] = {**(pipe.settings.get(part) or {}), **asked[part]}
    merged = {**pipe.settings, **asked}
    settings.check(pipe.source, merged)
    pipe.settings, pipe.modified_at = merged, ctx.now
    pipe.state = _STATES[req.get("DesiredState") or pipe.state]
    transitions.change(ctx, pipe)
    return _summary(pipe)


def start_pipe(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Let a pipe run."""
    return _turn(ctx, req, RUNNING)


def stop_pipe(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Stop a pipe; what it has not deleted comes back in its source."""
    return _turn(ctx, req, STOPPED)


def delete_pipe(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a pipe."""
    pipe = _pipe(ctx, req)
    told = {**_summary(pipe), "CurrentState": "DELETING", "DesiredState": "DELETED"}
    transitions.delete(ctx, pipe)
    return told


def list_pipes(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return pipes by name."""
    found = Pipe.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    items = [pipe for pipe in sorted(found, key=lambda pipe: pipe.name) if _is_meant(pipe, req)]
    try:
        chosen, token = page(
            items, req.get("NextToken"), req.get("Limit") or LIST_DEFAULT,
            key=lambda pipe: pipe.name, scope="pipes",
        )  # fmt: skip
    except BadToken as error:
        raise ValidationException(f"Invalid NextToken: {error}.") from None
    return {"Pipes": [_listed(pipe) for pipe in chosen], "NextToken": token}


def _turn(ctx: Context, req: Mapping[str, Any], state: str) -> dict[str, Any]:
    pipe = _pipe(ctx, req)
    if pipe.state == state:
        raise ConflictException(f"Pipe {pipe.name} is {state} already.")
    pipe.state, pipe.modified_at = state, ctx.now
    transitions.change(ctx, pipe)
    return _summary(pipe)


def _pipe(ctx: Context, req: Mapping[str, Any]) -> Pipe:
    name = req["Name"]
    arn = build_arn("pipes", region=ctx.region, account=ctx.account, resource=f"pipe/{name}")
    found = Pipe.objects.filter(sandbox=ctx.sandbox, arn=arn).first()
    if found is None:
        raise NotFoundException(f"Pipe {name} does not exist.")
    return found


def _is_meant(pipe: Pipe, req: Mapping[str, Any]) -> bool:
    return (
        pipe.name.startswith(req.get("NamePrefix") or "")
        and pipe.source.startswith(req.get("SourcePrefix") or "")
        and pipe.settings["Target"].startswith(req.get("TargetPrefix") or "")
        and req.get("DesiredState") in (None, pipe.state)
        and req.get("CurrentState") in (None, pipe.state)
    )


def _summary(pipe: Pipe) -> dict[str, Any]:
    return {
        "Arn": pipe.arn,
        "Name": pipe.name,
        "DesiredState": pipe.state,
        "CurrentState": pipe.state,
        "CreationTime": pipe.created_at,
        "LastModifiedTime": pipe.modified_at,
    }


def _listed(pipe: Pipe) -> dict[str, Any]:
    more = {"Source": pipe.source, "Target": pipe.settings["Target"]}
    enrichment = pipe.settings.get("Enrichment")
    return {**_summary(pipe), **more, **({"Enrichment": enrichment} if enrichment else {})}
