"""How many batches of a mapping run at once, and how its states follow each other (LM1). Pure."""

from collections.abc import Mapping
from typing import Any, Final

from messaging.awslambda.limits import POLLERS_FIRST, POLLERS_MAX, POLLERS_PER_MINUTE

ENABLED: Final = "Enabled"
# The state that follows each passing one; "" is the end.
FOLLOWING: Final = {
    "Creating": ENABLED,
    "Enabling": ENABLED,
    "Updating": ENABLED,
    "Disabling": "Disabled",
    "Deleting": "",
}
POLLED: Final = frozenset({ENABLED, "Updating"})
_MINUTE_MS: Final = 60_000
# A pause in the demand that is longer starts the growth anew.
_PAUSE_MS: Final = 1_000
_LOOK_MS: Final = 200
_SECOND_MS: Final = 1_000
_LONGEST_MS: Final = 300_000


def most(settings: Mapping[str, Any]) -> int:
    """Return how many batches may run at once at the very most."""
    return int(settings.get("ScalingConfig", {}).get("MaximumConcurrency") or POLLERS_MAX)


def first(settings: Mapping[str, Any]) -> float:
    """Return how many may run in the beginning, and after a time without work."""
    return float(min(POLLERS_FIRST, most(settings)))


def grown(allowed: float, settings: Mapping[str, Any], *, since_ms: int) -> float:
    """Return how many may run after ``since_ms`` in which as many as allowed did."""
    if since_ms > _PAUSE_MS:
        return allowed
    return min(float(most(settings)), allowed + since_ms * POLLERS_PER_MINUTE / _MINUTE_MS)


def next_growth(allowed: float, settings: Mapping[str, Any], now: int) -> int | None:
    """Return when one more may run, or None."""
    return now + _LOOK_MS if allowed < most(settings) else None


def backed_off(allowed: float) -> float:
    """Return how many may run after a function has failed (LM3) [model]."""
    return max(1.0, allowed / 2)


def pause_ms(troubles: int) -> int:
    """Return how long to wait after failed polls or throttled batches in a row [model]."""
    return min(_LONGEST_MS, _SECOND_MS << min(max(troubles - 1, 0), 20))
