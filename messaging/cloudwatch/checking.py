"""What a request about metrics must be."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from messaging.cloudwatch.domain.statistics import is_statistic
from messaging.cloudwatch.errors import (
    InvalidParameterValue,
    MissingParameter,
    not_modelled,
)
from messaging.cloudwatch.limits import DIMENSIONS_MAX

_SHORT: Final = (1, 5, 10, 20, 30)


def check_period(period: int, name: str = "Period") -> None:
    """Refuse a period that is neither 1, 5, 10, 20, 30 nor a multiple of 60 (CW1)."""
    if period not in _SHORT and (period <= 0 or period % 60):
        raise InvalidParameterValue(
            f"The parameter {name} must be 1, 5, 10, 20, 30 or a multiple of 60."
        )


def check_statistic(name: str) -> None:
    """Refuse a statistic that is not modelled, by name."""
    if not is_statistic(name):
        raise not_modelled(f"the statistic {name}")


def check_dimensions(dimensions: Sequence[Mapping[str, str]]) -> None:
    """Refuse too many dimensions, or one twice."""
    if len(dimensions) > DIMENSIONS_MAX:
        raise InvalidParameterValue(
            f"The collection Dimensions must not have a size greater than {DIMENSIONS_MAX}."
        )
    names = [one["Name"] for one in dimensions]
    if len(set(names)) < len(names):
        raise InvalidParameterValue("No Metric may specify the same dimension name twice.")
    for one in dimensions:
        if not one["Name"] or not one["Value"]:
            raise InvalidParameterValue("The parameter Dimensions must have names and values.")


def check_span(req: Mapping[str, Any]) -> None:
    """Refuse a span of time that ends before it begins."""
    if req["StartTime"] >= req["EndTime"]:
        raise InvalidParameterValue(
            "The parameter StartTime must be less than the parameter EndTime."
        )


def required(req: Mapping[str, Any], *names: str) -> None:
    """Refuse a request without one of these parameters."""
    for name in names:
        if req.get(name) in (None, ""):
            raise MissingParameter(f"The parameter {name} is required.")
