"""From a sandbox to a document: one look in the writer's transaction, without side effects."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from dashboard.models import Arrangement
from dashboard.scenarios.document import Account, Actor, Fault, Message, Queue, Scenario
from dashboard.scenarios.handles import MARK, arns_of, with_handles
from dashboard.scenarios.queue_attributes import settable
from dashboard.scenarios.reading import MESSAGES_MAX
from messaging import dispatch, registry
from messaging.engine import engine
from messaging.kernel.access import root_arn
from messaging.kernel.arns import parse_arn
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller
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
    accounts = tuple(Account(one.number, tuple(one.regions)) for one in row.accounts.all())
    queues = _queues(batch, world, accounts)
    # Queues of other accounts and Regions than the sandbox's own make these known.
    accounts = _with_regions(accounts, queues)
    arns = arns_of(queues, [one.number for one in accounts])
    queues = tuple(
        replace(queue, attributes=with_handles(queue.attributes, arns)) for queue in queues
    )
    actors = ActorRow.objects.of_sandbox(world.id)
    return Scenario(
        name=row.name[:64],
        seed=row.seed,
        rate=world.clock.rate,
        paused=world.clock.paused,
        accounts=accounts,
        queues=queues,
        actors=tuple(
            Actor(one.kind, one.label, with_handles(one.settings, arns), one.state == RUNNING)
            for one in actors
        ),
        messages=_messages(world, arns) if messages else (),
        faults=_faults(world, arns, {one.node for one in actors}),
        pins=_pins(row, arns, {one.node for one in actors}),
    )


def _queues(batch: Batch, world: World, accounts: tuple[Account, ...]) -> tuple[Queue, ...]:
    topology = registry.SERVICES["sqs"].topology
    numbers = [one.number for one in accounts]
    found = []
    for node in topology.nodes(world.id) if topology is not None else ():
        arn = parse_arn(node.id)
        params = {"QueueUrl": f"http://127.0.0.1:8000/{arn.account}/{arn.name}"}
        asked = params | {"AttributeNames": ["All"]}
        shown = _look(batch, world, node.id, "GetQueueAttributes", asked)["Attributes"]
        tags = _look(batch, world, node.id, "ListQueueTags", params).get("Tags") or {}
        place = numbers.index(arn.account)
        found.append(Queue(arn.name, arn.region, place, settable(shown), dict(tags)))
    return tuple(found)


def _look(
    batch: Batch, world: World, arn: str, operation: str, params: Mapping[str, Any]
) -> dict[str, Any]:
    """Call an operation that only reads, without an entry in the log."""
    parsed = parse_arn(arn)
    caller = Caller(world.id, parsed.account, parsed.region, root_arn(parsed.account), "console")
    call = dispatch.prepare(caller, "sqs", operation, params)
    call.operation = replace(call.operation, quiet=True)
    found: dict[str, Any] = dispatch.run(batch, world, call)
    return found


def _with_regions(accounts: tuple[Account, ...], queues: tuple[Queue, ...]) -> tuple[Account, ...]:
    used = [
        [*account.regions, *(queue.region for queue in queues if queue.account == place)]
        for place, account in enumerate(accounts)
    ]
    return tuple(
        replace(account, regions=tuple(dict.fromkeys(regions)))
        for account, regions in zip(accounts, used, strict=True)
    )


def _messages(world: World, arns: Mapping[str, str]) -> tuple[Message, ...]:
    """Return what lies in the queues; a message in flight is waiting again in the document."""
    topology = registry.SERVICES["sqs"].topology
    found: list[tuple[int, Message]] = []
    for handle, arn in arns.items():
        if topology is None:
            break
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
    names = {arn: MARK + handle for handle, arn in arns.items()} | {node: node for node in actors}
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
    names = {arn: MARK + handle for handle, arn in arns.items()} | {node: node for node in actors}
    places = found.places if found else {}
    return {names[node]: (place[0], place[1]) for node, place in places.items() if node in names}
