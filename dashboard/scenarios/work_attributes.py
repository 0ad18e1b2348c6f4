"""Settings of functions, mappings, pipes and alarms as a person writes them. Pure.

As with queues, what is assumed anyway is left out.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from dashboard.scenarios.route_attributes import opened
from dashboard.scenarios.work import RULE

BEHAVIOUR: Final = "signalbox:behaviour"
INVOKE: Final = "lambda:InvokeFunction"
# What CreateFunction assumes (API reference of Lambda, checked 21 Nov 2026); it asks for a runtime
# and a handler, which say nothing where no code is run.
OF_FUNCTIONS: Final[Mapping[str, object]] = {
    "Architectures": ["x86_64"],
    "Description": "",
    "EphemeralStorage": {"Size": 512},
    "Handler": "main.handler",
    "MemorySize": 128,
    "PackageType": "Zip",
    "Runtime": "python3.13",
    "SnapStart": {"ApplyOn": "None"},
    "Timeout": 3,
    "TracingConfig": {"Mode": "PassThrough"},
}
OF_MAPPINGS: Final[Mapping[str, object]] = {
    "BatchSize": 10,
    "FunctionResponseTypes": [],
    "MaximumBatchingWindowInSeconds": 0,
}
OF_ALARMS: Final[Mapping[str, object]] = {"ActionsEnabled": True}
# What stands beside the settings in a document.
BESIDE_FUNCTIONS: Final = frozenset(("FunctionName", "Publish", "Role", "Tags"))
BESIDE_MAPPINGS: Final = frozenset(
    ("Enabled", "EventSourceArn", "FilterCriteria", "FunctionName", "Tags")
)
BESIDE_PIPES: Final = frozenset(
    ("DesiredState", "Enrichment", "Name", "RoleArn", "Source", "Tags", "Target")
)
BESIDE_ALARMS: Final = frozenset(("AlarmName", "Tags"))
FILTERS: Final = "FilterCriteria"
SOURCE: Final = "SourceParameters"
_ALARM_ARN: Final = re.compile(r"arn:aws[\w-]*:cloudwatch:[\w-]*:\d{12}:alarm:")


def without(settings: Mapping[str, Any], assumed: Mapping[str, object]) -> dict[str, Any]:
    """Return settings by name without those that say nothing."""
    return {
        name: value
        for name, value in sorted(settings.items())
        if value not in ("", {}, [])
        and value is not None
        and not (name in assumed and type(value) is type(assumed[name]) and value == assumed[name])
    }


def filters_of(criteria: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """Return the patterns of AWS's filter criteria."""
    found = (criteria or {}).get("Filters") or ()
    return tuple(opened(each["Pattern"]) for each in found)


def criteria_of(filters: tuple[Any, ...]) -> dict[str, Any]:
    """Return filter criteria as AWS takes them."""
    return {"Filters": [{"Pattern": _text(each)} for each in filters]}


def of_alarm(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return an alarm's settings, the alarms in its rule by name: a rule is text, ARNs and all."""
    found, rule, threshold = dict(settings), settings.get(RULE), settings.get("Threshold")
    if isinstance(rule, str):
        found[RULE] = _ALARM_ARN.sub("", rule)
    if isinstance(threshold, float) and threshold.is_integer():
        found["Threshold"] = int(threshold)
    return found


def permission_of(statement: Mapping[str, Any]) -> dict[str, Any]:
    """Return what AddPermission takes for a statement of a function's policy."""
    principal, condition = statement["Principal"], statement.get("Condition", {})
    if isinstance(principal, Mapping):
        principal = next(iter(principal.values()))
        number = re.fullmatch(r"arn:aws:iam::(\d{12}):root", principal)
        principal = number[1] if number else principal
    found = {
        "StatementId": statement["Sid"],
        "Principal": principal,
        "Action": "" if statement["Action"] == INVOKE else statement["Action"],
        "SourceArn": condition.get("ArnLike", {}).get("AWS:SourceArn", ""),
        "SourceAccount": condition.get("StringEquals", {}).get("AWS:SourceAccount", ""),
    }
    return {name: value for name, value in found.items() if value}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
