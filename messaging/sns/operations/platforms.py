"""Mobile apps (platform applications) and devices (platform endpoints)."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.arns import build_arn
from messaging.kernel.context import Context
from messaging.kernel.ids import seeded_uuid
from messaging.sns import listing, transitions
from messaging.sns.domain import platforms
from messaging.sns.domain.characters import check_storable
from messaging.sns.errors import InvalidParameter, NotFound
from messaging.sns.models import PlatformApplication, PlatformEndpoint


def create_platform_application(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Make an app known; its credentials are kept, and used for nothing."""
    check_storable(req, "Attributes")
    name, platform, attributes = req["Name"], req["Platform"], dict(req["Attributes"])
    platforms.check_application(name, platform, attributes)
    resource = f"app/{platform}/{name}"
    arn = build_arn("sns", region=ctx.region, account=ctx.account, resource=resource)
    row = PlatformApplication.objects.filter(sandbox=ctx.sandbox, arn=arn).first()
    if row is None:
        PlatformApplication.objects.create(
            id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, arn=arn,
            platform=platform, attributes={"Enabled": "true", **attributes},
        )  # fmt: skip
        transitions.platform_changed(ctx, "sns.ApplicationCreated", arn)
    elif any(row.attributes.get(key) != value for key, value in attributes.items()):
        raise InvalidParameter.of(
            "Attributes",
            reason=f"Platform application {arn} already exists with different attributes",
        )
    return {"PlatformApplicationArn": arn}


def delete_platform_application(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete an app with its devices; one that is not there is as good."""
    arn = req["PlatformApplicationArn"]
    platforms.check_arn(arn, "app", "PlatformApplicationArn")
    PlatformEndpoint.objects.filter(sandbox=ctx.sandbox, application=arn).delete()
    gone, _ = PlatformApplication.objects.filter(sandbox=ctx.sandbox, arn=arn).delete()
    if gone:
        transitions.platform_changed(ctx, "sns.ApplicationDeleted", arn)
    return {}


def get_platform_application_attributes(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return an app's attributes but its credentials."""
    attributes = _application(ctx, req).attributes
    shown = {name: value for name, value in attributes.items() if name not in platforms.SECRET}
    return {"Attributes": shown}


def set_platform_application_attributes(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change attributes of an app."""
    check_storable(req, "Attributes")
    row, attributes = _application(ctx, req), req["Attributes"]
    platforms.check_application_attributes(attributes)
    row.attributes = {**row.attributes, **attributes}
    row.save(update_fields=["attributes"])
    transitions.platform_changed(ctx, "sns.ApplicationSet", row.arn)
    return {}


def list_platform_applications(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return up to a hundred apps of the caller's account and Region."""
    rows = PlatformApplication.objects.filter(
        sandbox=ctx.sandbox, account=ctx.account, region=ctx.region
    )
    page = listing.page(
        ctx, sorted(rows, key=_arn), req.get("NextToken"), "ListPlatformApplications", key=_arn
    )
    shown = [
        {
            "PlatformApplicationArn": row.arn,
            "Attributes": {k: v for k, v in row.attributes.items() if k not in platforms.SECRET},
        }
        for row in page.items
    ]
    return {"PlatformApplications": shown, **page.token}


def create_platform_endpoint(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Make a device known; the same token with the same attributes finds it again."""
    check_storable(req, "Attributes", "CustomUserData", "Token")
    app, token = _application(ctx, req), req["Token"]
    attributes = {**(req.get("Attributes") or {})}
    if req.get("CustomUserData") is not None:
        attributes.setdefault("CustomUserData", req["CustomUserData"])
    platforms.check_device_attributes(attributes)
    wanted = {"Enabled": "true", "Token": token, **attributes}
    row = PlatformEndpoint.objects.filter(
        sandbox=ctx.sandbox, application=app.arn, token=token
    ).first()
    if row is None:
        uuid = seeded_uuid(ctx.world.secret, ctx.new_number())
        arn = f"{platforms.device_arn_prefix(app.arn)}/{uuid}"
        PlatformEndpoint.objects.create(
            id=ctx.new_id(), sandbox=ctx.sandbox, application=app.arn, arn=arn, token=token,
            attributes=wanted,
        )  # fmt: skip
        transitions.platform_changed(ctx, "sns.EndpointCreated", arn)
        return {"EndpointArn": arn}
    if row.attributes != wanted:
        raise InvalidParameter.of(
            "Token",
            reason=f"Endpoint {row.arn} already exists with the same Token, but different"
            " attributes.",
        )
    return {"EndpointArn": row.arn}


def delete_endpoint(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a device; one that is not there is as good, and its subscriptions stay."""
    arn = req["EndpointArn"]
    platforms.check_arn(arn, "endpoint", "EndpointArn")
    gone, _ = PlatformEndpoint.objects.filter(sandbox=ctx.sandbox, arn=arn).delete()
    if gone:
        transitions.platform_changed(ctx, "sns.EndpointDeleted", arn)
    return {}


def get_endpoint_attributes(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a device's attributes."""
    return {"Attributes": _device(ctx, req).attributes}


def set_endpoint_attributes(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change attributes of a device."""
    check_storable(req, "Attributes")
    row, attributes = _device(ctx, req), req["Attributes"]
    platforms.check_device_attributes(attributes)
    row.attributes = {**row.attributes, **attributes}
    row.token = row.attributes["Token"]
    row.save(update_fields=["attributes", "token"])
    transitions.platform_changed(ctx, "sns.EndpointSet", row.arn)
    return {}


def list_endpoints_by_platform_application(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return up to a hundred devices of an app."""
    app = _application(ctx, req)
    rows = PlatformEndpoint.objects.filter(sandbox=ctx.sandbox, application=app.arn)
    what = f"ListEndpointsByPlatformApplication:{app.arn}"
    page = listing.page(ctx, sorted(rows, key=_arn), req.get("NextToken"), what, key=_arn)
    shown = [{"EndpointArn": row.arn, "Attributes": row.attributes} for row in page.items]
    return {"Endpoints": shown, **page.token}


def _application(ctx: Context, req: Mapping[str, Any]) -> PlatformApplication:
    arn = req["PlatformApplicationArn"]
    platforms.check_arn(arn, "app", "PlatformApplicationArn")
    row = PlatformApplication.objects.filter(sandbox=ctx.sandbox, arn=arn).first()
    if row is None:
        raise NotFound.of("PlatformApplication")
    return row


def _device(ctx: Context, req: Mapping[str, Any]) -> PlatformEndpoint:
    arn = req["EndpointArn"]
    platforms.check_arn(arn, "endpoint", "EndpointArn")
    row = PlatformEndpoint.objects.filter(sandbox=ctx.sandbox, arn=arn).first()
    if row is None:
        raise NotFound.of("Endpoint")
    return row


def _arn(row: PlatformApplication | PlatformEndpoint | str) -> str:
    return row if isinstance(row, str) else row.arn
