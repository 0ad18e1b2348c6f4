"""What has happened to alarms."""

from collections.abc import Mapping
from typing import Any

from messaging.cloudwatch.limits import ALARMS_PAGE
from messaging.cloudwatch.listing import paged
from messaging.cloudwatch.models import HistoryItem
from messaging.kernel.arns import build_arn
from messaging.kernel.context import Context


def describe_alarm_history(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return what happened to one alarm, or to all, newest first; deleted ones too."""
    prefix = build_arn("cloudwatch", region=ctx.region, account=ctx.account, resource="alarm:")
    found = HistoryItem.objects.filter(sandbox=ctx.sandbox, arn__startswith=prefix)
    types = req.get("AlarmTypes") or ["MetricAlarm", "CompositeAlarm"]
    found = found.filter(composite__in=[kind == "CompositeAlarm" for kind in types])
    if req.get("AlarmName"):
        found = found.filter(name=req["AlarmName"])
    if req.get("HistoryItemType"):
        found = found.filter(kind=req["HistoryItemType"])
    if req.get("StartDate") is not None:
        found = found.filter(at__gte=req["StartDate"])
    if req.get("EndDate") is not None:
        found = found.filter(at__lte=req["EndDate"])
    is_upwards = req.get("ScanBy") == "TimestampAscending"
    items = list(found.order_by("id" if is_upwards else "-id"))
    top = 1 << 62
    chosen, token = paged(
        req, items, req.get("MaxRecords") or ALARMS_PAGE, scope=f"history {is_upwards}",
        key=lambda item: f"{item.pk if is_upwards else top - item.pk:020d}",
    )  # fmt: skip
    return {"AlarmHistoryItems": [_shown(item) for item in chosen], "NextToken": token}


def _shown(item: HistoryItem) -> dict[str, Any]:
    return {
        "AlarmName": item.name,
        "AlarmType": "CompositeAlarm" if item.composite else "MetricAlarm",
        "Timestamp": item.at,
        "HistoryItemType": item.kind,
        "HistorySummary": item.summary,
        "HistoryData": item.data,
    }
