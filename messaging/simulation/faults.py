"""Faults as values: what goes wrong with whom, how often, from when and for how long. Pure.

crash      what it holds is dropped, and it does nothing until the fault ends
latency    each message takes ``seconds`` longer to work on
drop       deletes get lost on the way: the consumer believes that it deleted
poison     a producer's messages become poison
throttle   calls are answered with AWS's throttling error, and do nothing

``share`` is the part of the messages or calls that is hit. A fault on a queue concerns the
simulated actors that work on it, and programs outside as ``outside.py`` says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from messaging.kernel.wording import gettext_noop as _
from messaging.simulation.fields import Fields, SettingsError

CRASH: Final = "crash"
DROP: Final = "drop"
LATENCY: Final = "latency"
POISON: Final = "poison"
THROTTLE: Final = "throttle"
# Whom a fault can be put on; a queue stands for everybody who works on it.
APPLIES: Final[Mapping[str, tuple[str, ...]]] = {
    "producer": (CRASH, POISON, THROTTLE),
    "consumer": (CRASH, LATENCY, DROP, THROTTLE),
    "fleet": (CRASH, LATENCY, DROP, THROTTLE),
    "queue": (CRASH, LATENCY, DROP, POISON, THROTTLE),
}
KINDS: Final = APPLIES["queue"]
SPAN_MAX_S: Final = 30 * 86_400
SEED_MAX: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """``after_ms`` is counted from the command; ``every_ms`` from start to start, 0 is once."""

    target: str
    kind: str
    share: float
    latency_ms: int
    lasts_ms: int
    after_ms: int
    every_ms: int
    seed: int


def read(raw: Mapping[str, Any]) -> Fault:
    """Check a fault from JSON, with times in seconds; raises SettingsError."""
    fields = Fields(raw)
    fault = Fault(
        target=fields.text("target", required=True),
        kind=fields.choice("kind", CRASH, of=KINDS),
        share=fields.number("share", 1.0, low=0.001, high=1),
        latency_ms=_ms(fields.number("seconds", 2.0, low=0.001, high=86_400)),
        lasts_ms=_ms(fields.number("lasts", 30.0, low=0.1, high=SPAN_MAX_S)),
        after_ms=_ms(fields.number("after", 0.0, low=0, high=SPAN_MAX_S)),
        every_ms=_ms(fields.number("every", 0.0, low=0, high=SPAN_MAX_S)),
        seed=fields.whole("seed", 1, low=0, high=SEED_MAX),
    )
    fields.finish()
    if 0 < fault.every_ms <= fault.lasts_ms:
        raise SettingsError("every", _("must be longer than it lasts, or 0 for once"))
    return fault


def check_target(fault: Fault, kind: str) -> None:
    """Refuse a fault that means nothing to its target; raises SettingsError."""
    possible = APPLIES.get(kind, ())
    if fault.kind not in possible:
        known = ", ".join(possible) or "–"
        text = _("cannot happen to a %(kind)s; there is %(known)s")
        raise SettingsError("kind", text, kind=kind, known=known)


def concerns(fault: Fault, *, node: str, resource: str, kind: str) -> bool:
    """Tell whether an actor feels a fault: it is on the actor, or on what it works on."""
    if fault.target == node:
        return True
    return (
        fault.target == resource
        and fault.kind in APPLIES.get(kind, ())
        and (fault.kind != CRASH or kind != "producer")
    )


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000)) if seconds else 0
