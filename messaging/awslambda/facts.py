"""What the log tells of functions and mappings: enough to show them, and to put them back.

Values of environment variables are in no log.
"""

from collections.abc import Mapping
from typing import Any, Final

from messaging.awslambda.domain.settings import dead_letters
from messaging.awslambda.models import Function
from messaging.awslambda.models import Mapping as Source

UNTOLD: Final = "Environment"


def of_function(function: Function) -> dict[str, Any]:
    """Return a function's configuration and tags, and who may invoke it."""
    settings = {name: value for name, value in function.settings.items() if name != UNTOLD}
    return {
        "settings": settings,
        "code": function.code,
        "tags": function.tags,
        "policy": function.policy,
        "reserved": function.reserved,
        "asynchronous": function.asynchronous,
    }


def of_mapping(mapping: Source) -> dict[str, Any]:
    """Return a mapping's queue, state and settings."""
    return {
        "id": mapping.uuid,
        "source": mapping.source,
        "state": mapping.state,
        "settings": mapping.settings,
        "tags": mapping.tags,
    }


def targets(told: Mapping[str, Any]) -> dict[str, str]:
    """Return where a function's results go: success, failure and dead letters."""
    asked = (told["asynchronous"] or {}).get("DestinationConfig", {})
    found = {
        "success": asked.get("OnSuccess", {}).get("Destination"),
        "failure": asked.get("OnFailure", {}).get("Destination"),
        "dead": dead_letters(told["settings"]),
    }
    return {name: arn for name, arn in found.items() if arn}
