"""Metric alarms on the sandbox's clock: when each is looked at, and what is found.

An alarm is looked at when a minute (or its shorter period) is over. Where nothing has happened
since the last look, what it would find later is worked out at once, and time goes on to where that
is something else: the plan. It holds as long as the log stays as it is (``World.settled``).
"""

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from messaging.cloudwatch import asking, folding, transitions
from messaging.cloudwatch.domain import notices
from messaging.cloudwatch.domain.verdicts import Condition, Datapoint, Verdict, judge
from messaging.cloudwatch.limits import EXTRA_PERIODS, HORIZON_MS, HOUR_MS, MINUTE_MS
from messaging.cloudwatch.models import Alarm
from messaging.kernel.context import Context

PLAN: Final = "cloudwatch.plan"
# In a world's caches: the last event when alarms were looked at.
_LOOKED: Final = "cloudwatch.looked"


class Plan(NamedTuple):
    """As long as event ``seq`` is the last one, nothing changes before ``at``."""

    seq: int
    at: int


class Watch:
    """A metric alarm with the rows of its metrics, for evaluating it at several times."""

    def __init__(self, alarm: Alarm, at: int) -> None:
        settings = alarm.settings
        queries = notices.queries_of(settings)
        self._key = next(query["Id"] for query in queries if query.get("ReturnData", True))
        self.condition = condition_of(settings)
        count = settings["EvaluationPeriods"] + EXTRA_PERIODS
        # Read far enough ahead for the plan: rows of reported metrics may lie in the future.
        end = at + HORIZON_MS + MINUTE_MS
        place = (alarm.account, alarm.region)
        longest = period_of(settings) * count
        self._inquiry = asking.Inquiry(
            alarm.sandbox, place, queries, span=(at - 2 * longest, end)
        )  # fmt: skip
        self.period = self._inquiry.period_of(self._key)
        self._length = self.period * count
        self._is_aligned = bool((settings.get("EvaluationWindow") or {}).get("WallClockWindow"))
        self.step = step_of(settings)

    def datapoints(self, at: int) -> list[Datapoint]:
        """Return the datapoints of the evaluation range that ends at ``at``, oldest first."""
        end = at // self.period * self.period if self._is_aligned else at
        origin = end - self._length
        many = self._inquiry.results(origin, end, now=at, origin=origin)[self._key]
        points = many[0] if many else {}
        return [(start, points.get(start)) for start in range(origin, end, self.period)]

    def find(self, at: int, state: str) -> Verdict:
        """Return what the alarm finds at a time."""
        return judge(self.condition, self.datapoints(at), state)


def condition_of(settings: dict[str, Any]) -> Condition:
    """Return when an alarm goes off."""
    return Condition(
        settings["ComparisonOperator"],
        settings["Threshold"],
        settings.get("DatapointsToAlarm") or settings["EvaluationPeriods"],
        settings["EvaluationPeriods"],
        settings.get("TreatMissingData") or "missing",
    )


def period_of(settings: dict[str, Any]) -> int:
    """Return the longest period of an alarm's metrics in milliseconds."""
    asked = [query.get("MetricStat") or query for query in notices.queries_of(settings)]
    return max((one.get("Period") or 60) * 1_000 for one in asked)


def step_of(settings: dict[str, Any]) -> int:
    """Return how often an alarm is looked at: each minute, its shorter period, or each hour."""
    period = period_of(settings)
    return min(period, MINUTE_MS) if period <= HOUR_MS else HOUR_MS


def due_after(now: int, step: int) -> int:
    """Return the end of the step that ``now`` lies in."""
    return (now // step + 1) * step


def evaluate_due(ctx: Context) -> None:
    """Look at every metric alarm whose time has come, and plan when to look again."""
    due = list(
        Alarm.objects.filter(
            sandbox=ctx.sandbox, due_at__isnull=False, due_at__lte=ctx.now
        ).order_by("id")
    )
    if not due:
        return
    folding.fold(ctx.batch, ctx.world)
    for alarm in due:
        step = step_of(alarm.settings)
        at = ctx.now // step * step
        watch = Watch(alarm, at)
        verdict = watch.find(at, alarm.state)
        Alarm.objects.filter(pk=alarm.pk).update(due_at=at + step)
        if verdict.state != alarm.state:
            data = _reason_data(alarm, watch, verdict, ctx.now)
            transitions.turn(ctx, alarm, verdict.state, verdict.reason, data)
    caches = ctx.world.caches
    if caches.get(_LOOKED) == ctx.world.last_seq:
        caches[PLAN] = _plan(ctx)
    caches[_LOOKED] = ctx.world.last_seq


def _plan(ctx: Context) -> Plan:
    """Work out until when no alarm changes if nothing happens."""
    until = ctx.now + HORIZON_MS
    for alarm in Alarm.objects.filter(sandbox=ctx.sandbox, due_at__isnull=False):
        until = min(until, _changes_at(alarm, step_of(alarm.settings), ctx.now, until))
    return Plan(ctx.world.last_seq, until)


def _changes_at(alarm: Alarm, step: int, now: int, until: int) -> int:
    """Return when an alarm would find another state, or when it is to be looked at anyway."""
    first = due_after(now, step)
    watch = Watch(alarm, first)
    for at in _steps(first, step, until):
        if watch.find(at, alarm.state).state != alarm.state:
            return at
    return due_after(until, step)


def _steps(first: int, step: int, until: int) -> Iterator[int]:
    at = first
    while at <= until:
        yield at
        at += step


def _reason_data(alarm: Alarm, watch: Watch, verdict: Verdict, now: int) -> str:
    settings = alarm.settings
    recent = [value for _, value in verdict.used if value is not None]
    data: dict[str, Any] = {"version": "1.0", "queryDate": notices.stamp(now)}
    if verdict.used:
        data["startDate"] = notices.stamp(min(at for at, _ in verdict.used))
    stat = settings.get("Statistic") or settings.get("ExtendedStatistic")
    if stat:
        data["statistic"] = stat
    data |= {
        "period": watch.period // 1_000,
        "recentDatapoints": recent[::-1],
        "threshold": watch.condition.threshold,
        "evaluatedDatapoints": [
            {"timestamp": notices.stamp(at), "value": value} for at, value in verdict.used
        ],
    }
    return json.dumps(data)
