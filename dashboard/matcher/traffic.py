"""The latest messages and events that patterns look at, and samples of others."""

from typing import Final

from dashboard.matcher.judging import Passed
from dashboard.matcher.subject import Subject, matcher_of
from messaging.kernel import recent
from messaging.kernel.clock import wall_ms
from messaging.kernel.ids import compose
from messaging.kernel.models import Event, Sandbox
from messaging.kernel.recent import Asked

LATEST: Final = 50


def latest(subject: Subject, scope: str) -> list[Passed]:
    """Return what came by most recently at the subject's resource, the newest first."""
    sandbox, caller = subject.desk.sandbox, subject.desk.caller
    seen = matcher_of(subject.service).seen
    found: list[Passed] = []
    calls = recent.latest(sandbox.pk, sandbox.generation)
    for asked in (each for each in calls if each.service == subject.service):
        here = {"account": caller.account, "region": caller.region, "at": _time_of(sandbox, asked)}
        for resource, title, events in seen(asked.operation, asked.params, **here):
            if subject.resource in ("", resource):
                found.append(Passed(title, events.get(scope)))
        if len(found) >= LATEST:
            break
    return found[:LATEST]


def samples(subject: Subject, scope: str) -> list[Passed]:
    """Return what AWS's own services would send to the subject's resource."""
    desk = subject.desk
    now = desk.sandbox.clock.now(wall_ms())
    found = matcher_of(subject.service).samples(
        account=desk.caller.account, region=desk.caller.region, at=now
    )
    return [Passed(title, events.get(scope)) for title, events in found]


def _time_of(sandbox: Sandbox, asked: Asked) -> int:
    """Return when a call was made, by its first event; that may be cut off the log by now."""
    event = Event.objects.filter(pk=compose(sandbox.pk, asked.first)).only("at").first()
    return event.at if event is not None else 0
