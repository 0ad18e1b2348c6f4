"""What a service is: its botocore model, and one function for each operation it models."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any

import botocore.loaders
from botocore import xform_name
from botocore.model import OperationModel, ServiceModel

from messaging.kernel.errors import NotModelled


@cache
def load_model(name: str) -> ServiceModel:
    """Return botocore's newest model of the service that boto3 calls ``name``."""
    raw = botocore.loaders.create_loader().load_service_model(name, "service-2")
    return ServiceModel(raw, service_name=name)


@dataclass(frozen=True, slots=True)
class Operation:
    """One AWS operation: its function and how the dispatcher may run it.

    ``hot`` operations raise before their first SQL write, so they need no savepoint, and use no
    ORM, so that their statements may go to the database together. ``rank`` orders operations that
    arrive in one group commit (they are concurrent, so any order is legal); low ranks first.
    """

    name: str
    run: Callable[..., Any]
    hot: bool = False
    rank: int = 1
    quiet: bool = False


def hot(*, rank: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark an operation that raises before its first SQL write (no savepoint is needed)."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        function.__dict__["operation"] = {"hot": True, "rank": rank}
        return function

    return mark


@dataclass(frozen=True)
class Service:
    """The table of contents of one service package.

    ``target_of(ctx, params)`` returns the ARN of the resource that a failed call named, or "". It
    may look at what is cached only: a call that fails costs no query.

    ``accept(ctx, packet)`` takes what another service delivers to a resource; it raises AwsError
    before its first write. ``settle(ctx, packet, error)`` is told what became of a packet whose
    origin is a resource of this service: error None, it was taken; else try again (``post``), or
    give up.

    ``find_errors(operation, params, attributes, arn)`` returns the errors that the service's pure
    rules find in a request, for forms that answer while somebody types; nothing is called.

    ``matcher`` lets people try patterns: ``read(text, scope)`` returns one or raises AwsError, and
    ``seen(operation, params, account=, region=, at=)`` what they look at in a call, as (resource,
    title, {scope: event}) each; ``samples(account=, region=, at=)`` returns (title, {scope: event})
    of what could come from elsewhere; ``SCOPES`` are the scopes.

    ``outside`` does what is done outside the writer, after the commit (``messaging.workshop``).
    ``uncopied`` are tables whose rows stay behind when a sandbox is duplicated or forked.

    ``document(name)`` returns a file that the service shows to anybody, as SNS its certificate, or
    None.
    """

    name: str
    modules: tuple[ModuleType, ...]
    tick: ModuleType | None = None
    accept: Callable[..., None] | None = None
    settle: Callable[..., None] | None = None
    topology: ModuleType | None = None
    tables: tuple[type[Any], ...] = ()
    uncopied: tuple[type[Any], ...] = ()
    outside: ModuleType | None = None
    target_of: Callable[..., str] | None = None
    find_errors: Callable[..., list[Any]] | None = None
    matcher: ModuleType | None = None
    document: Callable[[str], str | None] | None = None
    operations: dict[str, Operation] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        by_function = {xform_name(name): name for name in self.model.operation_names}
        for module in self.modules:
            for name, function in vars(module).items():
                if name.startswith("_") or getattr(function, "__module__", None) != module.__name__:
                    continue
                if not callable(function) or isinstance(function, type):
                    continue
                if name not in by_function:
                    raise ValueError(
                        f"{module.__name__}.{name} is no operation of {self.name}: make it private"
                    )
                operation = by_function[name]
                options = function.__dict__.get("operation", {})
                self.operations[operation] = Operation(operation, function, **options)

    @property
    def model(self) -> ServiceModel:
        return load_model(self.name)

    def operation(self, name: str) -> Operation:
        """Return the operation called ``name``; raises NotModelled where we have it not."""
        try:
            return self.operations[name]
        except KeyError:
            raise NotModelled.operation(self.name, name) from None


def operation_model(service: str, operation: str) -> OperationModel:
    """Return botocore's model of one operation."""
    return load_model(service).operation_model(operation)
