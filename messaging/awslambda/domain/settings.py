"""A function's configuration: what is asked for, checked, with what AWS fills in. Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from messaging.awslambda.errors import InvalidParameterValueException, ValidationException
from messaging.awslambda.limits import (
    ENVIRONMENT_BYTES_MAX,
    MEMORY_DEFAULT_MB,
    MEMORY_MB,
    TIMEOUT_DEFAULT_S,
    TIMEOUT_S,
)

NAMES: Final = (
    "DeadLetterConfig", "Description", "Environment", "EphemeralStorage", "FileSystemConfigs",
    "Handler", "ImageConfig", "KMSKeyArn", "Layers", "LoggingConfig", "MemorySize", "Role",
    "Runtime", "SnapStart", "Timeout", "TracingConfig", "VpcConfig",
)  # fmt: skip
FIXED: Final = ("Architectures", "PackageType")
_ROLE: Final = re.compile(r"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+")
_DEAD: Final = re.compile(r"arn:aws[\w-]*:(sqs|sns):[\w-]+:\d{12}:.+")
_RUNTIME: Final = re.compile(r"(nodejs|python|java|dotnet|dotnetcore|ruby|go|provided)[\w.]*")


def create(req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration of a new function; raises AwsError."""
    settings = {name: req[name] for name in (*NAMES, *FIXED) if req.get(name) is not None}
    settings.setdefault("PackageType", "Zip")
    settings.setdefault("Architectures", ["x86_64"])
    settings.setdefault("Description", "")
    settings.setdefault("EphemeralStorage", {"Size": 512})
    settings.setdefault("MemorySize", MEMORY_DEFAULT_MB)
    settings.setdefault("Timeout", TIMEOUT_DEFAULT_S)
    settings.setdefault("TracingConfig", {"Mode": "PassThrough"})
    if settings["PackageType"] == "Zip":
        for name in ("Runtime", "Handler"):
            if not settings.get(name):
                raise InvalidParameterValueException(
                    "Runtime and Handler are mandatory parameters for functions created with"
                    " deployment packages."
                )
    check(settings)
    return settings


def change(settings: Mapping[str, Any], req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration after a change; what is not named stays. Raises AwsError."""
    changed = {**settings, **{name: req[name] for name in NAMES if req.get(name) is not None}}
    check(changed)
    return changed


def check(settings: Mapping[str, Any]) -> None:
    """Check a configuration; raises AwsError with AWS's text."""
    _check_range("timeout", settings["Timeout"], TIMEOUT_S)
    _check_range("memorySize", settings["MemorySize"], MEMORY_MB)
    role = settings["Role"]
    if not _ROLE.fullmatch(role):
        raise ValidationException(
            f"1 validation error detected: Value '{role}' at 'role' failed to satisfy constraint:"
            f" Member must satisfy regular expression pattern: {_ROLE.pattern}"
        )
    runtime = settings.get("Runtime")
    if runtime is not None and not _RUNTIME.fullmatch(runtime):
        raise InvalidParameterValueException(
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum"
            " value set"
        )
    variables = settings.get("Environment", {}).get("Variables", {})
    if len(json.dumps(variables, separators=(",", ":")).encode()) > ENVIRONMENT_BYTES_MAX:
        raise InvalidParameterValueException(
            "Lambda was unable to configure your environment variables because the environment"
            f" variables you have provided exceeded the 4KB limit. String measured: {variables}"
        )
    dead = dead_letters(settings)
    if dead and not _DEAD.fullmatch(dead):
        raise ValidationException(
            f"1 validation error detected: Value '{dead}' at 'deadLetterConfig.targetArn' failed to"
            " satisfy constraint: it is the ARN of no SQS queue and no SNS topic"
        )


def dead_letters(settings: Mapping[str, Any]) -> str:
    """Return the ARN of the dead-letter queue or topic, or ""."""
    return str(settings.get("DeadLetterConfig", {}).get("TargetArn") or "")


def _check_range(name: str, value: int, allowed: range) -> None:
    if value < allowed.start:
        side, bound = "greater", allowed.start
    elif value >= allowed.stop:
        side, bound = "less", allowed.stop - 1
    else:
        return
    raise ValidationException(
        f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint:"
        f" Member must have value {side} than or equal to {bound}"
    )
