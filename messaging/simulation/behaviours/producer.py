"""A program that sends messages: evenly, at random, in bursts, on a ramp or by the time of day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from messaging.kernel.arns import is_arn, parse_arn
from messaging.kernel.errors import AwsError
from messaging.kernel.topology import Edge
from messaging.kernel.wording import gettext_noop as _
from messaging.simulation.behaviours import pacing
from messaging.simulation.behaviours.bringing import SERVICES, bring, operation
from messaging.simulation.behaviours.pacing import Pace, read_pace
from messaging.simulation.bodies import Moment, Template, read_template
from messaging.simulation.fields import Fields, SettingsError
from messaging.simulation.stage import Stage, is_transient

KIND: Final = "producer"
COLUMN: Final = "sources"
BATCH_MAX: Final = 10
ATTRIBUTES_MAX: Final = 10
_TRIES_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class Settings:
    """A share ``poison_share`` of the messages has ``poison_body`` instead of ``body``.

    ``target`` is a queue, a topic or an event bus; ``event`` has what else an event needs.
    ``attributes`` are keyed by name and data type.
    ``groups`` > 0 gives each message a MessageGroupId: ``group_prefix`` and a number. A share
    ``group_skew`` of the messages goes to the first group: one noisy tenant.
    """

    target: str
    pace: Pace
    body: Template
    poison_share: float
    poison_body: Template
    groups: int
    group_prefix: str
    group_order: str
    group_skew: float
    attributes: Mapping[tuple[str, str], Template]
    delay: int | None
    event: Mapping[str, str]

    @property
    def fifo(self) -> bool:
        return self.target.endswith(".fifo")


def read(raw: Mapping[str, Any]) -> Settings:
    """Check settings; raises SettingsError."""
    fields = Fields(raw)
    body = fields.text("body", '{"n":${counter}}', required=True)
    delay = fields.whole("delay", -1, low=-1, high=900)
    batch = fields.whole("batch", 1, low=1, high=BATCH_MAX)
    settings = Settings(
        target=_arn(fields, "target"),
        pace=read_pace(fields, batch=batch),
        body=read_template(body, field="body"),
        poison_share=fields.number("poison_share", 0.0, low=0, high=1),
        poison_body=read_template(fields.text("poison_body", "poison"), field="poison_body"),
        groups=fields.whole("groups", 0, low=0, high=10_000),
        group_prefix=fields.text("group_prefix", "group-", required=True),
        group_order=fields.choice("group_order", "dice", of=("dice", "round-robin")),
        group_skew=fields.number("group_skew", 0.0, low=0, high=1),
        attributes=_attributes(fields),
        delay=None if delay < 0 else delay,
        event={
            "Source": fields.text("source", "signalbox.producer", required=True),
            "DetailType": fields.text("detail_type", "Message", required=True),
        },
    )
    fields.finish()
    if settings.fifo and not settings.groups:
        raise SettingsError("groups", _("must be at least 1: a FIFO queue needs a group id"))
    return settings


def begin(stage: Stage, settings: Settings) -> int | None:
    """Return when the first message leaves."""
    stage.memory.pop("unsent", None)
    stage.memory["exact"] = pacing.first(stage, settings.pace)
    return _next(stage)


def adapt(stage: Stage, settings: Settings) -> int | None:
    """Take up new settings; return when to act again."""
    stage.memory.pop("left", None)
    stage.memory["exact"] = pacing.following(stage, settings.pace, float(stage.now))
    return _next(stage)


def act(stage: Stage, settings: Settings) -> int | None:
    """Send what is due; return when to act again."""
    if "unsent" in stage.memory:
        return _deliver(stage, settings, stage.memory.pop("unsent"))
    # Above a thousand calls a second several fall into one millisecond.
    while (exact := stage.memory["exact"]) is not None and round(exact) <= stage.now:
        size = pacing.size(stage, settings.pace)
        stage.memory["exact"] = pacing.following(stage, settings.pace, exact)
        entries = [_entry(stage, settings, place) for place in range(size)]
        next_at = _deliver(stage, settings, {"entries": entries, "tries": 0})
        if "unsent" in stage.memory:
            return next_at
    return _next(stage)


def picture(settings: Settings, memory: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the node shows."""
    return {"meta": pacing.spoken(settings.pace), "sent": memory.get("sent", 0)}


def resource(settings: Settings) -> str:
    """Return the ARN of what it works on."""
    return settings.target


def edges(node: str, settings: Settings) -> list[Edge]:
    return [Edge(node, settings.target, "send")]


def _next(stage: Stage) -> int | None:
    exact: float | None = stage.memory["exact"]
    return None if exact is None else max(stage.now + 1, round(exact))


def _entry(stage: Stage, settings: Settings, place: int) -> dict[str, Any]:
    stage.count("written")
    counter = stage.memory["written"]
    group = _group(stage, settings, counter)
    moment = Moment(counter, group, stage.now, stage.dice)
    is_poison = stage.dice.random() < settings.poison_share or stage.faults.hits("poison")
    template = settings.poison_body if is_poison else settings.body
    entry: dict[str, Any] = {"Id": str(place), "MessageBody": template.render(moment)}
    if group:
        entry["MessageGroupId"] = group
    if settings.fifo:
        entry["MessageDeduplicationId"] = f"{stage.key}-{counter}"
    if settings.attributes:
        entry["MessageAttributes"] = {
            name: {"DataType": kind, "StringValue": text.render(moment)}
            for (name, kind), text in settings.attributes.items()
        }
    if settings.delay is not None:
        entry["DelaySeconds"] = settings.delay
    return entry


def _group(stage: Stage, settings: Settings, counter: int) -> str:
    if not settings.groups:
        return ""
    if settings.group_skew and stage.dice.random() < settings.group_skew:
        number = 0
    elif settings.group_order == "dice":
        number = stage.dice.randrange(settings.groups)
    else:
        number = (counter - 1) % settings.groups
    return f"{settings.group_prefix}{number + 1:02d}"


def _deliver(stage: Stage, settings: Settings, letter: dict[str, Any]) -> int | None:
    """Make one call and return when to act again."""
    entries = letter["entries"]
    try:
        refused = bring(stage, settings.target, entries, settings.event)
    except AwsError as error:
        stage.note(operation(settings.target, len(entries)), error)
        letter["tries"] += 1
        return _give_back(stage, letter, may_retry=is_transient(error))
    stage.memory["tries"] = 0
    stage.count("sent", len(entries) - refused)
    stage.count("lost", refused)
    return _next(stage)


def _give_back(stage: Stage, letter: dict[str, Any], *, may_retry: bool) -> int:
    """Wait before the next call; what a throttle or an outage refused is kept and tried again."""
    stage.count("tries")
    retry_at = stage.backoff(stage.memory["tries"])
    if may_retry and letter["tries"] < _TRIES_MAX:
        stage.memory["unsent"] = letter
    else:
        stage.count("lost", len(letter["entries"]))
    exact = stage.memory["exact"]
    if exact is not None:
        stage.memory["exact"] = max(exact, float(retry_at))
    return retry_at


def _attributes(fields: Fields) -> dict[tuple[str, str], Template]:
    """Return the templates; a name that ends in ``:Number`` is an attribute of that type."""
    texts = fields.texts("attributes")
    if len(texts) > ATTRIBUTES_MAX:
        text = _("must be at most %(most)s: SQS takes no more")
        raise SettingsError("attributes", text, most=ATTRIBUTES_MAX)
    found = {}
    for key, text in texts.items():
        name, _colon, kind = key.partition(":")
        if kind not in ("", "String", "Number"):
            raise SettingsError("attributes", _("may be of the types String and Number"))
        found[name, kind or "String"] = read_template(text, field="attributes")
    return found


def _arn(fields: Fields, name: str) -> str:
    value = fields.text(name, required=True)
    if not is_arn(value) or parse_arn(value).service not in SERVICES:
        raise SettingsError(name, _("must be the ARN of a queue, a topic or an event bus"))
    return value
