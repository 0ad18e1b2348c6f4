"""Create, describe, list, change, deauthorise and delete connections (P10)."""

from collections.abc import Mapping
from typing import Any

from messaging.events import limits
from messaging.events.checking import check
from messaging.events.domain.connections import (
    AUTHORIZED,
    DEAUTHORIZED,
    check_auth,
    merge_auth,
    shown_auth,
    state_of,
)
from messaging.events.errors import (
    LimitExceededException,
    ResourceAlreadyExistsException,
    ResourceNotFoundException,
)
from messaging.events.models import Connection
from messaging.events.paging import listing, with_prefix
from messaging.kernel.arns import build_arn
from messaging.kernel.context import Context
from messaging.kernel.errors import NotModelled
from messaging.kernel.ids import seeded_uuid


def create_connection(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Create a connection; with a key or a password it is authorised at once."""
    check("CreateConnection", req)
    _check_modelled(req)
    name, kind, auth = req["Name"], req["AuthorizationType"], req["AuthParameters"]
    check_auth(kind, auth)
    own = Connection.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    if own.filter(name=name).exists():
        raise ResourceAlreadyExistsException.of("Connection", name)
    if own.count() >= limits.CONNECTIONS_MAX:
        raise LimitExceededException
    mark = seeded_uuid(ctx.world.secret, ctx.new_number())
    state = state_of(kind)
    connection = Connection.objects.create(
        id=ctx.new_id(), sandbox=ctx.sandbox, account=ctx.account, region=ctx.region, name=name,
        arn=_arn(ctx, "events", f"connection/{name}/{mark}"),
        secret_arn=_arn(ctx, "secretsmanager", f"secret:events!connection/{name}/{mark}"),
        description=req.get("Description") or "", auth_type=kind, state=state, secrets=dict(auth),
        kms_key=req.get("KmsKeyIdentifier") or "",
        created_at=ctx.now, modified_at=ctx.now,
        authorized_at=ctx.now if state == AUTHORIZED else None,
    )  # fmt: skip
    return _announce(ctx, connection, "events.ConnectionCreated")


def describe_connection(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return a connection without what is secret of it."""
    check("DescribeConnection", req)
    connection = _find(ctx, req["Name"], "describe")
    shown = {
        **_shown(connection),
        "SecretArn": connection.secret_arn,
        "AuthParameters": shown_auth(connection.auth_type, connection.secrets),
    }
    more = {"Description": connection.description, "KmsKeyIdentifier": connection.kms_key}
    return shown | {name: text for name, text in more.items() if text}


def list_connections(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return connections by name, those in one state if asked."""
    check("ListConnections", req)
    rows = Connection.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    if req.get("ConnectionState") is not None:
        rows = rows.filter(state=req["ConnectionState"])
    chosen = with_prefix(list(rows), req.get("NamePrefix"), _name_of)
    return listing(ctx, req, chosen, name="Connections", key=_name_of, show=_shown)


def update_connection(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Change a connection; it is authorised anew."""
    check("UpdateConnection", req)
    _check_modelled(req)
    connection = _find(ctx, req["Name"], "update")
    kind = req.get("AuthorizationType") or connection.auth_type
    auth = merge_auth(kind, connection.secrets, req.get("AuthParameters") or {})
    check_auth(kind, auth)
    connection.auth_type, connection.secrets, connection.state = kind, auth, state_of(kind)
    connection.description = req.get("Description", connection.description)
    connection.kms_key = req.get("KmsKeyIdentifier", connection.kms_key)
    connection.modified_at = ctx.now
    if connection.state == AUTHORIZED:
        connection.authorized_at = ctx.now
    connection.save()
    return _announce(ctx, connection, "events.ConnectionChanged")


def deauthorize_connection(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Forget the secrets of a connection; its destinations are inactive until it is updated."""
    check("DeauthorizeConnection", req)
    connection = _find(ctx, req["Name"], "deauthorize")
    connection.state, connection.modified_at = DEAUTHORIZED, ctx.now
    connection.save(update_fields=["state", "modified_at"])
    return _announce(ctx, connection, "events.ConnectionChanged")


def delete_connection(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a connection; its destinations stay, inactive."""
    check("DeleteConnection", req)
    connection = _find(ctx, req["Name"], "delete")
    Connection.objects.filter(pk=connection.pk).delete()
    connection.state = "DELETING"
    return _announce(ctx, connection, "events.ConnectionDeleted")


def _check_modelled(req: Mapping[str, Any]) -> None:
    """Refuse connections into private networks; raises NotModelled."""
    private = (req.get("AuthParameters") or {}).get("ConnectivityParameters")
    if private or req.get("InvocationConnectivityParameters"):
        raise NotModelled("Signalbox does not model private connections of events.")


def _find(ctx: Context, name: str, verb: str) -> Connection:
    own = Connection.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)
    connection = own.filter(name=name).first()
    if connection is None:
        raise ResourceNotFoundException(
            f"Failed to {verb} the connection(s). Connection '{name}' does not exist."
        )
    return connection


def _arn(ctx: Context, service: str, resource: str) -> str:
    return build_arn(service, region=ctx.region, account=ctx.account, resource=resource)


def _announce(ctx: Context, connection: Connection, kind: str) -> dict[str, Any]:
    ctx.reconfigured()
    ctx.emit(kind, connection.arn, {"by": ctx.caller.actor, "state": connection.state})
    names = ("ConnectionArn", "ConnectionState", "CreationTime", "LastModifiedTime")
    shown = _shown(connection)
    answer = {name: shown[name] for name in names}
    if kind != "events.ConnectionCreated" and "LastAuthorizedTime" in shown:
        answer["LastAuthorizedTime"] = shown["LastAuthorizedTime"]
    return answer


def _name_of(connection: Connection) -> str:
    return connection.name


def _shown(connection: Connection) -> dict[str, Any]:
    shown = {
        "ConnectionArn": connection.arn,
        "Name": connection.name,
        "ConnectionState": connection.state,
        "AuthorizationType": connection.auth_type,
        "CreationTime": connection.created_at,
        "LastModifiedTime": connection.modified_at,
        "LastAuthorizedTime": connection.authorized_at,
    }
    return {name: value for name, value in shown.items() if value is not None}
