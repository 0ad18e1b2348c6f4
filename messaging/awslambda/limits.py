"""Limits of AWS Lambda, as documented in November 2026 (LM1–LM5)."""

from typing import Final

ACCOUNT_CONCURRENCY: Final = 1_000
# What reservations must leave to the functions without one.
UNRESERVED_MIN: Final = 100
TIMEOUT_S: Final = range(1, 901)
TIMEOUT_DEFAULT_S: Final = 3
MEMORY_MB: Final = range(128, 10_241)
MEMORY_DEFAULT_MB: Final = 128
ENVIRONMENT_BYTES_MAX: Final = 4_096
ZIP_BYTES_MAX: Final = 50 << 20
UNZIPPED_BYTES_MAX: Final = 250 << 20
UNZIPPED_FILES_MAX: Final = 20_000
# What Tail shows of the log.
LOG_BYTES_MAX: Final = 4 << 10
POLICY_BYTES_MAX: Final = 20_480
LIST_DEFAULT: Final = 50

SYNC_BYTES_MAX: Final = 6 << 20
ASYNC_BYTES_MAX: Final = 1 << 20
RETRIES_DEFAULT: Final = 2
AGE_S: Final = range(60, 21_601)
# Waits before the second and the third try of an asynchronous invocation.
RETRY_AFTER_MS: Final = (60_000, 120_000)
# Waits of a throttled invocation: twice as long each time [model].
THROTTLED_FIRST_MS: Final = 1_000
THROTTLED_LONGEST_MS: Final = 300_000

BATCH_DEFAULT: Final = 10
BATCH_MAX: Final = 10_000
BATCH_MAX_FIFO: Final = 10
WINDOW_S: Final = range(0, 301)
BATCH_BYTES_MAX: Final = 6 << 20
FILTERS_MAX: Final = 5
RECEIVE_MAX: Final = 10
POLL_S: Final = 20
# Concurrent batches of a mapping: where it begins, how many more a minute, and where it ends.
POLLERS_FIRST: Final = 5
POLLERS_PER_MINUTE: Final = 300
POLLERS_MAX: Final = 1_250
MAXIMUM_CONCURRENCY: Final = range(2, 1_001)
# How long a change of a mapping takes [model].
MAPPING_CHANGE_MS: Final = 1_000
