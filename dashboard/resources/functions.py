"""What the panel of a function tells: what it does here, its mappings, who may invoke it."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from dashboard.resources.desk import Desk
from dashboard.resources.telling import Button, Row, Section, document, pairs_of
from messaging.kernel.errors import AwsError

BEHAVIOUR: Final = "signalbox:behaviour"
# What the engine gives as the reason of a function's state where its code runs.
RUNS: Final = "SignalboxRunsCode"
_SHOWN: Final = (
    "Description", "FunctionName", "Handler", "MemorySize", "Role", "Runtime", "State", "Timeout",
)  # fmt: skip
_OF_MAPPING: Final = ("BatchSize", "LastProcessingResult", "MaximumBatchingWindowInSeconds")


def fill(desk: Desk) -> dict[str, Any]:
    """Return what is known of calls that concern a function."""
    return {
        "FunctionName": desk.resource.partition(":")[2],
        "InvocationType": "RequestResponse",
        "Resource": desk.arn,
        "Payload": "{}",
    }


def tell(desk: Desk) -> list[Section]:
    """Return the sections of a function's panel; raises AwsError."""
    named = {"FunctionName": desk.arn}
    found = desk.look("GetFunction", named)
    configuration, behaviour = found["Configuration"], found.get("Tags", {}).get(BEHAVIOUR, "")
    mappings = desk.look("ListEventSourceMappings", named)["EventSourceMappings"]
    shown = {name: configuration[name] for name in _SHOWN if name in configuration}
    tagged = {"Tags": '{"signalbox:behaviour": "seconds=0.5 errors=0.1 poison=bad"}'}
    sections = [
        Section(
            _("What it does here"),
            pairs=[(BEHAVIOUR, behaviour)] if behaviour else (),
            empty=_what_it_does(configuration, behaviour),
            buttons=[Button("TagResource", tagged)],
        ),
        Section(
            _("Event sources"),
            rows=[_mapping(mapping) for mapping in mappings],
            empty=_("No queue feeds it."),
            buttons=[Button("CreateEventSourceMapping", {})],
        ),
        Section(_("Configuration"), pairs=pairs_of(shown)),
    ]
    policy = _policy(desk, named)
    return [*sections, Section("Policy", code=document(policy))] if policy else sections


def _what_it_does(configuration: Mapping[str, Any], behaviour: str) -> str:
    """Say whether the function's code runs, and what makes it run."""
    if configuration.get("StateReasonCode") == RUNS:
        return _("Its Python code runs on this machine, as nothing else is said here.")
    if settings.RUN_CODE:
        how = _("To run it, take the tag away and upload Python code as a ZIP file.")
    else:
        how = _("To run Python code, start the server on your own machine with --run-code.")
    if behaviour:
        return _("Its code does not run: it does what the tag says. %(how)s") % {"how": how}
    return _(
        "Its code does not run: nothing is said, so it succeeds in a tenth of a second. %(how)s"
    ) % {"how": how}


def _mapping(mapping: Mapping[str, Any]) -> Row:
    named = {"UUID": mapping["UUID"]}
    facts = {name: mapping[name] for name in _OF_MAPPING if name in mapping}
    buttons = [Button("UpdateEventSourceMapping", named), Button("DeleteEventSourceMapping", named)]
    return Row(mapping["EventSourceArn"], mapping["State"], pairs_of(facts), buttons=buttons)


def _policy(desk: Desk, named: Mapping[str, str]) -> str:
    try:
        return str(desk.look("GetPolicy", named)["Policy"])
    except AwsError:
        return ""
