"""When a failed delivery is tried again (N7). Pure; times in milliseconds.

Retries come in four phases: at once, with the shortest delay, with growing delays, with the longest
one. AWS adds jitter of a shape that it does not publish; here is none, so that a retry can be
foretold.
"""

import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from messaging.sns.limits import HTTP_DELAY_S_DEFAULT, HTTP_RETRIES_DEFAULT

BACKOFFS: Final = ("arithmetic", "exponential", "geometric", "linear")
_POWERS: Final = {"linear": 1, "arithmetic": 2, "geometric": 3}
# "At once" is the next millisecond, so that a retry is an event of its own.
AT_ONCE_MS: Final = 1


class RetryPolicy(NamedTuple):
    """How often, and with which delays in seconds."""

    min_delay: int
    max_delay: int
    no_delay: int
    min_delays: int
    backoffs: int
    max_delays: int
    function: str

    @property
    def retries(self) -> int:
        return self.no_delay + self.min_delays + self.backoffs + self.max_delays


class Step(NamedTuple):
    """The next try: after how long, and for how many tries it stands."""

    after_ms: int
    tries: int = 1


# SQS, Lambda and Firehose: 100,015 retries over 23 days
AWS_ENDPOINTS: Final = RetryPolicy(1, 20, 3, 2, 10, 100_000, "exponential")
# E-mail, short messages and mobile push: 50 over six hours
PEOPLE: Final = RetryPolicy(10, 600, 0, 2, 10, 38, "exponential")
HTTP: Final = RetryPolicy(
    HTTP_DELAY_S_DEFAULT, HTTP_DELAY_S_DEFAULT, 0, 0, HTTP_RETRIES_DEFAULT, 0, "linear"
)
# After an hour of the same, one try stands for those of half an hour; after a day, for six hours'.
_STRIDES: Final = ((180, 1), (4_320, 90))
_LONGEST_STRIDE: Final = 1_080


def next_step(policy: RetryPolicy, failed: int) -> Step | None:
    """Return the next try when ``failed`` tries have failed (1 or more); None after the last."""
    place = failed - 1
    if place >= policy.retries:
        return None
    if place < policy.no_delay:
        return Step(AT_ONCE_MS)
    place -= policy.no_delay
    if place < policy.min_delays:
        return Step(policy.min_delay * 1000)
    place -= policy.min_delays
    if place < policy.backoffs:
        return Step(_backoff(policy, place))
    place -= policy.backoffs
    stride = next((each for until, each in _STRIDES if place < until), _LONGEST_STRIDE)
    tries = min(stride, policy.max_delays - place)
    return Step(policy.max_delay * 1000 * tries, tries)


def policy_of(retries: Mapping[str, Any]) -> RetryPolicy:
    """Return a healthyRetryPolicy as numbers."""
    counts = [retries[f"num{name}Retries"] for name in ("NoDelay", "MinDelay", "MaxDelay")]
    return RetryPolicy(
        retries["minDelayTarget"], max(retries["minDelayTarget"], retries["maxDelayTarget"]),
        counts[0], counts[1], retries["numRetries"] - sum(counts), counts[2],
        retries["backoffFunction"],
    )  # fmt: skip


def total_ms(policy: RetryPolicy) -> int:
    """Return how long a policy goes on."""
    steps = (next_step(policy, failed) for failed in range(1, policy.retries + 1))
    return sum(step.after_ms for step in steps if step is not None)


def _backoff(policy: RetryPolicy, place: int) -> int:
    """Return the delay of one retry of the growing phase."""
    low, high = policy.min_delay, policy.max_delay
    share = place / (policy.backoffs - 1) if policy.backoffs > 1 else 1.0
    if policy.function == "exponential":
        return round(1000 * low * math.pow(high / low, share))
    return round(1000 * (low + (high - low) * math.pow(share, _POWERS[policy.function])))
