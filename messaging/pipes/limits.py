"""Limits of EventBridge Pipes, as documented in November 2026 (PI1)."""

from typing import Final

BATCH_DEFAULT: Final = 10
BATCH_MAX: Final = 10_000
FIFO_BATCH_MAX: Final = 10
FILTERS_MAX: Final = 5
LIST_DEFAULT: Final = 10
RECEIVE_MAX: Final = 10
# How long a pipe leaves a source alone that refuses it, and batches in one look [model].
PAUSE_MS: Final = 60_000
BATCHES_PER_LOOK: Final = 50
