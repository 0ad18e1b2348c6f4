"""From a document to a sandbox: one transaction, which leaves all of it or nothing."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final

from dashboard.models import Arrangement
from dashboard.scenarios.document import Fault, Message, Queue, Scenario
from dashboard.scenarios.handles import MARK, arn_of, arns_of, lost
from dashboard.scenarios.parts import ScenarioError
from dashboard.scenarios.route_building import add_places, add_ways
from dashboard.scenarios.site import ACTOR, Site, Step, not_here
from dashboard.scenarios.work_building import add_functions, add_work
from messaging import sandboxes
from messaging.engine import engine
from messaging.kernel.arns import parse_arn
from messaging.kernel.batch import Batch
from messaging.kernel.models import Sandbox
from messaging.kernel.wording import gettext_noop as _
from messaging.simulation import actors, chaos
from messaging.simulation.fields import SettingsError
from messaging.simulation.kinds import kind_of

# They name another queue, which must be there first.
_LATER: Final = ("RedriveAllowPolicy", "RedrivePolicy")


def build(scenario: Scenario, *, name: str = "") -> Sandbox:
    """Make a sandbox of a document; raises ScenarioError, and then nothing was made."""

    def job(batch: Batch) -> Sandbox | ScenarioError:
        sandbox = _made(scenario, name or scenario.name)
        try:
            _fill(batch, sandbox, scenario)
        except ScenarioError as error:
            # An error that is returned commits the transaction: what is in it must be nothing.
            sandboxes.delete(batch, sandbox.pk)
            return error
        return sandbox

    made: Sandbox | ScenarioError = engine().executor.run_sync(job)
    if isinstance(made, ScenarioError):
        raise made
    return made


def _made(scenario: Scenario, name: str) -> Sandbox:
    first, *others = scenario.accounts
    sandbox = sandboxes.create(
        name,
        template="scenario",
        accounts=(first.number,) if first.number else (),
        regions=first.regions,
        seed=scenario.seed,
        paused=scenario.paused,
    )
    for account in others:
        sandboxes.add_account(sandbox, account.number, regions=account.regions)
    sandbox.rate = scenario.rate
    sandbox.save(update_fields=["rate"])
    return sandbox


def _fill(batch: Batch, sandbox: Sandbox, scenario: Scenario) -> None:
    batch.enter([sandbox.pk])
    numbers = list(sandbox.accounts.values_list("number", flat=True))
    arns = arns_of(scenario, numbers)
    site = Site(batch, batch.entered[sandbox.pk], arns)
    for place, queue in enumerate(scenario.queues):
        _create(site, f"queues[{place}]", queue, arn_of(queue, numbers))
    add_places(site, scenario, numbers)
    add_functions(site, scenario, numbers)
    for place, queue in enumerate(scenario.queues):
        _connect(site, f"queues[{place}]", queue, arn_of(queue, numbers))
    add_ways(site, scenario, numbers)
    add_work(site, scenario, numbers)
    for place, message in enumerate(scenario.messages):
        _send(site, f"messages[{place}]", message, place)
    nodes = dict(arns)
    for place, actor in enumerate(scenario.actors):
        settings = site.raw(actor.settings)
        _check(site, f"actors[{place}]", actor.kind, settings)
        made = actors.add(
            batch, site.world, kind=actor.kind, label=actor.name, settings=settings, by=ACTOR,
            running=actor.running,
        )  # fmt: skip
        nodes[f"actor:{made.key}"] = made.node
    for place, fault in enumerate(scenario.faults):
        _harm(site, f"faults[{place}]", fault, nodes)
    places = {nodes[name]: list(place) for name, place in scenario.pins.items() if name in nodes}
    if places:
        Arrangement.objects.create(sandbox=sandbox, places=places)


def _create(site: Site, path: str, queue: Queue, arn: str) -> None:
    first = {name: value for name, value in queue.attributes.items() if name not in _LATER}
    if queue.name.endswith(".fifo"):
        first = {"FifoQueue": True} | first
    params: dict[str, Any] = {"QueueName": queue.name, "Attributes": site.plain(first)}
    if queue.tags:
        params["tags"] = dict(queue.tags)
    site.call(_step(path, arn, names=first), "CreateQueue", params)


def _connect(site: Site, path: str, queue: Queue, arn: str) -> None:
    later = {name: value for name, value in queue.attributes.items() if name in _LATER}
    for name, value in later.items():
        params = {"QueueUrl": site.url(arn), "Attributes": site.plain({name: value})}
        site.call(_step(f"{path}.attributes.{name}", arn), "SetQueueAttributes", params)


def _send(site: Site, path: str, message: Message, place: int) -> None:
    arn = site.named(f"{path}.queue", MARK + message.queue)
    params: dict[str, Any] = {"QueueUrl": site.url(arn), "MessageBody": message.body}
    if message.group:
        params["MessageGroupId"] = message.group
    if arn.endswith(".fifo"):
        params["MessageDeduplicationId"] = f"start-{place}"
    if not arn.endswith(".fifo") or message.delay:
        params["DelaySeconds"] = message.delay
    if message.attributes:
        params["MessageAttributes"] = {
            name: _as_parameter(value) for name, value in message.attributes.items()
        }
    site.call(_step(path, arn), "SendMessage", params)


def _harm(site: Site, path: str, fault: Fault, nodes: Mapping[str, str]) -> None:
    """Put a fault on what it names."""
    if fault.target not in nodes:
        text = _("there is no %(name)s here")
        raise ScenarioError(f"{path}.target", text, name=fault.target)
    raw = dict(fault.settings) | {"kind": fault.kind, "target": nodes[fault.target]}
    try:
        chaos.put(site.batch, site.world, raw, by=ACTOR)
    except SettingsError as error:
        beside = error.field in ("kind", "target")
        where = f".{error.field}" if beside else f".settings.{error.field}"
        raise ScenarioError(path + where, error.sentence) from error


def _check(site: Site, path: str, kind: str, settings: Mapping[str, Any]) -> None:
    """Let the actor's kind check its settings."""
    try:
        behaviour = kind_of(kind)
    except SettingsError as error:
        raise ScenarioError(f"{path}.kind", error.sentence) from error
    try:
        behaviour.read(settings)
    except SettingsError as error:
        mark = lost(settings.get(error.field), site.arns)
        said = not_here(mark) if mark else error.sentence
        raise ScenarioError(f"{path}.settings.{error.field}", said) from error
    except (AttributeError, OverflowError, TypeError, ValueError) as error:
        raise ScenarioError(f"{path}.settings", _("cannot be read")) from error


def _step(path: str, arn: str, names: Mapping[str, Any] | None = None) -> Step:
    parsed = parse_arn(arn)
    return Step(path, parsed.account, parsed.region, names=names)


def _as_parameter(value: Mapping[str, str]) -> dict[str, Any]:
    if "base64" in value:
        return {"DataType": value["type"], "BinaryValue": b64decode(value["base64"])}
    return {"DataType": value["type"], "StringValue": value["value"]}
