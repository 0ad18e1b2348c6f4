"""What an alarm's settings must be, and the alarm that they make."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.cloudwatch import asking
from messaging.cloudwatch.addressing import find_alarm
from messaging.cloudwatch.checking import check_dimensions, check_period, check_statistic, required
from messaging.cloudwatch.domain import rules
from messaging.cloudwatch.domain.statistics import is_percentile
from messaging.cloudwatch.domain.verdicts import COMPARED, MISSING
from messaging.cloudwatch.errors import (
    InvalidParameterCombination,
    InvalidParameterValue,
    ValidationError,
    not_modelled,
)
from messaging.cloudwatch.limits import ACTIONS_MAX, DAY_MS
from messaging.cloudwatch.models import Alarm
from messaging.kernel.arns import is_arn, parse_arn
from messaging.kernel.context import Context
from messaging.kernel.tags import find_problem, merge_tags

_LISTS: Final = ("OKActions", "AlarmActions", "InsufficientDataActions")
_SHARED: Final = ("AlarmDescription", *_LISTS)
_METRIC: Final = (
    *_SHARED, "MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period",
    "Unit", "EvaluationPeriods", "DatapointsToAlarm", "Threshold", "ComparisonOperator",
    "TreatMissingData", "EvaluateLowSampleCountPercentile", "Metrics", "EvaluationWindow",
)  # fmt: skip
_NOT_MODELLED: Final = {
    "ActionConfiguration": "ActionConfiguration",
    "ActionsSuppressor": "action suppression of composite alarms",
    "EvaluationCriteria": "PromQL alarms",
    "EvaluationInterval": "PromQL alarms",
    "ThresholdMetricId": "anomaly detection",
    "WarmUpConfiguration": "WarmUpConfiguration",
}
_LONGEST_S: Final = 7 * DAY_MS // 1_000
_ACTED_ON: Final = ("sns", "lambda")


def metric_settings(req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a metric alarm; raises AwsError."""
    _check_modelled(req)
    required(req, "ComparisonOperator", "EvaluationPeriods", "Threshold")
    if req["ComparisonOperator"] not in COMPARED:
        raise not_modelled("anomaly detection")
    if req.get("Metrics"):
        _check_math(req)
    else:
        _check_metric(req)
    treated = req.get("TreatMissingData")
    if treated is not None and treated not in MISSING:
        raise ValidationError(
            f"The value {treated} for parameter TreatMissingData is not one of {list(MISSING)}."
        )
    needed, periods = req.get("DatapointsToAlarm"), req["EvaluationPeriods"]
    if periods < 1 or (needed is not None and not 1 <= needed <= periods):
        raise ValidationError("DatapointsToAlarm must be at least 1 and at most EvaluationPeriods.")
    _check_actions(req)
    return {"ActionsEnabled": req.get("ActionsEnabled", True)} | {
        name: req[name] for name in _METRIC if req.get(name) is not None
    }


def composite_settings(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a composite alarm; raises AwsError."""
    _check_modelled(req)
    try:
        rule = rules.parse(req["AlarmRule"])
    except rules.Flaw as flaw:
        if flaw.unmodelled:
            raise not_modelled(flaw.unmodelled) from None
        raise ValidationError(f"AlarmRule is not valid: {flaw}.") from None
    children = list(dict.fromkeys(rules.alarms_in(rule)))
    if len(children) > rules.CHILDREN_MAX:
        raise ValidationError(f"AlarmRule has more than {rules.CHILDREN_MAX} alarms.")
    for child in children:
        _check_child(ctx, req["AlarmName"], child)
    _check_actions(req)
    names = (*_SHARED, "AlarmRule")
    return {"ActionsEnabled": req.get("ActionsEnabled", True)} | {
        name: req[name] for name in names if req.get(name) is not None
    }


def read_tags(pairs: Any, existing: Mapping[str, str]) -> dict[str, str]:
    """Return an alarm's tags with those added; raises InvalidParameterValue."""
    tags = {pair["Key"]: pair["Value"] for pair in pairs}
    problem = find_problem(tags, existing=existing)
    if problem is not None:
        raise InvalidParameterValue(problem.text)
    return merge_tags(existing, tags)


def _check_modelled(req: Mapping[str, Any]) -> None:
    for name, what in _NOT_MODELLED.items():
        if req.get(name):
            raise not_modelled(what)


def _check_metric(req: Mapping[str, Any]) -> None:
    required(req, "MetricName", "Namespace", "Period")
    simple, extended = req.get("Statistic"), req.get("ExtendedStatistic")
    if bool(simple) == bool(extended):
        raise InvalidParameterCombination(
            "Exactly one of Statistic and ExtendedStatistic must be specified."
        )
    if extended and not is_percentile(extended):
        raise not_modelled(f"the statistic {extended}")
    check_statistic(simple or extended or "")
    check_dimensions(req.get("Dimensions") or ())
    check_period(req["Period"])
    if req["Period"] * req["EvaluationPeriods"] > _LONGEST_S:
        raise ValidationError(
            "Metrics cannot be checked across more than seven days "
            "(EvaluationPeriods * Period must be <= 604800)."
        )


def _check_math(req: Mapping[str, Any]) -> None:
    for name in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period"):
        if req.get(name) is not None:
            raise InvalidParameterCombination(
                f"The parameters Metrics and {name} are mutually exclusive."
            )
    asking.check_queries(req["Metrics"])
    shown = [query for query in req["Metrics"] if query.get("ReturnData", True)]
    if len(shown) != 1:
        raise ValidationError("Exactly one element of the metrics list should return data.")


def _check_actions(req: Mapping[str, Any]) -> None:
    for kind in _LISTS:
        actions = req.get(kind) or ()
        if len(actions) > ACTIONS_MAX:
            raise ValidationError(f"{kind} must not have more than {ACTIONS_MAX} members.")
        for action in actions:
            if not is_arn(action):
                raise ValidationError(f"Invalid arn syntax: {action}")
            service = parse_arn(action).service
            if service not in _ACTED_ON:
                raise not_modelled(f"alarm actions of {service}")


def _check_child(ctx: Context, name: str, child: str) -> None:
    known = find_alarm(ctx, child.rpartition(":alarm:")[2])
    if known is None:
        raise ValidationError(f"Could not save the composite alarm: alarm {child} does not exist.")
    if known.name == name or (known.composite and _leads_to(ctx, known, name, set())):
        raise ValidationError("Could not save the composite alarm: the alarms form a cycle.")


def _leads_to(ctx: Context, alarm: Alarm, name: str, seen: set[str]) -> bool:
    """Tell whether a composite alarm looks at ``name``, itself or by others."""
    seen.add(alarm.name)
    for key in rules.alarms_in(rules.parse(alarm.settings["AlarmRule"])):
        child = find_alarm(ctx, key.rpartition(":alarm:")[2])
        if child is None or child.name in seen:
            continue
        if child.name == name or (child.composite and _leads_to(ctx, child, name, seen)):
            return True
    return False
