"""A resource is deleted where it is seen: by the call that its service has for that."""

from typing import Any

from dashboard.resources.desk import Desk
from dashboard.resources.kinds import Kind, kind_of
from messaging.kernel.service import operation_model


def known(desk: Desk, kind: Kind, operation: str) -> dict[str, Any]:
    """Return what is known of a call that concerns the resource one stands before."""
    told = kind.fill(desk)
    if operation == kind.remove:
        told["Name"] = desk.resource.rpartition("/")[2]
    return told


def remove(desk: Desk) -> str | None:
    """Delete the resource and return the call's name; None where there is none. Raises AwsError."""
    kind = kind_of(desk.arn)
    if kind is None:
        return None
    shape = operation_model(kind.service, kind.remove).input_shape
    told = known(desk, kind, kind.remove)
    wanted = shape.members if shape is not None else ()
    desk.act(kind.remove, {name: told[name] for name in wanted if name in told})
    return kind.remove
