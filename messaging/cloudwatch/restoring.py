"""A copy of a sandbox goes back to a moment: alarms as they were, metrics folded anew."""

from collections.abc import Mapping

from messaging.cloudwatch.limits import MINUTE_MS
from messaging.cloudwatch.models import Alarm, HistoryItem, Measured, Minute, Reader, Resting
from messaging.kernel.models import Event
from messaging.kernel.moment import Moment
from messaging.kernel.world import World


def restore(world: World, moment: Moment, states: Mapping[str, str]) -> None:
    """Put the rows of a copy back; ``states`` are those of the alarms that were there.

    What comes from the log is folded anew from what the log still has; of older minutes what was
    kept stays.
    """
    alarms = Alarm.objects.filter(sandbox=world.id)
    alarms.exclude(arn__in=list(states)).delete()
    for alarm in alarms:
        alarm.state = states[alarm.arn]
        alarm.updated_at = min(alarm.updated_at, moment.at)
        alarm.turned_at = min(alarm.turned_at, moment.at)
        if alarm.due_at is not None:
            alarm.due_at = moment.at // MINUTE_MS * MINUTE_MS + MINUTE_MS
        alarm.save()
    HistoryItem.objects.filter(sandbox=world.id, at__gt=moment.at).delete()
    projected = Measured.objects.filter(sandbox=world.id, projected=True)
    minutes = Minute.objects.filter(sandbox=world.id)
    begins = _log_begins(world)
    scopes = list(projected.values_list("scope", flat=True))
    minutes.filter(scope__in=scopes, at__gte=begins).delete()
    minutes.filter(at__gt=moment.at).delete()
    Resting.objects.filter(sandbox=world.id).delete()
    projected.update(levels=None, deleted_at=None)
    Reader.objects.filter(sandbox=world.id).delete()


def _log_begins(world: World) -> int:
    """Return the minute in which the log that is left begins."""
    first = Event.objects.of_sandbox(world.id).order_by("id").values_list("at", flat=True).first()
    return 0 if first is None or world.first_seq <= 1 else first // MINUTE_MS * MINUTE_MS
