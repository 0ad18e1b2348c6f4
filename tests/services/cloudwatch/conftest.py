"""CloudWatch for tests, through boto3, with queues and topics to measure."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.engine import ACCOUNT, REGION, START_MS, Time

# The sandbox's clock starts within a minute.
START = datetime.fromtimestamp(START_MS / 1000, UTC)
MINUTE = START.replace(second=0, microsecond=0)
Ask = Callable[..., list[Any]]


@pytest.fixture
def api(aws: Callable[..., Any]) -> Any:
    return aws("cloudwatch")


@pytest.fixture
def sqs(aws: Callable[..., Any]) -> Any:
    return aws("sqs")


@pytest.fixture
def queue(sqs: Any) -> str:
    return str(sqs.create_queue(QueueName="work")["QueueUrl"])


@pytest.fixture
def ask(api: Any, clock: Time) -> Ask:
    """Return a function that asks for a statistic of a metric, minute by minute."""

    def values(metric: str, stat: str = "Sum", *, queue: str = "work", **more: Any) -> list[Any]:
        asked: dict[str, Any] = {
            "Namespace": "AWS/SQS",
            "Dimensions": [{"Name": "QueueName", "Value": queue}],
            "StartTime": MINUTE,
            "EndTime": now(clock) + timedelta(minutes=1),
            "Period": 60,
            "Statistics": [stat],
            **more,
        }
        found = api.get_metric_statistics(MetricName=metric, **asked)["Datapoints"]
        return [point[stat] for point in sorted(found, key=lambda point: point["Timestamp"])]

    return values


def now(clock: Time) -> datetime:
    return datetime.fromtimestamp(clock.now / 1000, UTC)


def arn(queue: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"
