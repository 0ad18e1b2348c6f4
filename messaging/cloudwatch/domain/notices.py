"""What an alarm says when its state changes: to SNS, to EventBridge, to a function. Pure."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

_REGIONS: Final = {
    "ap-northeast-1": "Asia Pacific (Tokyo)", "ap-southeast-1": "Asia Pacific (Singapore)",
    "ap-southeast-2": "Asia Pacific (Sydney)", "eu-central-1": "EU (Frankfurt)",
    "eu-north-1": "EU (Stockholm)", "eu-west-1": "EU (Ireland)", "eu-west-2": "EU (London)",
    "eu-west-3": "EU (Paris)", "us-east-1": "US East (N. Virginia)", "us-east-2": "US East (Ohio)",
    "us-west-1": "US West (N. California)", "us-west-2": "US West (Oregon)",
}  # fmt: skip
_SUBJECT_MAX: Final = 100


class State(NamedTuple):
    """A state of an alarm, and since when."""

    value: str
    reason: str
    data: str
    at: int

    def shown(self) -> dict[str, Any]:
        """Return it as events have it."""
        found = {"value": self.value, "reason": self.reason, "timestamp": stamp(self.at)}
        return found | ({"reasonData": self.data} if self.data else {})


class Change(NamedTuple):
    """A change of an alarm's state; ``settings`` are those of PutMetricAlarm."""

    name: str
    arn: str
    account: str
    region: str
    settings: Mapping[str, Any]
    configured_at: int
    old: State
    new: State


def stamp(at: int) -> str:
    """Return a time as CloudWatch writes it: milliseconds and an offset."""
    moment = datetime.fromtimestamp(at // 1_000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at % 1_000:03d}+0000"


def is_json(text: str) -> bool:
    """Tell whether a text is JSON."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def notification(change: Change, topic: str) -> str:
    """Return the parameters of Publish: AWS's subject and message."""
    settings = change.settings
    message = {
        "AlarmName": change.name,
        "AlarmDescription": settings.get("AlarmDescription"),
        "AWSAccountId": change.account,
        "AlarmConfigurationUpdatedTimestamp": stamp(change.configured_at),
        "NewStateValue": change.new.value,
        "NewStateReason": change.new.reason,
        "StateChangeTime": stamp(change.new.at),
        "Region": _REGIONS.get(change.region, change.region),
        "AlarmArn": change.arn,
        "OldStateValue": change.old.value,
        "OKActions": settings.get("OKActions", []),
        "AlarmActions": settings.get("AlarmActions", []),
        "InsufficientDataActions": settings.get("InsufficientDataActions", []),
    }
    if "AlarmRule" in settings:
        message["AlarmRule"] = settings["AlarmRule"]
    else:
        message["Trigger"] = _trigger(settings)
    subject = f'{change.new.value}: "{change.name}" in {message["Region"]}'
    body = {
        "TopicArn": topic,
        "Subject": subject[:_SUBJECT_MAX].encode("ascii", "replace").decode(),
        "Message": json.dumps(message),
    }
    return json.dumps(body)


def event(change: Change) -> str:
    """Return the entry of PutEvents that every change makes."""
    entry = {
        "Source": "aws.cloudwatch",
        "DetailType": "CloudWatch Alarm State Change",
        "Resources": [change.arn],
        "Time": change.new.at,
        "Detail": json.dumps(_data(change)),
    }
    return json.dumps(entry)


def invocation(change: Change) -> str:
    """Return the parameters of Invoke: what a function gets."""
    payload = json.dumps(
        {
            "source": "aws.cloudwatch",
            "alarmArn": change.arn,
            "accountId": change.account,
            "time": stamp(change.new.at),
            "region": change.region,
            "alarmData": _data(change),
        }
    )
    return json.dumps({"InvocationType": "Event", "Payload": payload})


def _data(change: Change) -> dict[str, Any]:
    settings = change.settings
    told: dict[str, Any] = {}
    if settings.get("AlarmDescription"):
        told["description"] = settings["AlarmDescription"]
    if "AlarmRule" in settings:
        told["alarmRule"] = settings["AlarmRule"]
    else:
        told["metrics"] = [_query(one) for one in queries_of(settings)]
    return {
        "alarmName": change.name,
        "state": change.new.shown(),
        "previousState": change.old.shown(),
        "configuration": told,
    }


def queries_of(settings: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return an alarm's metric as queries of GetMetricData."""
    if settings.get("Metrics"):
        return list(settings["Metrics"])
    metric = {
        "Namespace": settings["Namespace"],
        "MetricName": settings["MetricName"],
        "Dimensions": settings.get("Dimensions", []),
    }
    stat = settings.get("Statistic") or settings.get("ExtendedStatistic")
    asked = {"Metric": metric, "Period": settings["Period"], "Stat": stat}
    if settings.get("Unit"):
        asked["Unit"] = settings["Unit"]
    return [{"Id": "m1", "MetricStat": asked, "ReturnData": True}]


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": query["Id"], "returnData": query.get("ReturnData", True)}
    asked = query.get("MetricStat")
    if not asked:
        return found | {"expression": query["Expression"]}
    metric = asked["Metric"]
    named = {one["Name"]: one["Value"] for one in metric.get("Dimensions") or ()}
    found["metricStat"] = {
        "metric": {
            "namespace": metric["Namespace"], "name": metric["MetricName"], "dimensions": named,
        },
        "period": asked["Period"],
        "stat": asked["Stat"],
    }  # fmt: skip
    return found


def _trigger(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the message says of the metric; names as AWS writes them there."""
    trigger: dict[str, Any] = {
        "Period": settings.get("Period"),
        "EvaluationPeriods": settings["EvaluationPeriods"],
        "DatapointsToAlarm": settings.get("DatapointsToAlarm", settings["EvaluationPeriods"]),
        "ComparisonOperator": settings["ComparisonOperator"],
        "Threshold": settings["Threshold"],
        "TreatMissingData": settings.get("TreatMissingData", "missing"),
        "EvaluateLowSampleCountPercentile": settings.get("EvaluateLowSampleCountPercentile", ""),
    }
    if settings.get("Metrics"):
        return trigger | {"Metrics": settings["Metrics"]}
    extended = settings.get("ExtendedStatistic")
    return trigger | {
        "MetricName": settings["MetricName"],
        "Namespace": settings["Namespace"],
        "StatisticType": "ExtendedStatistic" if extended else "Statistic",
        "Statistic": extended or _shouted(settings["Statistic"]),
        "Unit": settings.get("Unit"),
        "Dimensions": [
            {"value": one["Value"], "name": one["Name"]} for one in settings.get("Dimensions", [])
        ],
    }


def _shouted(statistic: str) -> str:
    """Return ``SAMPLE_COUNT`` for ``SampleCount``."""
    return "SAMPLE_COUNT" if statistic == "SampleCount" else statistic.upper()
