"""Pages of functions and mappings, and a function as AWS shows it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from messaging.awslambda.domain.names import LATEST
from messaging.awslambda.errors import InvalidParameterValueException
from messaging.awslambda.limits import LIST_DEFAULT
from messaging.awslambda.models import Code, Function
from messaging.awslambda.tagging import may_run
from messaging.kernel.paging import BadToken, page

Item = TypeVar("Item")
# A reason of ours for a state of AWS's: only so can anybody see it through AWS's API.
RUNS: Final = "SignalboxRunsCode"
_HELD: Final = ("Environment", "ImageConfig", "VpcConfig", "Layers", "SnapStart")


def paged(
    req: Mapping[str, Any], items: Sequence[Item], key: Callable[[Item], str], scope: str
) -> tuple[list[Item], str | None]:
    """Return one page; raises InvalidParameterValueException for a foreign marker."""
    limit = min(req.get("MaxItems") or LIST_DEFAULT, LIST_DEFAULT)
    try:
        return page(items, req.get("Marker"), limit, key=key, scope=scope)
    except BadToken as error:
        raise InvalidParameterValueException(f"Invalid Marker: {error}.") from None


def shown(function: Function, *, qualified: bool = False) -> dict[str, Any]:
    """Return a function's configuration."""
    settings = {name: value for name, value in function.settings.items() if name not in _HELD}
    settings |= {name: show(function) for name, show in _SHOWN.items() if name in function.settings}
    if "ImageConfig" in function.settings:
        settings["ImageConfigResponse"] = {"ImageConfig": function.settings["ImageConfig"]}
    if runs_code(function):
        settings |= {"StateReason": "Its code runs here.", "StateReasonCode": RUNS}
    return {
        **settings,
        "FunctionName": function.name,
        "FunctionArn": f"{function.arn}:{LATEST}" if qualified else function.arn,
        "CodeSha256": function.code["sha256"],
        "CodeSize": function.code["size"],
        "LastModified": _written(function.modified_at),
        "LastUpdateStatus": "Successful",
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.name}"}
        | function.settings.get("LoggingConfig", {}),
        "RevisionId": function.revision,
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"}
        | function.settings.get("SnapStart", {}),
        "State": "Active",
        "Version": LATEST,
    }


def runs_code(function: Function) -> bool:
    """Tell whether a function's own code runs, and no configured behaviour."""
    is_meant = may_run(function.settings, function.tags)
    return is_meant and Code.objects.filter(pk=function.pk).exists()


def _written(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


_SHOWN: Final[dict[str, Callable[[Function], Any]]] = {
    "Environment": lambda function: {
        "Variables": function.settings["Environment"].get("Variables", {})
    },
    "Layers": lambda function: [
        {"Arn": layer, "CodeSize": 0} for layer in function.settings["Layers"]
    ],
    "VpcConfig": lambda function: {**function.settings["VpcConfig"], "VpcId": ""},
}
