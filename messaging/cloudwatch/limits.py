"""Limits of CloudWatch, as documented in November 2026."""

from typing import Final

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
# CW3: a queue or topic with which nothing happens for longer stops emitting.
ACTIVE_MS: Final = 6 * HOUR_MS
# Datapoints of one minute are kept this long; the coarser ones of AWS are not modelled.
KEPT_MS: Final = 15 * DAY_MS
RECENTLY_MS: Final = 3 * HOUR_MS
LISTED_MS: Final = 14 * DAY_MS

STATISTICS_POINTS_MAX: Final = 1_440
DATA_POINTS_MAX: Final = 100_800
QUERIES_MAX: Final = 500
DATUMS_MAX: Final = 1_000
VALUES_MAX: Final = 150
DIMENSIONS_MAX: Final = 30
PAST_MS: Final = 14 * DAY_MS
FUTURE_MS: Final = 2 * HOUR_MS
METRICS_PAGE: Final = 500
ALARMS_PAGE: Final = 50
ACTIONS_MAX: Final = 5
HISTORY_MS: Final = 30 * DAY_MS
# CW2 [model]: how many periods more than EvaluationPeriods an alarm looks back.
EXTRA_PERIODS: Final = 2
# How far ahead it is worked out that an alarm stays as it is while nothing happens.
HORIZON_MS: Final = DAY_MS
# Events that are folded at a time: the writer stands still meanwhile.
CHUNK: Final = 1_000
