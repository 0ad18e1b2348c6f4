"""What the panel of a pipe tells."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.resources.desk import Desk
from dashboard.resources.forms import pretty
from dashboard.resources.telling import Button, Section, document, pairs_of

_DOCUMENTS: Final = (
    "EnrichmentParameters", "SourceParameters", "TargetParameters", "Tags", "CreationTime",
    "LastModifiedTime",
)  # fmt: skip
_CRITERIA: Final = "FilterCriteria"
_PARAMETERS: Final = {
    "SourceParameters": "",
    "EnrichmentParameters": gettext_lazy("What the function gets"),
    "TargetParameters": gettext_lazy("What the target gets"),
}
_GIVEN: Final = (
    "Description", "Enrichment", "EnrichmentParameters", "RoleArn", "SourceParameters", "Target",
    "TargetParameters",
)  # fmt: skip


def fill(desk: Desk) -> dict[str, Any]:
    """Return what is known of calls that concern a pipe: all of its settings."""
    name = desk.resource.partition("/")[2]
    found = desk.look("DescribePipe", {"Name": name})
    known = {key: found[key] for key in _GIVEN if found.get(key)}
    return {"Name": name, "resourceArn": desk.arn, **known}


def tell(desk: Desk) -> list[Section]:
    """Return the sections of a pipe's panel; raises AwsError."""
    name = desk.resource.partition("/")[2]
    found = desk.look("DescribePipe", {"Name": name})
    switch = "StopPipe" if found["CurrentState"] == "RUNNING" else "StartPipe"
    facts = pairs_of(found, without=_DOCUMENTS)
    return [
        Section(_("Pipe"), pairs=facts, buttons=[Button(switch, {})]),
        *_filters(found.get("SourceParameters") or {}),
        *_parameters(found),
    ]


def _filters(parameters: Mapping[str, Any]) -> list[Section]:
    """Return the patterns one by one: as a part of the parameters they are texts within texts."""
    filters = parameters.get(_CRITERIA, {}).get("Filters") or ()
    return [Section(_("Filter"), code=document(each["Pattern"])) for each in filters]


def _parameters(found: Mapping[str, Any]) -> list[Section]:
    """Return the parameters of source, enrichment and target, their templates as they are."""
    sections = []
    for key, title in _PARAMETERS.items():
        left = {name: value for name, value in (found.get(key) or {}).items() if name != _CRITERIA}
        template = left.pop("InputTemplate", "")
        if template:
            sections.append(Section(str(title), code=document(template)))
        if left:
            sections.append(Section(key, code=document(pretty(left))))
    return sections
