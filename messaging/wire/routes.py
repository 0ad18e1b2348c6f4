"""Which REST operation a method and a path mean."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from botocore.model import OperationModel

from messaging.kernel.service import load_model
from messaging.wire.request import decoded, split_pairs
from messaging.wire.shapes import wire_name

# What only S3's directory buckets answer, at an address that looks like another operation's.
_DIRECTORY_BUCKETS: Final = frozenset({"ListDirectoryBuckets"})


@dataclass(frozen=True, slots=True)
class Route:
    """One operation's method, path template and what else its requests carry."""

    operation: OperationModel
    segments: tuple[str, ...]
    greedy: bool
    literals: Mapping[str, str]
    arguments: frozenset[str]
    headers: frozenset[str]

    def labels(self, parts: list[str]) -> dict[str, str] | None:
        """Return the path's labels, or None if the path is not of this template."""
        count = len(self.segments)
        if len(parts) < count or (len(parts) > count and not self.greedy):
            return None
        if self.greedy:
            parts = [*parts[: count - 1], "/".join(parts[count - 1 :])]
        labels = {}
        for segment, part in zip(self.segments, parts, strict=True):
            if not segment.startswith("{"):
                if segment != part:
                    return None
            elif part:
                labels[segment.strip("{}+")] = decoded(part)
            else:
                return None
        return labels

    def rank(self, arguments: Collection[str], headers: Collection[str]) -> tuple[int, ...]:
        """Say how well this route fits a request that its path fits; more is better."""
        asked = len(self.arguments) + len(self.headers)
        met = sum(name in arguments for name in self.arguments)
        met += sum(name in headers for name in self.headers)
        fixed = sum(not segment.startswith("{") for segment in self.segments)
        return (met - asked, fixed, len(self.literals), met, not self.operation.deprecated)


def find(
    service: str, method: str, path: str, arguments: Mapping[str, str], headers: Collection[str]
) -> tuple[OperationModel, dict[str, str]] | None:
    """Return the operation of ``service`` that a request means, with the labels of its path.

    Raises UnicodeDecodeError for a path that is not UTF-8.
    """
    parts = path.removeprefix("/").split("/")
    best = None
    for route in _routes(service).get(method, ()):
        labels = route.labels(parts if route.greedy else _without_slash(parts))
        if labels is None or not _fixed_arguments(route, arguments):
            continue
        rank = route.rank(arguments, headers)
        if best is None or rank > best[0]:
            best = (rank, route.operation, labels)
    return (best[1], best[2]) if best else None


def directory_buckets(operation: OperationModel) -> OperationModel:
    """Return what ``operation`` is at the address of S3's directory buckets."""
    if operation.name == "ListBuckets":
        return operation.service_model.operation_model("ListDirectoryBuckets")
    return operation


@cache
def _routes(service: str) -> dict[str, list[Route]]:
    model = load_model(service)
    routes: dict[str, list[Route]] = {}
    for name in model.operation_names:
        operation = model.operation_model(name)
        if name not in _DIRECTORY_BUCKETS:
            routes.setdefault(operation.http["method"], []).append(_route(operation))
    return routes


def _route(operation: OperationModel) -> Route:
    path, _, query = operation.http["requestUri"].partition("?")
    segments = path.removeprefix("/").split("/")
    greedy = segments[-1].endswith("+}")
    return Route(
        operation,
        tuple(segments if greedy else _without_slash(segments)),
        greedy,
        dict(split_pairs(query, plus=False)),
        _required(operation, "querystring"),
        frozenset(name.lower() for name in _required(operation, "header")),
    )


def _required(operation: OperationModel, location: str) -> frozenset[str]:
    shape = operation.input_shape
    if shape is None:
        return frozenset()
    members = ((name, shape.members[name]) for name in shape.required_members)
    return frozenset(
        wire_name(name, member)
        for name, member in members
        if member.serialization.get("location") == location
    )


def _fixed_arguments(route: Route, arguments: Mapping[str, str]) -> bool:
    return all(
        name in arguments and value in ("", arguments[name])
        for name, value in route.literals.items()
    )


def _without_slash(parts: list[str]) -> list[str]:
    return parts[:-1] if len(parts) > 1 and not parts[-1] else parts
