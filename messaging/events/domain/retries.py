"""What a failed delivery means, whether it is tried again, and when (P5, P6)."""

from typing import Final, NamedTuple

from messaging.events import limits

NO_PERMISSIONS: Final = "NO_PERMISSIONS"
NO_RESOURCE: Final = "NO_RESOURCE"
THROTTLING: Final = "THROTTLING"
TIMEOUT: Final = "TIMEOUT"
ERROR_FROM_TARGET: Final = "ERROR_FROM_TARGET"
INVALID_PARAMETER: Final = "INVALID_PARAMETER"
CONNECTION_FAILURE: Final = "CONNECTION_FAILURE"
THIRD_ACCOUNT: Final = "THIRD_ACCOUNT_HOP_DETECTED"
THIRD_REGION: Final = "THIRD_REGION_HOP_DETECTED"
TOO_MANY_TRIES: Final = "MaximumRetryAttempts"
TOO_OLD: Final = "MaximumEventAgeInSeconds"

_RETRIED: Final = frozenset({THROTTLING, TIMEOUT, ERROR_FROM_TARGET, CONNECTION_FAILURE})
# Parts of the names by which services call these errors.
_BY_NAME: Final = (
    ("AccessDenied", NO_PERMISSIONS),
    ("AuthorizationError", NO_PERMISSIONS),
    ("NotAuthorized", NO_PERMISSIONS),
    ("NotImplemented", NO_RESOURCE),
    ("DoesNotExist", NO_RESOURCE),
    ("NonExistent", NO_RESOURCE),
    ("NotFound", NO_RESOURCE),
    ("Throttl", THROTTLING),
    ("OverLimit", THROTTLING),
    ("LimitExceeded", THROTTLING),
    ("ThroughputExceeded", THROTTLING),
    ("TooManyRequests", THROTTLING),
    ("Timeout", TIMEOUT),
    ("Connection", CONNECTION_FAILURE),
)
# What an endpoint answered: of its refusals only 409 is tried again.
_BY_ANSWER: Final = (
    ("HTTP 429", THROTTLING),
    ("HTTP 409", ERROR_FROM_TARGET),
    ("too long", TIMEOUT),
    ("No answer", CONNECTION_FAILURE),
    ("is not known", CONNECTION_FAILURE),
)
_SERVER: Final = 500


class Policy(NamedTuple):
    """The two limits of a target; whichever is reached first ends the tries."""

    retries: int = limits.RETRIES_MAX
    age_s: int = limits.EVENT_AGE_S_MAX


class Next(NamedTuple):
    """``after_ms`` from now the next try, or None and the limit that is exhausted ("": no try)."""

    after_ms: int | None
    exhausted: str = ""


def classify(code: str, status: int, message: str = "") -> str:
    """Return EventBridge's ERROR_CODE for an error of a target's service."""
    for sign, found in _BY_ANSWER:
        if code.startswith("Endpoint") and sign in message:
            return found
    for part, found in _BY_NAME:
        if part in code:
            return found
    return ERROR_FROM_TARGET if status >= _SERVER else INVALID_PARAMETER


def decide(
    code: str, policy: Policy, *, retried: int, first_ms: int, now_ms: int, dice: float
) -> Next:
    """Decide what follows a failure behind ``retried`` retries; ``dice`` is in [0, 1)."""
    if code not in _RETRIED:
        return Next(None)
    if retried >= policy.retries:
        return Next(None, TOO_MANY_TRIES)
    after_ms = backoff_ms(retried, dice)
    if now_ms + after_ms - first_ms > policy.age_s * 1000:
        return Next(None, TOO_OLD)
    return Next(after_ms)


def backoff_ms(retried: int, dice: float) -> int:
    """Return how long to wait: doubled each time up to the most, a tenth more or less."""
    seconds = min(limits.BACKOFF_MOST_S, limits.BACKOFF_FIRST_S * 2.0 ** min(retried, 32))
    jitter = 1 + limits.BACKOFF_JITTER * (2 * dice - 1)
    return max(1, round(seconds * jitter * 1000))
