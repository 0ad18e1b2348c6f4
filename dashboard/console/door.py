"""The console as a caller: its buttons call AWS operations through the one door."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest

from messaging import dispatch
from messaging.engine import engine
from messaging.kernel.access import root_arn
from messaging.kernel.arns import parse_arn
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller
from messaging.kernel.models import Account, Sandbox
from messaging.kernel.packets import Packet

ACTOR: Final = "console"


def base_url(request: HttpRequest) -> str:
    """Return the address by which this browser reached us; AWS clients can use it too."""
    return request.build_absolute_uri("/").rstrip("/")


def owner_of(request: HttpRequest, sandbox: Sandbox, arn: str) -> Caller:
    """Return the console as the account that owns a resource."""
    parsed = parse_arn(arn)
    return _caller(request, sandbox, parsed.account, parsed.region)


def newcomer(request: HttpRequest, sandbox: Sandbox) -> Caller:
    """Return the console as the sandbox's first account, where new resources are made."""
    account = first_account(sandbox)
    return _caller(request, sandbox, account.number, account.home_region)


def first_account(sandbox: Sandbox) -> Account:
    """Return the account that a sandbox was created with."""
    return sandbox.accounts.order_by("id")[0]


def queue_url(caller: Caller, arn: str) -> str:
    """Return the URL under which the caller's clients know a queue."""
    parsed = parse_arn(arn)
    return f"{caller.host}/{parsed.account}/{parsed.name}"


def act(caller: Caller, operation: str, params: Mapping[str, Any], *, service: str = "sqs") -> Any:
    """Call an operation, as a button does; raises AwsError."""
    return engine().executor.call_sync(caller, service, operation, params)


def look(caller: Caller, operation: str, params: Mapping[str, Any], *, service: str = "sqs") -> Any:
    """Call an operation that only reads, without an entry in the log: looking is free."""
    call = dispatch.prepare(caller, service, operation, params)
    call.operation = replace(call.operation, quiet=True)

    def job(batch: Batch) -> Any:
        return dispatch.run(batch, batch.entered[caller.sandbox], call)

    return engine().executor.run_sync(job, (caller.sandbox,))


def hand_over(sandbox: Sandbox, packet: Packet) -> tuple[int, int]:
    """Bring what an AWS service sends that is not modelled; raises AwsError.

    Returns the last sequence number before it, and the last of what came of it.
    """

    def job(batch: Batch) -> tuple[int, int]:
        world = batch.entered[sandbox.pk]
        before = world.last_seq
        dispatch.hand_over(batch, world, packet)
        return before, world.last_seq

    found: tuple[int, int] = engine().executor.run_sync(job, (sandbox.pk,))
    return found


def _caller(request: HttpRequest, sandbox: Sandbox, account: str, region: str) -> Caller:
    return Caller(
        sandbox.pk,
        account,
        region,
        root_arn(account),
        ACTOR,
        host=base_url(request),
        label="console",
    )
