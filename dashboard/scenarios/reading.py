"""Reading a scenario document: what is wrong is said with its path. Pure."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from typing import Final

from dashboard.scenarios.document import (
    HOME_REGION,
    OLDEST,
    VERSION,
    WITH_FAULTS,
    WITH_ROUTES,
    WITH_WORK,
    Account,
    Actor,
    Fault,
    Message,
    Queue,
    Scenario,
)
from dashboard.scenarios.parse import parse
from dashboard.scenarios.parts import Part, ScenarioError, check_texts, number
from dashboard.scenarios.placing import once, place_of
from dashboard.scenarios.queue_attributes import readable, without_assumed
from dashboard.scenarios.route_reading import read_buses, read_schedules, read_topics
from dashboard.scenarios.work_reading import read_alarms, read_functions, read_pipes
from messaging.kernel.wording import Sentence
from messaging.kernel.wording import gettext_noop as _

ACCOUNTS_MAX: Final = 8
QUEUES_MAX: Final = 500
ACTORS_MAX: Final = 200
MESSAGES_MAX: Final = 1_000
FAULTS_MAX: Final = 100
SEED_MAX: Final = 2**62 - 1
_NAME_CHARS: Final = 64
_BODY_CHARS: Final = 1_048_576
_REGION_CHARS: Final = 32
_FAR: Final = 200_000.0
_ACCOUNT_DIGITS: Final = 12


def read(text: str) -> Scenario:
    """Read a document; raises ScenarioError with the path of what is wrong."""
    raw = parse(text)
    check_texts(raw)
    part = Part(raw, "")
    version = part.take("signalbox")
    if isinstance(version, bool) or version not in range(OLDEST, VERSION + 1):
        raise ScenarioError("signalbox", _version_words(version))
    clock = Part(part.take("clock", {}), "clock")
    layout = Part(part.take("layout", {}), "layout")
    accounts = _accounts(part)
    has_routes, has_work = version >= WITH_ROUTES, version >= WITH_WORK
    scenario = Scenario(
        name=part.text("name", most=_NAME_CHARS),
        about=part.text("about", "", most=1_000),
        seed=part.whole("seed", None, low=0, high=SEED_MAX),
        rate=clock.number("rate", 1.0, low=0.001, high=1000),
        paused=clock.flag("paused", default=False),
        accounts=accounts,
        queues=_queues(part, accounts),
        topics=read_topics(part, accounts) if has_routes else (),
        buses=read_buses(part, accounts, with_archives=has_work) if has_routes else (),
        schedules=read_schedules(part, accounts) if has_routes else (),
        functions=read_functions(part, accounts) if has_work else (),
        pipes=read_pipes(part, accounts) if has_work else (),
        alarms=read_alarms(part, accounts) if has_work else (),
        actors=tuple(_actor(each) for each in part.parts("actors", most=ACTORS_MAX)),
        messages=tuple(
            _message(each, version) for each in part.parts("messages", most=MESSAGES_MAX)
        ),
        faults=_faults(part) if version >= WITH_FAULTS else (),
        pins=_pins(layout),
    )
    for each in (clock, layout, part):
        each.finish()
    return scenario


def _version_words(version: object) -> Sentence:
    known = {"oldest": OLDEST, "newest": VERSION}
    if version is None:
        return Sentence(_("is required: the version of the document, which is %(newest)s"), known)
    text = _("this program reads versions %(oldest)s to %(newest)s; the document says %(version)s")
    return Sentence(text, known | {"version": json.dumps(version)})


def _accounts(part: Part) -> tuple[Account, ...]:
    found: list[Account] = []
    for index, each in enumerate(part.parts("accounts", most=ACCOUNTS_MAX)):
        digits = each.text("number", None if index else "")
        if digits and not (
            digits.isascii() and digits.isdigit() and len(digits) == _ACCOUNT_DIGITS
        ):
            raise ScenarioError(each.at("number"), _("must be 12 digits"))
        if digits and digits in [account.number for account in found]:
            raise ScenarioError(each.at("number"), _("%(name)s is there twice"), name=digits)
        found.append(Account(digits, _regions(each)))
        each.finish()
    return tuple(found) or Scenario("").accounts


def _regions(part: Part) -> tuple[str, ...]:
    value = part.take("regions", [HOME_REGION])
    is_list = isinstance(value, list) and value and all(isinstance(one, str) for one in value)
    if not is_list or not all(_is_region(one) for one in value):
        text = _("must be a list of Regions, as in %(example)s")
        raise ScenarioError(part.at("regions"), text, example='["eu-central-2"]')
    return tuple(dict.fromkeys(value))


def _is_region(text: str) -> bool:
    return 0 < len(text) <= _REGION_CHARS and text.isascii() and text.replace("-", "").isalnum()


def _queues(part: Part, accounts: tuple[Account, ...]) -> tuple[Queue, ...]:
    found: dict[tuple[int, str, str], Queue] = {}
    for each in part.parts("queues", most=QUEUES_MAX):
        name = each.text("name", most=80)
        account, region = place_of(each, accounts)
        raw, where = each.object("attributes"), each.at("attributes")
        values = {key: readable(key, value, f"{where}.{key}") for key, value in raw.items()}
        queue = Queue(name, region, account, without_assumed(values), each.texts("tags"))
        told = (each, name, _("a queue named %(name)s is there twice"))
        once(found, (account, region, name), queue, told)
        each.finish()
    return tuple(found.values())


def _actor(part: Part) -> Actor:
    actor = Actor(
        kind=part.text("kind", most=32),
        name=part.text("name"),
        settings=part.object("settings"),
        running=part.flag("running", default=True),
    )
    part.finish()
    return actor


def _faults(part: Part) -> tuple[Fault, ...]:
    found = []
    for each in part.parts("faults", most=FAULTS_MAX):
        settings = each.object("settings")
        for name in settings.keys() & {"kind", "target"}:
            raise ScenarioError(f"{each.at('settings')}.{name}", _("stands beside the settings"))
        found.append(Fault(each.text("kind", most=32), each.text("target"), settings))
        each.finish()
    return tuple(found)


def _attribute(part: Part, version: int) -> dict[str, str]:
    kind = part.text("type")
    text = part.text("base64", "", most=2 * _BODY_CHARS) if version >= WITH_FAULTS else ""
    if text:
        try:
            b64decode(text, validate=True)
        except (NotBase64, ValueError) as error:
            raise ScenarioError(part.at("base64"), _("must be base64")) from error
        return {"type": kind, "base64": text}
    return {"type": kind, "value": part.text("value", most=_BODY_CHARS, plain=False)}


def _message(part: Part, version: int) -> Message:
    attributes = {}
    for name, value in part.object("attributes").items():
        each = Part(value, f"{part.at('attributes')}.{name}")
        attributes[name] = _attribute(each, version)
        each.finish()
    message = Message(
        queue=part.text("queue"),
        body=part.text("body", most=_BODY_CHARS, plain=False),
        group=part.text("group", "", most=128),
        delay=part.whole("delay", 0, low=0, high=900) or 0,
        attributes=attributes,
    )
    part.finish()
    return message


def _pins(part: Part) -> dict[str, tuple[float, float]]:
    pins = {}
    for name, place in part.object("pins").items():
        path = f"layout.pins.{name}"
        if not isinstance(place, list) or len(place) != len("xy"):
            raise ScenarioError(
                path, _("must be two numbers, as in %(example)s"), example="[120, 40]"
            )
        x, y = (number(one, path, low=-_FAR, high=_FAR) for one in place)
        pins[name] = (x, y)
    return pins
