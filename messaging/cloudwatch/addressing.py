"""From names and ARNs to alarms."""

from collections.abc import Iterable

from django.db.models import QuerySet

from messaging.cloudwatch.errors import ResourceNotFound, ResourceNotFoundException
from messaging.cloudwatch.models import Alarm
from messaging.kernel.arns import build_arn
from messaging.kernel.context import Context


def alarm_arn(ctx: Context, name: str) -> str:
    return build_arn("cloudwatch", region=ctx.region, account=ctx.account, resource=f"alarm:{name}")


def alarms_of(ctx: Context) -> "QuerySet[Alarm]":
    """Return the alarms of the caller's account and region."""
    return Alarm.objects.filter(sandbox=ctx.sandbox, account=ctx.account, region=ctx.region)


def alarms_named(ctx: Context, names: Iterable[str]) -> list[Alarm]:
    """Return those alarms that there are, by name."""
    return list(alarms_of(ctx).filter(name__in=list(names)).order_by("name"))


def find_alarm(ctx: Context, name: str) -> Alarm | None:
    """Return an alarm, or None."""
    return alarms_of(ctx).filter(name=name).first()


def alarm_named(ctx: Context, name: str) -> Alarm:
    """Return an alarm; raises ResourceNotFound."""
    found = find_alarm(ctx, name)
    if found is None:
        raise ResourceNotFound(f"Alarm {name} does not exist.")
    return found


def alarm_of_arn(ctx: Context, arn: str) -> Alarm:
    """Return the alarm that an ARN names: only alarms have tags. Raises where there is none."""
    found = alarms_of(ctx).filter(arn=arn).first()
    if found is None:
        raise ResourceNotFoundException(f"{arn} does not exist.")
    return found
