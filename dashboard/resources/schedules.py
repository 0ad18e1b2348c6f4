"""What the panel of a schedule tells."""

from typing import Any, Final

from django.utils.translation import gettext as _

from dashboard.resources.desk import Desk
from dashboard.resources.forms import pretty
from dashboard.resources.telling import Button, Section, document, pairs_of

_DOCUMENTS: Final = (
    "Target", "FlexibleTimeWindow", "Arn", "CreationDate", "LastModificationDate",
)  # fmt: skip
_GIVEN: Final = (
    "ActionAfterCompletion", "Description", "FlexibleTimeWindow", "GroupName", "Name",
    "ScheduleExpression", "ScheduleExpressionTimezone", "State", "Target",
)  # fmt: skip


def named(desk: Desk) -> dict[str, str]:
    """Return the group and the name of a schedule."""
    _, group, name = desk.resource.split("/", 2)
    return {"GroupName": group, "Name": name}


def fill(desk: Desk) -> dict[str, Any]:
    """Return what is known of calls that concern a schedule: all of its settings."""
    found = desk.look("GetSchedule", named(desk))
    return {name: found[name] for name in _GIVEN if name in found}


def tell(desk: Desk) -> list[Section]:
    """Return the sections of a schedule's panel; raises AwsError."""
    found = desk.look("GetSchedule", named(desk))
    target = found["Target"]
    return [
        Section(
            _("Schedule"),
            pairs=pairs_of(
                found, without=(*_DOCUMENTS, "Arn", "CreationDate", "LastModificationDate")
            ),
            buttons=[Button("UpdateSchedule", {})],
        ),
        Section(_("Flexible window"), code=pretty(found["FlexibleTimeWindow"])),
        Section(
            _("Target"),
            pairs=pairs_of({"Arn": target["Arn"], "RoleArn": target["RoleArn"]}),
            code=document(pretty(target)),
        ),
    ]
