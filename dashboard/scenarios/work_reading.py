"""Reading functions, pipes and alarms; what is wrong is said with its path. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.scenarios.document import Account
from dashboard.scenarios.parts import Part, ScenarioError
from dashboard.scenarios.placing import once, place_of
from dashboard.scenarios.work import Alarm, Function, Pipe, Source
from dashboard.scenarios.work_attributes import (
    BEHAVIOUR,
    BESIDE_ALARMS,
    BESIDE_FUNCTIONS,
    BESIDE_MAPPINGS,
    BESIDE_PIPES,
    FILTERS,
    OF_ALARMS,
    OF_FUNCTIONS,
    OF_MAPPINGS,
    SOURCE,
    of_alarm,
    without,
)
from messaging.kernel.wording import gettext_noop as _

FUNCTIONS_MAX: Final = 200
MAPPINGS_MAX: Final = 100
PERMISSIONS_MAX: Final = 100
PIPES_MAX: Final = 200
ALARMS_MAX: Final = 300
FILTERS_MAX: Final = 5
_CONCURRENCY_MAX: Final = 1_000
_ARN_CHARS: Final = 1_600
_BEHAVIOUR_CHARS: Final = 256
_NAME_CHARS: Final = 255


def read_functions(part: Part, accounts: tuple[Account, ...]) -> tuple[Function, ...]:
    found: dict[Any, Function] = {}
    for each in part.parts("functions", most=FUNCTIONS_MAX):
        name = each.text("name", most=_NAME_CHARS)
        account, region = place_of(each, accounts)
        function = Function(
            name, region, account, each.text("behaviour", "", most=_BEHAVIOUR_CHARS),
            each.text("role", "", most=_ARN_CHARS),
            each.whole("reserved", None, low=0, high=_CONCURRENCY_MAX),
            _settings(each, OF_FUNCTIONS, BESIDE_FUNCTIONS),
            without(each.object("asynchronous"), {}),
            tuple(_permission(one) for one in each.parts("permissions", most=PERMISSIONS_MAX)),
            _tags(each), _mappings(each),
        )  # fmt: skip
        each.finish()
        where = (each, name, _("a function named %(name)s is there twice"))
        once(found, (account, region, name), function, where)
    return tuple(found.values())


def read_pipes(part: Part, accounts: tuple[Account, ...]) -> tuple[Pipe, ...]:
    found: dict[Any, Pipe] = {}
    for each in part.parts("pipes", most=PIPES_MAX):
        name = each.text("name", most=_NAME_CHARS)
        account, region = place_of(each, accounts)
        settings = _settings(each, {}, BESIDE_PIPES)
        source = settings.get(SOURCE)
        if isinstance(source, Mapping) and FILTERS in source:
            path = f"{each.at('settings')}.{SOURCE}.{FILTERS}"
            raise ScenarioError(path, _("stands beside the settings"))
        pipe = Pipe(
            name, region, each.text("from", most=_ARN_CHARS), each.text("to", most=_ARN_CHARS),
            account, _filters(each), each.text("enrichment", "", most=_ARN_CHARS),
            each.text("role", "", most=_ARN_CHARS), each.flag("running", default=True), settings,
            each.texts("tags"),
        )  # fmt: skip
        each.finish()
        where = (each, name, _("a pipe named %(name)s is there twice"))
        once(found, (account, region, name), pipe, where)
    return tuple(found.values())


def read_alarms(part: Part, accounts: tuple[Account, ...]) -> tuple[Alarm, ...]:
    found: dict[Any, Alarm] = {}
    for each in part.parts("alarms", most=ALARMS_MAX):
        name = each.text("name", most=_NAME_CHARS)
        account, region = place_of(each, accounts)
        settings = of_alarm(_settings(each, OF_ALARMS, BESIDE_ALARMS))
        alarm = Alarm(name, region, account, settings, each.texts("tags"))
        each.finish()
        where = (each, name, _("an alarm named %(name)s is there twice"))
        once(found, (account, region, name), alarm, where)
    return tuple(found.values())


def _mappings(part: Part) -> tuple[Source, ...]:
    found: dict[str, Source] = {}
    for each in part.parts("mappings", most=MAPPINGS_MAX):
        source = Source(
            each.text("from", most=_ARN_CHARS), _filters(each), each.flag("enabled", default=True),
            _settings(each, OF_MAPPINGS, BESIDE_MAPPINGS), each.texts("tags"),
        )  # fmt: skip
        each.finish()
        if found.setdefault(source.queue, source) is not source:
            raise ScenarioError(each.at("from"), _("%(name)s is there twice"), name=source.queue)
    return tuple(found.values())


def _permission(part: Part) -> dict[str, Any]:
    found = {
        "StatementId": part.text("StatementId"),
        "Principal": part.text("Principal"),
        "Action": part.text("Action", ""),
        "SourceArn": part.text("SourceArn", "", most=_ARN_CHARS),
        "SourceAccount": part.text("SourceAccount", ""),
    }
    part.finish()
    return {name: value for name, value in found.items() if value}


def _filters(part: Part) -> tuple[Any, ...]:
    """Take the patterns of filters: objects, or texts."""
    value, where = part.take("filters", []), part.at("filters")
    if not isinstance(value, list):
        raise ScenarioError(where, _("must be a list"))
    if len(value) > FILTERS_MAX:
        text = _("has %(count)s entries; at most %(most)s are read")
        raise ScenarioError(where, text, count=len(value), most=FILTERS_MAX)
    for place, each in enumerate(value):
        if not isinstance(each, Mapping | str):
            raise ScenarioError(f"{where}[{place}]", _("must be an object"))
    return tuple(value)


def _tags(part: Part) -> dict[str, str]:
    tags = part.texts("tags")
    if BEHAVIOUR in tags:
        raise ScenarioError(f"{part.at('tags')}.{BEHAVIOUR}", _("stands beside the tags"))
    return tags


def _settings(part: Part, assumed: Mapping[str, object], beside: frozenset[str]) -> dict[str, Any]:
    found = part.object("settings")
    for name in found.keys() & beside:
        raise ScenarioError(f"{part.at('settings')}.{name}", _("stands beside the settings"))
    return without(found, assumed)
