"""Building what works by itself: functions, what feeds them, pipes, alarms."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.scenarios.document import Scenario
from dashboard.scenarios.handles import arn_of
from dashboard.scenarios.site import Site, Step
from dashboard.scenarios.work import ACTIONS, RULE, Alarm, Function, Pipe, Source, by_need
from dashboard.scenarios.work_attributes import (
    BEHAVIOUR,
    FILTERS,
    INVOKE,
    OF_FUNCTIONS,
    SOURCE,
    criteria_of,
)
from messaging.kernel.arns import parse_arn

# A role is trusted, not modelled: any name will do.
_ROLE: Final = "signalbox-{}"
# Code is not run: an archive without files will do.
_CODE: Final = {"ZipFile": b"PK\x05\x06" + bytes(18)}
_MADE_UP: Final = ("Handler", "Runtime")


def add_functions(site: Site, scenario: Scenario, numbers: list[str]) -> None:
    """Make the functions, so that whatever names them finds them."""
    for place, function in enumerate(scenario.functions):
        _create(site, f"functions[{place}]", function, arn_of(function, numbers))


def add_work(site: Site, scenario: Scenario, numbers: list[str]) -> None:
    """Make what brings them work, pipes and alarms."""
    for place, function in enumerate(scenario.functions):
        path, arn = f"functions[{place}]", arn_of(function, numbers)
        _configure(site, path, function, arn)
        for number, source in enumerate(function.mappings):
            _feed(site, f"{path}.mappings[{number}]", source, arn)
    for place, pipe in enumerate(scenario.pipes):
        _lay(site, f"pipes[{place}]", pipe, arn_of(pipe, numbers))
    places = {id(alarm): place for place, alarm in enumerate(scenario.alarms)}
    for alarm in by_need(scenario.alarms):
        _watch(site, f"alarms[{places[id(alarm)]}]", alarm, arn_of(alarm, numbers))


def role_of(kind: str, account: str) -> str:
    """Return the role that a function or a pipe has without one of its own."""
    return f"arn:aws:iam::{account}:role/{_ROLE.format(kind)}"


def _create(site: Site, path: str, one: Function, arn: str) -> None:
    settings = dict(one.settings)
    _check_named(site, f"{path}.settings.DeadLetterConfig", settings.get("DeadLetterConfig"))
    if settings.get("PackageType", "Zip") == "Zip":
        settings = {name: OF_FUNCTIONS[name] for name in _MADE_UP} | settings
    step = _step(path, arn, names=one.settings, inside="settings")
    params = {
        "FunctionName": one.name,
        "Role": one.role or role_of("function", step.account),
        "Code": _CODE,
        **site.raw(settings),
        "Tags": dict(one.tags),
    }
    site.call(step, "CreateFunction", params)
    if one.behaviour:
        tagged = {"Resource": arn, "Tags": {BEHAVIOUR: one.behaviour}}
        site.call(_step(f"{path}.behaviour", arn), "TagResource", tagged)
    if one.reserved is not None:
        reserved = {"FunctionName": one.name, "ReservedConcurrentExecutions": one.reserved}
        site.call(_step(f"{path}.reserved", arn), "PutFunctionConcurrency", reserved)


def _configure(site: Site, path: str, one: Function, arn: str) -> None:
    for place, permission in enumerate(one.permissions):
        where = f"{path}.permissions[{place}]"
        site.named(f"{where}.SourceArn", permission.get("SourceArn"))
        params = {"FunctionName": one.name, "Action": INVOKE, **site.raw(permission)}
        site.call(_step(where, arn), "AddPermission", params)
    if one.asynchronous:
        where = f"{path}.asynchronous"
        _check_named(site, f"{where}.DestinationConfig", one.asynchronous.get("DestinationConfig"))
        params = {"FunctionName": one.name, **site.raw(one.asynchronous)}
        site.call(_step(where, arn), "PutFunctionEventInvokeConfig", params)


def _feed(site: Site, path: str, source: Source, function: str) -> None:
    params = {
        "EventSourceArn": site.named(f"{path}.from", source.queue),
        "FunctionName": function,
        "Enabled": source.enabled,
        **site.raw(source.settings),
    }
    if source.filters:
        params[FILTERS] = criteria_of(site.raw(list(source.filters)))
    if source.tags:
        params["Tags"] = dict(source.tags)
    step = _step(path, function, names=source.settings, inside="settings")
    site.call(step, "CreateEventSourceMapping", params)


def _lay(site: Site, path: str, pipe: Pipe, arn: str) -> None:
    step = _step(path, arn, names=pipe.settings, inside="settings")
    settings = site.raw(pipe.settings)
    source = settings.get(SOURCE, {})
    if pipe.filters and isinstance(source, Mapping):
        criteria = criteria_of(site.raw(list(pipe.filters)))
        settings = {**settings, SOURCE: {**source, FILTERS: criteria}}
    params = {
        "Name": pipe.name,
        "RoleArn": pipe.role or role_of("pipe", step.account),
        "Source": site.named(f"{path}.from", pipe.source),
        "Target": site.named(f"{path}.to", pipe.target),
        "DesiredState": "RUNNING" if pipe.running else "STOPPED",
        **settings,
    }
    if pipe.enrichment:
        params["Enrichment"] = site.named(f"{path}.enrichment", pipe.enrichment)
    if pipe.tags:
        params["Tags"] = dict(pipe.tags)
    site.call(step, "CreatePipe", params)


def _watch(site: Site, path: str, alarm: Alarm, arn: str) -> None:
    for name in ACTIONS:
        _check_named(site, f"{path}.settings.{name}", alarm.settings.get(name))
    params = {"AlarmName": alarm.name, **site.raw(alarm.settings)}
    if alarm.tags:
        params["Tags"] = [{"Key": key, "Value": value} for key, value in alarm.tags.items()]
    operation = "PutCompositeAlarm" if RULE in alarm.settings else "PutMetricAlarm"
    step = _step(path, arn, names=alarm.settings, inside="settings")
    site.call(step, operation, params)


def _check_named(site: Site, path: str, value: Any) -> None:
    """Raise ScenarioError where something is named that is not here, as deep as it goes."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            _check_named(site, f"{path}.{name}", each)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            _check_named(site, f"{path}[{place}]", each)
    else:
        site.named(path, value)


def _step(path: str, arn: str, **more: Any) -> Step:
    parsed = parse_arn(arn)
    return Step(path, parsed.account, parsed.region, parsed.service, **more)
