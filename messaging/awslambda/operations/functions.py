"""Create, change, look at and delete functions."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from messaging.awslambda import transitions
from messaging.awslambda.addressing import function_arn, function_of
from messaging.awslambda.code.keeping import check_archive, keep_code
from messaging.awslambda.domain import settings
from messaging.awslambda.domain.names import LATEST, read_name
from messaging.awslambda.errors import (
    InvalidParameterValueException,
    PreconditionFailedException,
    RequestTooLargeException,
    ResourceConflictException,
)
from messaging.awslambda.limits import ZIP_BYTES_MAX
from messaging.awslambda.listing import paged, shown
from messaging.awslambda.models import Function
from messaging.awslambda.tagging import add_tags
from messaging.kernel.context import Context
from messaging.kernel.errors import NotModelled
from messaging.kernel.ids import seeded_uuid


def create_function(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create a function; raises ResourceConflictException where the name is taken."""
    _refuse_versions(req)
    named = read_name(req["FunctionName"])
    arn = function_arn(ctx, named)
    code = _read_code(req["Code"])
    asked = settings.create(req)
    tags = add_tags({}, req.get("Tags") or {})
    if Function.objects.filter(sandbox=ctx.sandbox, arn=arn).exists():
        raise ResourceConflictException(f"Function already exist: {named.name}")
    function = Function.objects.create(
        id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region,
        name=named.name, arn=arn, settings=asked, code=code, tags=tags,
        revision=_revision(ctx), modified_at=ctx.now,
    )  # fmt: skip
    keep_code(function, req["Code"])
    transitions.announce(ctx, transitions.CREATED, function)
    return shown(function)


def get_function(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a function, its tags, and where its code would be: it is not kept."""
    function = function_of(ctx, req)
    answer: dict[str, Any] = {
        "Configuration": shown(function),
        "Code": _located(function),
    }
    if function.tags:
        answer["Tags"] = function.tags
    if function.reserved is not None:
        answer["Concurrency"] = {"ReservedConcurrentExecutions": function.reserved}
    return answer


def get_function_configuration(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a function's configuration."""
    return shown(function_of(ctx, req))


def get_function_code_signing_config(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return that nobody signs a function's code: signing configurations are not modelled."""
    return {"FunctionName": function_of(ctx, req).name, "CodeSigningConfigArn": ""}


def list_functions(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the functions of the Region by name."""
    found = Function.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    items = sorted(found, key=lambda function: function.name)
    chosen, marker = paged(req, items, lambda function: function.name, "functions")
    qualified = req.get("FunctionVersion") == "ALL"
    return {
        "Functions": [shown(function, qualified=qualified) for function in chosen],
        "NextMarker": marker,
    }


def list_versions_by_function(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return $LATEST, the only version there is."""
    return {"Versions": [shown(function_of(ctx, req), qualified=True)]}


def update_function_configuration(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change parts of a function's configuration."""
    function = function_of(ctx, req)
    _check_revision(function, req)
    function.settings = settings.change(function.settings, req)
    return _changed(ctx, function, "settings")


def update_function_code(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Take another code: its size and hash are kept, and itself where code runs."""
    _refuse_versions(req)
    function = function_of(ctx, req)
    _check_revision(function, req)
    code = _read_code(req)
    if req.get("Architectures"):
        function.settings = {**function.settings, "Architectures": req["Architectures"]}
    function.code = code
    if req.get("DryRun"):
        return shown(function)
    keep_code(function, req)
    return _changed(ctx, function, "settings", "code")


def delete_function(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a function with what waits for it; mappings stay, and find nobody."""
    named = read_name(req["FunctionName"])
    if (req.get("Qualifier") or named.qualifier) == LATEST:
        raise InvalidParameterValueException(
            "$LATEST version cannot be deleted without deleting the function."
        )
    function = function_of(ctx, req)
    transitions.delete(ctx, function)
    return {"StatusCode": 204}


def _changed(ctx: Context, function: Function, *columns: str) -> dict[str, Any]:
    function.revision, function.modified_at = _revision(ctx), ctx.now
    function.save(update_fields=(*columns, "revision", "modified_at"))
    transitions.announce(ctx, transitions.UPDATED, function)
    return shown(function)


def _check_revision(function: Function, req: Mapping[str, Any]) -> None:
    if req.get("RevisionId") not in (None, "", function.revision):
        raise PreconditionFailedException


def _read_code(code: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a function's code; raises AwsError."""
    archive = code.get("ZipFile")
    if archive is not None:
        if len(archive) > ZIP_BYTES_MAX:
            raise RequestTooLargeException("Request must be smaller than 69905067 bytes")
        check_archive(archive)
        return {"size": len(archive), "sha256": b64encode(sha256(archive).digest()).decode()}
    place = code.get("ImageUri") or "/".join(
        str(code[name]) for name in ("S3Bucket", "S3Key", "S3ObjectVersion") if code.get(name)
    )
    if not place or (code.get("S3Bucket") and not code.get("S3Key")):
        raise InvalidParameterValueException("Please provide a source for function code.")
    digest = b64encode(sha256(place.encode()).digest()).decode()
    return {"size": 0, "sha256": digest, "from": place}


def _located(function: Function) -> dict[str, str]:
    if function.settings["PackageType"] == "Image":
        return {"RepositoryType": "ECR", "ImageUri": function.code.get("from", "")}
    return {"RepositoryType": "S3", "Location": ""}


def _refuse_versions(req: Mapping[str, Any]) -> None:
    if req.get("Publish"):
        raise NotModelled("Signalbox does not model versions of functions. Nothing was changed.")


def _revision(ctx: Context) -> str:
    return seeded_uuid(ctx.world.secret, ctx.new_number())
