"""Where one stands: a resource, or the place where a new one is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from dashboard.console import door
from messaging.kernel.arns import is_arn, parse_arn
from messaging.kernel.context import Caller
from messaging.kernel.models import Sandbox


@dataclass(frozen=True)
class Desk:
    """A resource of some service as the console stands before it; "" is the place of a new one."""

    request: HttpRequest
    sandbox: Sandbox
    service: str
    arn: str
    caller: Caller

    @classmethod
    def at(cls, request: HttpRequest, sandbox: Sandbox, service: str, arn: str) -> "Desk":
        """Stand before a resource; without a readable ARN, where new ones are made."""
        if is_arn(arn):
            return cls(request, sandbox, service, arn, door.owner_of(request, sandbox, arn))
        return cls(request, sandbox, service, "", door.newcomer(request, sandbox))

    @property
    def resource(self) -> str:
        """What the ARN names, with its type: ``event-bus/orders``."""
        return parse_arn(self.arn).resource if self.arn else ""

    def look(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation that only reads; raises AwsError."""
        return dict(door.look(self.caller, operation, params, service=self.service))

    def act(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation as a button does; raises AwsError."""
        return dict(door.act(self.caller, operation, params, service=self.service) or {})
