"""What the log tells of functions and mappings: what the map shows of them, then and now."""

from typing import Any, Final

from messaging.awslambda.domain.behaviour import TAG
from messaging.awslambda.domain.settings import dead_letters
from messaging.awslambda.models import Function, Mapping

_SETTINGS: Final = ("MemorySize", "Runtime", "Timeout")


def of_function(function: Function) -> dict[str, Any]:
    """Return a function's settings, reservation and behaviour, and where its results go."""
    asked = (function.asynchronous or {}).get("DestinationConfig", {})
    success = asked.get("OnSuccess", {}).get("Destination")
    failure = asked.get("OnFailure", {}).get("Destination")
    targets = {"success": success, "failure": failure, "dead": dead_letters(function.settings)}
    told = {name: function.settings[name] for name in _SETTINGS if name in function.settings}
    return {
        **told,
        "reserved": function.reserved,
        "behaviour": function.tags.get(TAG, ""),
        "targets": {name: arn for name, arn in targets.items() if arn},
    }


def of_mapping(mapping: Mapping) -> dict[str, Any]:
    """Return a mapping's queue, state and batch size."""
    scaling = mapping.settings.get("ScalingConfig", {}).get("MaximumConcurrency")
    return {
        "id": mapping.uuid,
        "source": mapping.source,
        "state": mapping.state,
        "batch": mapping.settings["BatchSize"],
        "most": scaling,
    }
