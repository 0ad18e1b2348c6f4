"""An alarm invokes a function, which has metrics of its own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.fixtures.engine import ACCOUNT, REGION, Time
from tests.services.awslambda.conftest import ROLE, archive
from tests.services.cloudwatch.conftest import MINUTE, now

ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:late"


@pytest.mark.parametrize("allowed", [True, False])
def test_it_invokes_a_function_that_lets_it(
    allowed: bool, api: Any, aws: Callable[..., Any], clock: Time, events: Callable[..., Any]
) -> None:
    functions = aws("lambda")
    function = functions.create_function(
        FunctionName="page", Role=ROLE, Runtime="python3.13", Handler="app.handler",
        Code={"ZipFile": archive()},
    )["FunctionArn"]  # fmt: skip
    if allowed:
        functions.add_permission(
            FunctionName="page", StatementId="alarms", Action="lambda:InvokeFunction",
            Principal="lambda.alarms.cloudwatch.amazonaws.com", SourceArn=ALARM,
        )  # fmt: skip
    api.put_metric_alarm(
        AlarmName="late", Namespace="Shop", MetricName="Late", Statistic="Sum", Period=60,
        EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[function],
    )  # fmt: skip
    api.put_metric_data(Namespace="Shop", MetricData=[{"MetricName": "Late", "Value": 1}])
    clock.advance(120)
    assert len(events("cloudwatch.ActionDone")) == allowed
    assert len(events("cloudwatch.ActionFailed")) == (not allowed)
    found = api.get_metric_statistics(
        Namespace="AWS/Lambda", MetricName="Invocations", Period=60, Statistics=["Sum"],
        Dimensions=[{"Name": "FunctionName", "Value": "page"}],
        StartTime=MINUTE, EndTime=now(clock) + timedelta(minutes=1),
    )["Datapoints"]  # fmt: skip
    assert [point["Sum"] for point in found] == ([1] if allowed else [])
