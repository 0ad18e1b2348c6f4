"""Reading back what works by itself: functions, what feeds them, pipes, alarms; ARNs stay ARNs."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard.scenarios.looking import Look, tags_of
from dashboard.scenarios.work import Alarm, Function, Pipe, Source, by_need
from dashboard.scenarios.work_attributes import (
    BEHAVIOUR,
    FILTERS,
    OF_ALARMS,
    OF_FUNCTIONS,
    OF_MAPPINGS,
    SOURCE,
    filters_of,
    of_alarm,
    permission_of,
    without,
)
from dashboard.scenarios.work_building import role_of
from messaging import registry
from messaging.kernel.arns import parse_arn

_KEPT: Final = (
    "Architectures", "DeadLetterConfig", "Description", "Environment", "EphemeralStorage",
    "FileSystemConfigs", "Handler", "KMSKeyArn", "MemorySize", "PackageType", "Runtime", "Timeout",
    "TracingConfig",
)  # fmt: skip
_OF_INVOKING: Final = ("DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts")
_OF_MAPPINGS: Final = (
    "BatchSize", "FunctionResponseTypes", "MaximumBatchingWindowInSeconds", "ScalingConfig",
)  # fmt: skip
_OF_PIPES: Final = (
    "Description", "EnrichmentParameters", "KmsKeyIdentifier", "LogConfiguration",
    "SourceParameters", "TargetParameters",
)  # fmt: skip
_OFF: Final = ("Disabled", "Disabling")
_GOING: Final = "Deleting"
_SHOWN_ONLY: Final = frozenset((
    "AlarmArn", "AlarmConfigurationUpdatedTimestamp", "AlarmName", "StateReason",
    "StateReasonData", "StateTransitionedTimestamp", "StateUpdatedTimestamp", "StateValue",
))  # fmt: skip


def functions(look: Look, numbers: Sequence[str]) -> tuple[Function, ...]:
    """Return the functions with what feeds them."""
    policies, found = _policies(look), []
    for node in look.nodes("lambda", "function"):
        arn = parse_arn(node.id)
        shown = look.at(node.id, "GetFunction", FunctionName=node.id)
        asked = look.at(node.id, "ListFunctionEventInvokeConfigs", FunctionName=node.id)
        tags, role = dict(shown.get("Tags", {})), shown["Configuration"]["Role"]
        behaviour = tags.pop(BEHAVIOUR, "")
        found.append(Function(
            arn.resource.partition(":")[2], arn.region, numbers.index(arn.account), behaviour,
            "" if role == role_of("function", arn.account) else role,
            shown.get("Concurrency", {}).get("ReservedConcurrentExecutions"),
            _function_settings(shown), _asynchronous(asked["FunctionEventInvokeConfigs"]),
            tuple(permission_of(one) for one in policies.get(node.id, {}).get("Statement", ())),
            tags, _sources(look, node.id),
        ))  # fmt: skip
    return tuple(found)


def pipes(look: Look, numbers: Sequence[str]) -> tuple[Pipe, ...]:
    """Return the pipes."""
    found = []
    for node in look.nodes("pipes", "pipe"):
        arn = parse_arn(node.id)
        shown = look.at(node.id, "DescribePipe", Name=node.label)
        settings: dict[str, Any] = {name: shown[name] for name in _OF_PIPES if name in shown}
        source = dict(settings.pop(SOURCE, None) or {})
        filters = filters_of(source.pop(FILTERS, None))
        role = shown["RoleArn"]
        found.append(Pipe(
            node.label, arn.region, shown["Source"], shown["Target"], numbers.index(arn.account),
            filters, shown.get("Enrichment", ""),
            "" if role == role_of("pipe", arn.account) else role,
            shown["DesiredState"] == "RUNNING", without({**settings, SOURCE: source}, {}),
            shown["Tags"],
        ))  # fmt: skip
    return tuple(found)


def alarms(look: Look, numbers: Sequence[str]) -> tuple[Alarm, ...]:
    """Return the alarms, each after those that its rule names."""
    found = []
    for node in look.nodes("cloudwatch", "alarm"):
        arn = parse_arn(node.id)
        kinds = ["MetricAlarm", "CompositeAlarm"]
        shown = look.at(node.id, "DescribeAlarms", AlarmNames=[node.label], AlarmTypes=kinds)
        (alarm,) = shown["MetricAlarms"] + shown["CompositeAlarms"]
        settings = {name: value for name, value in alarm.items() if name not in _SHOWN_ONLY}
        tags = tags_of(look.at(node.id, "ListTagsForResource", ResourceARN=node.id))
        settings = of_alarm(without(settings, OF_ALARMS))
        found.append(Alarm(node.label, arn.region, numbers.index(arn.account), settings, tags))
    return tuple(by_need(found))


def _function_settings(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings as CreateFunction takes them: AWS shows some in another form."""
    told = shown["Configuration"]
    found = {name: told[name] for name in _KEPT if name in told}
    found["ImageConfig"] = told.get("ImageConfigResponse", {}).get("ImageConfig")
    found["Layers"] = [layer["Arn"] for layer in told.get("Layers", ())]
    found["SnapStart"] = {"ApplyOn": told["SnapStart"]["ApplyOn"]}
    network = told.get("VpcConfig", {})
    found["VpcConfig"] = {name: value for name, value in network.items() if name != "VpcId"}
    logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{told['FunctionName']}"}
    if told["LoggingConfig"] != logging:
        found["LoggingConfig"] = told["LoggingConfig"]
    if shown["Code"].get("ImageUri"):
        found["Code"] = {"ImageUri": shown["Code"]["ImageUri"]}
    return without(found, OF_FUNCTIONS)


def _asynchronous(configs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    told = configs[0] if configs else {}
    found = {name: told[name] for name in _OF_INVOKING if name in told}
    ends = {when: end for when, end in found.get("DestinationConfig", {}).items() if end}
    return without({**found, "DestinationConfig": ends}, {})


def _sources(look: Look, function: str) -> tuple[Source, ...]:
    """Return what feeds a function; one that is about to go is gone."""
    listed, found = look.at(function, "ListEventSourceMappings", FunctionName=function), []
    for each in listed["EventSourceMappings"]:
        if each["State"] == _GOING:
            continue
        tags = look.at(function, "ListTags", Resource=each["EventSourceMappingArn"])["Tags"]
        settings = {name: each[name] for name in _OF_MAPPINGS if name in each}
        found.append(Source(
            each["EventSourceArn"], filters_of(each.get(FILTERS)), each["State"] not in _OFF,
            without(settings, OF_MAPPINGS), tags,
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda source: source.queue))


def _policies(look: Look) -> dict[str, dict[str, Any]]:
    """Return the policies of functions: asked for one that has none, AWS fails."""
    topology = registry.SERVICES["lambda"].topology
    found: dict[str, dict[str, Any]] = topology.policies(look.world.id) if topology else {}
    return found
