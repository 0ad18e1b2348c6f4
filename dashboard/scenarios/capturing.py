"""From a sandbox to a document: one look in the writer's transaction, without side effects."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import orjson

from dashboard.models import Arrangement
from dashboard.scenarios import route_capturing, work_capturing
from dashboard.scenarios.document import Account, Actor, Fault, Message, Placed, Queue, Scenario
from dashboard.scenarios.handles import MARK, arns_of, in_marks
from dashboard.scenarios.looking import Look
from dashboard.scenarios.queue_attributes import settable
from dashboard.scenarios.reading import MESSAGES_MAX
from messaging import registry
from messaging.engine import engine
from messaging.kernel.arns import parse_arn
from messaging.kernel.batch import Batch
from messaging.kernel.models import Sandbox
from messaging.kernel.world import World
from messaging.simulation import chaos
from messaging.simulation.models import RUNNING
from messaging.simulation.models import Actor as ActorRow

_SECOND: Final = 1000
_DELAYED: Final = "d"


def capture(sandbox: Sandbox, *, messages: bool = False) -> Scenario:
    """Return the document of a sandbox as it stands; messages only when they are asked for."""

    def job(batch: Batch) -> Scenario:
        batch.flush()
        return _capture(batch, batch.entered[sandbox.pk], messages=messages)

    captured: Scenario = engine().executor.run_sync(job, (sandbox.pk,))
    return captured


def _capture(batch: Batch, world: World, *, messages: bool) -> Scenario:
    row = Sandbox.objects.get(pk=world.id)
    look = Look(batch, world)
    accounts = tuple(Account(one.number, tuple(one.regions)) for one in row.accounts.all())
    numbers = [one.number for one in accounts]
    scenario = Scenario(
        name=row.name[:64],
        seed=row.seed,
        rate=world.clock.rate,
        paused=world.clock.paused,
        queues=_queues(look, numbers),
        topics=route_capturing.topics(look, numbers),
        buses=route_capturing.buses(look, numbers),
        schedules=route_capturing.schedules(look, numbers),
        functions=work_capturing.functions(look, numbers),
        pipes=work_capturing.pipes(look, numbers),
        alarms=work_capturing.alarms(look, numbers),
    )
    arns = arns_of(scenario, numbers)
    actors = ActorRow.objects.of_sandbox(world.id)
    found = replace(
        scenario,
        # What is in other Regions than the account's own makes these known.
        accounts=_with_regions(accounts, scenario),
        actors=tuple(
            Actor(one.kind, one.label, one.settings, one.state == RUNNING) for one in actors
        ),
        messages=_messages(look, arns) if messages else (),
        faults=_faults(world, arns, {one.node for one in actors}),
        pins=_pins(row, arns, {one.node for one in actors}),
    )
    return in_marks(found, arns)


def _queues(look: Look, numbers: Sequence[str]) -> tuple[Queue, ...]:
    found = []
    for node in look.nodes("sqs"):
        arn = parse_arn(node.id)
        url = f"http://127.0.0.1:8000/{arn.account}/{arn.name}"
        shown = look.at(node.id, "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])
        tags = look.at(node.id, "ListQueueTags", QueueUrl=url).get("Tags") or {}
        attributes = settable(shown["Attributes"])
        place = numbers.index(arn.account)
        found.append(Queue(arn.name, arn.region, place, attributes, dict(tags)))
    return tuple(found)


def _with_regions(accounts: tuple[Account, ...], scenario: Scenario) -> tuple[Account, ...]:
    things: tuple[Placed, ...] = (
        *scenario.queues, *scenario.topics, *scenario.buses, *scenario.schedules,
        *scenario.functions, *scenario.pipes, *scenario.alarms,
    )  # fmt: skip
    used = [
        [*account.regions, *(one.region for one in things if one.account == place)]
        for place, account in enumerate(accounts)
    ]
    return tuple(
        replace(account, regions=tuple(dict.fromkeys(regions)))
        for account, regions in zip(accounts, used, strict=True)
    )


def _messages(look: Look, arns: Mapping[str, str]) -> tuple[Message, ...]:
    """Return what lies in the queues; a message in flight is waiting again in the document."""
    topology, world = registry.SERVICES["sqs"].topology, look.world
    found: list[tuple[int, Message]] = []
    for mark, arn in arns.items():
        if topology is None or not mark.startswith(MARK):
            break
        handle = mark.removeprefix(MARK)
        for held in topology.peek(world.id, arn, limit=MESSAGES_MAX):
            left = -(-(held["until"] - world.now) // _SECOND) if held["state"] == _DELAYED else 0
            delay = 0 if arn.endswith(".fifo") else min(900, max(0, left))
            found.append((held["m"], Message(
                handle, held["body"], held["group"] or "", delay, _attributes(held["attributes"])
            )))  # fmt: skip
    found.sort(key=lambda pair: pair[0])
    return tuple(message for _, message in found[:MESSAGES_MAX])


def _attributes(text: str) -> dict[str, dict[str, str]]:
    """Return a message's attributes; the values of binary ones lie as base64 in the store."""
    return {
        name: {"type": value["DataType"]}
        | (
            {"value": value["StringValue"]}
            if "StringValue" in value
            else {"base64": value["BinaryValue"]}
        )
        for name, value in (orjson.loads(text) if text else {}).items()
    }


def _faults(world: World, arns: Mapping[str, str], actors: set[str]) -> tuple[Fault, ...]:
    """Return the faults that are on or to come, as they were put; they start anew."""
    names = {arn: mark for mark, arn in arns.items()} | {node: node for node in actors}
    found = []
    for row in chaos.listed(world.id):
        settings = dict(row["settings"])
        target, kind = settings.pop("target"), settings.pop("kind", row["kind"])
        if target in names:
            found.append(Fault(kind, names[target], settings))
    return tuple(found)


def _pins(
    sandbox: Sandbox, arns: Mapping[str, str], actors: set[str]
) -> dict[str, tuple[float, float]]:
    found = Arrangement.objects.filter(sandbox=sandbox).first()
    names = {arn: mark for mark, arn in arns.items()} | {node: node for node in actors}
    places = found.places if found else {}
    return {names[node]: (place[0], place[1]) for node, place in places.items() if node in names}
