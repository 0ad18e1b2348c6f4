"""Whether and when a schedule tries again (SC1). Pure.

What the target refuses for good, such as a missing permission, is not tried again.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from messaging.scheduler.limits import (
    AGE_DEFAULT_S,
    FIRST_PAUSE_MS,
    LONGEST_PAUSE_MS,
    RETRIES_DEFAULT,
)

SERVER_ERROR: Final = 500
PASSING: Final = frozenset({"Throttling", "ThrottlingException", "OverLimit", "ServiceUnavailable"})


class Verdict(NamedTuple):
    """What becomes of a refused call: ``after_ms`` until the next try, or the reason why none."""

    after_ms: int | None
    exhausted: str = ""


def judge(
    policy: Mapping[str, Any], *, attempts: int, age_ms: int, code: str, status: int
) -> Verdict:
    """Decide about another try after ``attempts`` tries, the last one included."""
    if status < SERVER_ERROR and code not in PASSING:
        return Verdict(None)
    if attempts > policy.get("MaximumRetryAttempts", RETRIES_DEFAULT):
        return Verdict(None, "MaximumRetryAttempts")
    pause = min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << min(attempts - 1, 20))
    if age_ms + pause > policy.get("MaximumEventAgeInSeconds", AGE_DEFAULT_S) * 1000:
        return Verdict(None, "MaximumEventAgeInSeconds")
    return Verdict(pause)
