"""What a consumer is like: the settings, read and checked, and the dice for one message."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from random import Random
from typing import Any, Final

from messaging.kernel.arns import is_arn
from messaging.kernel.wording import gettext_noop as _
from messaging.simulation.fields import Fields, SettingsError

SLOTS_MAX: Final = 1_000
RECEIVE_MAX: Final = 10
WORKS: Final = ("exponential", "fixed", "lognormal", "uniform")
DELETES: Final = ("each", "batch", "all-or-none")
_DAY_S: Final = 86_400
# 95 of 100 throws of the normal distribution lie below this many standard deviations.
_P95: Final = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Settings:
    """``work`` is how the time for a message is thrown: from ``seconds`` on.

    ``fixed``; ``uniform`` from ``seconds`` to ``seconds_most``; ``exponential`` with mean
    ``seconds``; ``lognormal`` with median ``seconds``, and 95 of 100 below ``seconds_p95``.

    A share ``failure_rate`` of the attempts fails, and every attempt on a message that holds
    ``poison`` in its body or, if named, in ``poison_attribute``. ``wait`` > 0 is a long poll;
    ``pause`` is the time between short polls that bring nothing.

    ``deletes``: ``each`` when it is done; ``batch``: what was received together is deleted in one
    call when all of it is done, what failed is left; ``all-or-none``: one failure leaves all.

    ``heartbeat`` > 0: every so many seconds the message is hidden for ``heartbeat_for`` more.
    ``idempotent``: ids it has finished are remembered, and no side effect happens twice.
    """

    source: str
    slots: int
    batch: int
    wait: int
    pause: float
    visibility: int | None
    work: str
    seconds: float
    seconds_most: float
    seconds_p95: float
    failure_rate: float
    poison: str
    poison_attribute: str
    deletes: str
    forget_share: float
    heartbeat: float
    heartbeat_for: int
    idempotent: bool
    crash_every: float
    crash_down: float

    def throw_seconds(self, dice: Random) -> float:
        """Throw how long one message takes."""
        if self.work == "fixed":
            return self.seconds
        if self.work == "uniform":
            return dice.uniform(self.seconds, self.seconds_most)
        if self.work == "lognormal":
            spread = log(self.seconds_p95 / self.seconds) / _P95
            return dice.lognormvariate(log(self.seconds), spread)
        return dice.expovariate(1 / self.seconds)

    def is_poison(self, message: Mapping[str, Any]) -> bool:
        """Tell whether it fails on a message each time."""
        if not self.poison:
            return False
        text: str = message["Body"]
        if self.poison_attribute:
            attribute = message.get("MessageAttributes", {}).get(self.poison_attribute, {})
            text = attribute.get("StringValue", "")
        return self.poison in text


def read(raw: Mapping[str, Any]) -> Settings:
    """Check settings; raises SettingsError."""
    fields = Fields(raw)
    settings = take(fields)
    fields.finish()
    return settings


def take(fields: Fields) -> Settings:
    """Take a consumer's settings, and leave the others."""
    source = fields.text("source", required=True)
    if not is_arn(source):
        raise SettingsError("source", _("must be the ARN of a queue"))
    visibility = fields.whole("visibility", -1, low=-1, high=43_200)
    seconds = fields.number("seconds", 1.0, low=0.001, high=_DAY_S)
    return Settings(
        source=source,
        slots=fields.whole("slots", 1, low=1, high=SLOTS_MAX),
        batch=fields.whole("batch", 1, low=1, high=RECEIVE_MAX),
        wait=fields.whole("wait", 20, low=0, high=20),
        pause=fields.number("pause", 1.0, low=0.001, high=_DAY_S),
        visibility=None if visibility < 0 else visibility,
        work=fields.choice("work", "exponential", of=WORKS),
        seconds=seconds,
        seconds_most=fields.number("seconds_most", seconds, low=seconds, high=_DAY_S),
        seconds_p95=fields.number("seconds_p95", seconds, low=seconds, high=_DAY_S),
        failure_rate=fields.number("failure_rate", 0.0, low=0, high=1),
        poison=fields.text("poison"),
        poison_attribute=fields.text("poison_attribute"),
        deletes=fields.choice("deletes", "each", of=DELETES),
        forget_share=fields.number("forget_share", 0.0, low=0, high=1),
        heartbeat=fields.number("heartbeat", 0.0, low=0, high=43_200),
        heartbeat_for=fields.whole("heartbeat_for", 30, low=1, high=43_200),
        idempotent=fields.flag("idempotent"),
        crash_every=fields.number("crash_every", 0.0, low=0, high=30 * _DAY_S),
        crash_down=fields.number("crash_down", 5.0, low=0.001, high=_DAY_S),
    )
