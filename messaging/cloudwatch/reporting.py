"""PutMetricData: datapoints that programs report, checked and kept."""

import math
from collections.abc import Mapping
from typing import Any

from messaging.cloudwatch import store
from messaging.cloudwatch.checking import check_dimensions, required
from messaging.cloudwatch.domain.projection import Subject
from messaging.cloudwatch.domain.statistics import Summary
from messaging.cloudwatch.errors import (
    InvalidParameterCombination,
    InvalidParameterValue,
    MissingParameter,
    not_modelled,
)
from messaging.cloudwatch.limits import DATUMS_MAX, FUTURE_MS, MINUTE_MS, PAST_MS, VALUES_MAX
from messaging.kernel.context import Context

_LARGEST = 2.0**360


def report(ctx: Context, req: Mapping[str, Any]) -> None:
    """Keep what a program reports; raises AwsError before the first write."""
    namespace, datums = req["Namespace"], req.get("MetricData") or ()
    if req.get("EntityMetricData"):
        raise not_modelled("entities of PutMetricData")
    if namespace.startswith("AWS/"):
        raise InvalidParameterValue(
            "The value AWS/ for parameter Namespace is invalid: it is reserved for AWS services."
        )
    if not datums:
        raise MissingParameter("The parameter MetricData is required.")
    if len(datums) > DATUMS_MAX:
        raise InvalidParameterValue(
            f"The collection MetricData must not have a size greater than {DATUMS_MAX}."
        )
    found: dict[Subject, dict[int, dict[str, Summary]]] = {}
    for place, datum in enumerate(datums, 1):
        summary = _summary(datum, f"MetricData.member.{place}")
        subject = Subject(
            ctx.account, ctx.region, namespace, store.as_pairs(datum.get("Dimensions"))
        )
        key = f"{datum['MetricName']}\t{datum.get('Unit') or 'None'}"
        minute = found.setdefault(subject, {}).setdefault(_at(ctx, datum), {})
        minute.setdefault(key, Summary()).join(summary)
    for subject, minutes in found.items():
        row = store.measured(ctx.sandbox, subject)
        store.merge(ctx.sandbox, row, minutes)
        row.save()


def _at(ctx: Context, datum: Mapping[str, Any]) -> int:
    at: int = datum["Timestamp"] if datum.get("Timestamp") is not None else ctx.now
    if not ctx.now - PAST_MS <= at <= ctx.now + FUTURE_MS:
        raise InvalidParameterValue(
            "The parameter MetricData.member.Timestamp must specify a time no more than two "
            "weeks in the past and two hours in the future."
        )
    length = 1_000 if datum.get("StorageResolution") == 1 else MINUTE_MS
    return at // length * length


def _summary(datum: Mapping[str, Any], path: str) -> Summary:
    required(datum, "MetricName")
    check_dimensions(datum.get("Dimensions") or ())
    if datum.get("StorageResolution") not in (None, 1, 60):
        raise InvalidParameterValue(f"The parameter {path}.StorageResolution must be 1 or 60.")
    given = [name for name in ("Value", "Values", "StatisticValues") if datum.get(name) is not None]
    if not given:
        raise MissingParameter(
            f"At least one of the parameters must be specified: {path}.Value, {path}.Values, "
            f"{path}.StatisticValues."
        )
    if len(given) > 1:
        raise InvalidParameterCombination(
            f"The parameters {path}.{given[0]} and {path}.{given[1]} are mutually exclusive and "
            "you have specified both."
        )
    if given[0] == "StatisticValues":
        return _statistic_set(datum["StatisticValues"], path)
    return _values(datum, path)


def _values(datum: Mapping[str, Any], path: str) -> Summary:
    values = [datum["Value"]] if datum.get("Value") is not None else datum["Values"]
    counts = datum.get("Counts") or [1.0] * len(values)
    if len(values) != len(counts):
        raise InvalidParameterValue(
            f"The parameters {path}.Values and {path}.Counts must be of the same size."
        )
    if len(values) > VALUES_MAX:
        raise InvalidParameterValue(
            f"The collection {path}.Values must not have a size greater than {VALUES_MAX}."
        )
    summary = Summary()
    for value, count in zip(values, counts, strict=True):
        _check_number(value, path)
        if count > 0:
            summary.add(float(value), count)
    return summary


def _statistic_set(given: Mapping[str, Any], path: str) -> Summary:
    for value in given.values():
        _check_number(value, path)
    if given["SampleCount"] <= 0 or given["Minimum"] > given["Maximum"]:
        raise InvalidParameterValue(f"The parameter {path}.StatisticValues is not consistent.")
    return Summary(
        given["SampleCount"], given["Sum"], given["Minimum"], given["Maximum"], None
    )  # fmt: skip


def _check_number(value: float, path: str) -> None:
    if math.isnan(value) or abs(value) > _LARGEST:
        raise InvalidParameterValue(f"The value {value} for parameter {path}.Value is invalid.")
