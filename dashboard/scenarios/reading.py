"""Reading a scenario document: what is wrong is said with its path. Pure."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from typing import Any, Final

from dashboard.scenarios.document import (
    HOME_REGION,
    OLDEST,
    VERSION,
    Account,
    Actor,
    Fault,
    Message,
    Queue,
    Scenario,
)
from dashboard.scenarios.parts import Part, ScenarioError, check_texts, number
from dashboard.scenarios.queue_attributes import readable, without_assumed

BYTES_MAX: Final = 2 * 1024 * 1024
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
    raw = _parse(text)
    check_texts(raw)
    part = Part(raw, "")
    version = part.take("signalbox")
    if isinstance(version, bool) or version not in range(OLDEST, VERSION + 1):
        raise ScenarioError("signalbox", _version_words(version))
    clock = Part(part.take("clock", {}), "clock")
    layout = Part(part.take("layout", {}), "layout")
    accounts = _accounts(part)
    scenario = Scenario(
        name=part.text("name", most=_NAME_CHARS),
        about=part.text("about", "", most=1_000),
        seed=part.whole("seed", None, low=0, high=SEED_MAX),
        rate=clock.number("rate", 1.0, low=0.001, high=1000),
        paused=clock.flag("paused", default=False),
        accounts=accounts,
        queues=_queues(part, accounts),
        actors=tuple(_actor(each) for each in part.parts("actors", most=ACTORS_MAX)),
        messages=tuple(
            _message(each, version) for each in part.parts("messages", most=MESSAGES_MAX)
        ),
        faults=_faults(part) if version > OLDEST else (),
        pins=_pins(layout),
    )
    for each in (clock, layout, part):
        each.finish()
    return scenario


def _parse(text: str) -> object:
    if len(text.encode("utf-8", "surrogatepass")) > BYTES_MAX:
        raise ScenarioError("", f"The document is over {BYTES_MAX // 1024 // 1024} MiB.")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ScenarioError("", f"This is no JSON: {error.msg} at {where}.") from error
    except RecursionError as error:
        raise ScenarioError("", "The document is nested too deeply.") from error
    except ScenarioError:
        raise
    except ValueError as error:
        raise ScenarioError("", "This is no JSON: a number is too long.") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that says a thing twice: one of the two would be lost."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ScenarioError("", f"An object holds the name {twice} twice.")
    return found


def _refuse_constant(word: str) -> float:
    raise ScenarioError("", f"This is no JSON: {word} is no number.")


def _version_words(version: object) -> str:
    if version is None:
        return f"is required: the version of the document, which is {VERSION}"
    known = f"versions {OLDEST} to {VERSION}"
    return f"this program reads {known}; the document says {json.dumps(version)}"


def _accounts(part: Part) -> tuple[Account, ...]:
    found: list[Account] = []
    for index, each in enumerate(part.parts("accounts", most=ACCOUNTS_MAX)):
        digits = each.text("number", None if index else "")
        if digits and not (
            digits.isascii() and digits.isdigit() and len(digits) == _ACCOUNT_DIGITS
        ):
            raise ScenarioError(each.at("number"), "must be 12 digits")
        if digits and digits in [account.number for account in found]:
            raise ScenarioError(each.at("number"), f"{digits} is there twice")
        found.append(Account(digits, _regions(each)))
        each.finish()
    return tuple(found) or Scenario("").accounts


def _regions(part: Part) -> tuple[str, ...]:
    value = part.take("regions", [HOME_REGION])
    is_list = isinstance(value, list) and value and all(isinstance(one, str) for one in value)
    if not is_list or not all(_is_region(one) for one in value):
        raise ScenarioError(part.at("regions"), 'must be a list of Regions, as in ["eu-central-2"]')
    return tuple(dict.fromkeys(value))


def _is_region(text: str) -> bool:
    return 0 < len(text) <= _REGION_CHARS and text.isascii() and text.replace("-", "").isalnum()


def _queues(part: Part, accounts: tuple[Account, ...]) -> tuple[Queue, ...]:
    found: dict[tuple[int, str, str], Queue] = {}
    numbers = [account.number for account in accounts]
    for each in part.parts("queues", most=QUEUES_MAX):
        name = each.text("name", most=80)
        digits = each.text("account", numbers[0])
        if digits not in numbers:
            raise ScenarioError(
                each.at("account"), f"there is no account {digits} in this document"
            )
        account = numbers.index(digits)
        region = each.text("region", accounts[account].regions[0])
        if region not in accounts[account].regions:
            raise ScenarioError(each.at("region"), f"{region} is none of the account's Regions")
        raw, where = each.object("attributes"), each.at("attributes")
        values = {key: readable(key, value, f"{where}.{key}") for key, value in raw.items()}
        queue = Queue(name, region, account, without_assumed(values), each.texts("tags"))
        if found.setdefault((account, region, name), queue) is not queue:
            raise ScenarioError(each.at("name"), f"a queue named {name} is there twice")
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
            raise ScenarioError(f"{each.at('settings')}.{name}", "stands beside the settings")
        found.append(Fault(each.text("kind", most=32), each.text("target"), settings))
        each.finish()
    return tuple(found)


def _attribute(part: Part, version: int) -> dict[str, str]:
    kind = part.text("type")
    text = part.text("base64", "", most=2 * _BODY_CHARS) if version > OLDEST else ""
    if text:
        try:
            b64decode(text, validate=True)
        except (NotBase64, ValueError) as error:
            raise ScenarioError(part.at("base64"), "must be base64") from error
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
            raise ScenarioError(path, "must be two numbers, as in [120, 40]")
        x, y = (number(one, path, low=-_FAR, high=_FAR) for one in place)
        pins[name] = (x, y)
    return pins
