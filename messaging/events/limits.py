"""EventBridge's quotas and defaults, checked on 21 November 2026 (botocore 1.44.5, AWS's pages)."""

from typing import Final

KIB: Final = 1024
MINUTE_MS: Final = 60_000
DAY_MS: Final = 24 * 60 * MINUTE_MS

# PutEvents
ENTRIES_BYTES_MAX: Final = 1024 * KIB
TIME_BYTES: Final = 14

# Buses and rules
BUSES_MAX: Final = 100
RULES_PER_BUS_MAX: Final = 300
WILDCARD_RULES_PER_BUS_MAX: Final = 30
TARGETS_PER_RULE_MAX: Final = 5
PATTERN_CHARS_MAX: Final = 2048
POLICY_BYTES_MAX: Final = 10 * KIB
PAGE_MAX: Final = 100

# Retries of a target
RETRIES_MAX: Final = 185
EVENT_AGE_S_MAX: Final = 86_400
# How the waiting time grows is not published. This one comes to 185 tries in about a day.
BACKOFF_FIRST_S: Final = 1.0
BACKOFF_MOST_S: Final = 480.0
BACKOFF_JITTER: Final = 0.1

# Archives and replays
REPLAYS_AT_ONCE_MAX: Final = 10
REPLAY_STARTS_MS: Final = 5_000
# How fast a replay is has no published number: one slice of event time a second.
REPLAY_SLICE_MS: Final = MINUTE_MS
REPLAY_PACE_MS: Final = 1_000
REPLAY_PIECE: Final = 1_000
ARCHIVES_MAX: Final = 100

# API destinations
INVOCATIONS_PER_S_DEFAULT: Final = 300
ENDPOINT_TIMEOUT_S: Final = 5.0
CONNECTIONS_MAX: Final = 3_000
DESTINATIONS_MAX: Final = 3_000
