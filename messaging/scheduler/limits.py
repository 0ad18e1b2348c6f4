"""Limits of EventBridge Scheduler, as documented in November 2026 (SC1)."""

from typing import Final

RETRIES_DEFAULT: Final = 185
AGE_DEFAULT_S: Final = 86_400
LIST_DEFAULT: Final = 100
DEFAULT_GROUP: Final = "default"
# The first pause before another try; each further one is twice as long, up to the longest [model].
FIRST_PAUSE_MS: Final = 1_000
LONGEST_PAUSE_MS: Final = 600_000
