"""What the panel of a pipe tells."""

from typing import Any, Final

from django.utils.translation import gettext as _

from dashboard.resources.desk import Desk
from dashboard.resources.forms import pretty
from dashboard.resources.telling import Button, Section, document, pairs_of

_DOCUMENTS: Final = (
    "EnrichmentParameters", "SourceParameters", "TargetParameters", "Tags", "CreationTime",
    "LastModifiedTime",
)  # fmt: skip
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
    documents = [
        Section(key, code=document(pretty(found[key])))
        for key in ("SourceParameters", "EnrichmentParameters", "TargetParameters")
        if found.get(key)
    ]
    facts = pairs_of(found, without=_DOCUMENTS)
    return [Section(_("Pipe"), pairs=facts, buttons=[Button(switch, {})]), *documents]
