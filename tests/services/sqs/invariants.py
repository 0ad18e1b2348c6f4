"""What must hold of SQS's tables at any moment, whatever has happened."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import orjson

from messaging.kernel.ids import number_of, row_range
from messaging.kernel.models import Event, Sandbox
from messaging.sqs.models import Group, Message, Queue, Tenant

STATES = "vfd"


def check(sandbox: int) -> None:
    """Check counters, groups, tenants and the log of a sandbox against its messages."""
    messages: dict[int, list[Message]] = defaultdict(list)
    for message in Message.objects.filter(sandbox=sandbox).order_by("position"):
        messages[message.queue_id].append(message)
    groups: dict[int, dict[str, Group]] = defaultdict(dict)
    for group in Group.objects.filter(sandbox=sandbox):
        groups[group.queue_id][group.name] = group
    tenants: dict[int, dict[str, Tenant]] = defaultdict(dict)
    for tenant in Tenant.objects.filter(sandbox=sandbox):
        tenants[tenant.queue_id][tenant.name] = tenant
    queues = list(Queue.objects.filter(sandbox=sandbox))
    known = {queue.pk for queue in queues}
    assert messages.keys() | groups.keys() | tenants.keys() <= known, "something has no queue"
    for queue in queues:
        held = messages[queue.pk]
        hidden = Counter(message.hidden for message in held)
        counted = (queue.visible, queue.in_flight, queue.delayed)
        assert counted == (hidden[0], hidden[1], hidden[2]), queue.arn
        _check_groups(queue, held, groups[queue.pk])
        _check_tenants(held, tenants[queue.pk])
    _check_log(sandbox, queues, messages)


def _check_groups(queue: Queue, held: list[Message], rows: dict[str, Group]) -> None:
    members: dict[str, list[Message]] = defaultdict(list)
    if queue.fifo:
        for message in held:
            assert message.group_id is not None
            members[message.group_id].append(message)
    assert rows.keys() == members.keys()
    for name, row in rows.items():
        group = members[name]
        in_flight = [message for message in group if message.hidden == 1]
        assert row.size == len(group)
        assert row.flying == len(in_flight)
        assert row.head == group[0].position
        received = [message.visible_at for message in group if message.receives]
        assert row.ready_at == (min(received) if in_flight else group[0].visible_at)


def _check_tenants(held: list[Message], rows: dict[str, Tenant]) -> None:
    waiting = Counter(m.tenant for m in held if m.tenant is not None and m.hidden == 0)
    flying = Counter(m.tenant for m in held if m.tenant is not None and m.hidden == 1)
    assert {name: row.waiting for name, row in rows.items() if row.waiting} == waiting
    assert {name: row.flying for name, row in rows.items() if row.flying} == flying


def _check_log(sandbox: int, queues: list[Queue], messages: dict[int, list[Message]]) -> None:
    world = Sandbox.objects.get(pk=sandbox)
    events = list(Event.objects.filter(id__range=row_range(sandbox)).order_by("id"))
    numbers = [number_of(event.pk) for event in events]
    assert numbers == list(range(world.first_seq, world.last_seq + 1)), "the log has gaps"
    assert [event.at for event in events] == sorted(event.at for event in events)
    if world.first_seq > 1:
        return
    folded = fold(events)
    stored = {
        queue.arn: {number_of(m.pk): STATES[m.hidden] for m in messages[queue.pk]}
        for queue in queues
    }
    assert {arn: held for arn, held in folded.items() if held} == {
        arn: held for arn, held in stored.items() if held
    }


def fold(events: Iterable[Event]) -> dict[str, dict[int, str]]:
    """Return the state of every message of every queue, as the log tells it."""
    held: dict[str, dict[int, str]] = defaultdict(dict)
    for event in events:
        if event.kind in ("sqs.QueuePurged", "sqs.QueueDeleted"):
            held[event.arn].clear()
            continue
        data: dict[str, Any] = orjson.loads(event.data)
        if "m" not in data or ("was" not in data and "is" not in data):
            continue
        number = data["m"]
        assert held[event.arn].get(number) == data.get("was"), (event.kind, data)
        if "is" in data:
            held[event.arn][number] = data["is"]
        else:
            del held[event.arn][number]
        if event.cause is not None:
            assert event.cause < number_of(event.pk)
    return held
