"""From a document to a sandbox: one transaction, which leaves all of it or nothing."""

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.models import Arrangement
from dashboard.scenarios.document import Fault, Message, Queue, Scenario
from dashboard.scenarios.handles import MARK, arns_of, with_arns
from dashboard.scenarios.parts import ScenarioError
from dashboard.scenarios.queue_attributes import plain
from messaging import dispatch, sandboxes
from messaging.engine import engine
from messaging.kernel.access import root_arn
from messaging.kernel.arns import parse_arn
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox
from messaging.kernel.wording import Sentence
from messaging.kernel.wording import gettext_noop as _
from messaging.kernel.world import World
from messaging.simulation import actors, chaos
from messaging.simulation.fields import SettingsError
from messaging.simulation.kinds import kind_of

ACTOR: Final = "console"
# They name another queue, which must be there first.
_LATER: Final = ("RedriveAllowPolicy", "RedrivePolicy")


def build(scenario: Scenario, *, name: str = "") -> Sandbox:
    """Make a sandbox of a document; raises ScenarioError, and then nothing was made."""

    def job(batch: Batch) -> Sandbox | ScenarioError:
        sandbox = _create(scenario, name or scenario.name)
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


def _create(scenario: Scenario, name: str) -> Sandbox:
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
    arns = arns_of(scenario.queues, numbers)
    site = _Site(batch, batch.entered[sandbox.pk], arns)
    for place, queue in enumerate(scenario.queues):
        site.create(f"queues[{place}]", queue, list(arns.values())[place])
    for place, queue in enumerate(scenario.queues):
        site.connect(f"queues[{place}]", queue, list(arns.values())[place])
    for place, message in enumerate(scenario.messages):
        site.send(f"messages[{place}]", message, place)
    nodes = {MARK + handle: arn for handle, arn in arns.items()}
    for place, actor in enumerate(scenario.actors):
        settings = with_arns(actor.settings, arns)
        site.check(f"actors[{place}]", actor.kind, settings)
        made = actors.add(
            batch, site.world, kind=actor.kind, label=actor.name, settings=settings, by=ACTOR,
            running=actor.running,
        )  # fmt: skip
        nodes[f"actor:{made.key}"] = made.node
    for place, fault in enumerate(scenario.faults):
        site.harm(f"faults[{place}]", fault, nodes)
    places = {nodes[name]: list(place) for name, place in scenario.pins.items() if name in nodes}
    if places:
        Arrangement.objects.create(sandbox=sandbox, places=places)


@dataclass(slots=True)
class _Site:
    """Where a document is built: each step is an AWS call, and says which part was refused."""

    batch: Batch
    world: World
    arns: Mapping[str, str]

    def create(self, path: str, queue: Queue, arn: str) -> None:
        first = {name: value for name, value in queue.attributes.items() if name not in _LATER}
        if queue.name.endswith(".fifo"):
            first = {"FifoQueue": True} | first
        params: dict[str, Any] = {"QueueName": queue.name, "Attributes": self._plain(first)}
        if queue.tags:
            params["tags"] = dict(queue.tags)
        self._call(path, arn, "CreateQueue", params, names=first)

    def connect(self, path: str, queue: Queue, arn: str) -> None:
        later = {name: value for name, value in queue.attributes.items() if name in _LATER}
        for name, value in later.items():
            params = {"QueueUrl": self._url(arn), "Attributes": self._plain({name: value})}
            self._call(f"{path}.attributes.{name}", arn, "SetQueueAttributes", params)

    def send(self, path: str, message: Message, place: int) -> None:
        arn = self.arns.get(message.queue)
        if arn is None:
            text = _("there is no queue %(name)s here")
            raise ScenarioError(f"{path}.queue", text, name=message.queue)
        params: dict[str, Any] = {"QueueUrl": self._url(arn), "MessageBody": message.body}
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
        self._call(path, arn, "SendMessage", params)

    def harm(self, path: str, fault: Fault, nodes: Mapping[str, str]) -> None:
        """Put a fault on what it names."""
        if fault.target not in nodes:
            text = _("there is no %(name)s here")
            raise ScenarioError(f"{path}.target", text, name=fault.target)
        raw = dict(fault.settings) | {"kind": fault.kind, "target": nodes[fault.target]}
        try:
            chaos.put(self.batch, self.world, raw, by=ACTOR)
        except SettingsError as error:
            beside = error.field in ("kind", "target")
            where = f".{error.field}" if beside else f".settings.{error.field}"
            raise ScenarioError(path + where, error.sentence) from error

    def check(self, path: str, kind: str, settings: Mapping[str, Any]) -> None:
        """Let the actor's kind check its settings."""
        try:
            behaviour = kind_of(kind)
        except SettingsError as error:
            raise ScenarioError(f"{path}.kind", error.sentence) from error
        try:
            behaviour.read(settings)
        except SettingsError as error:
            value = settings.get(error.field)
            is_lost = isinstance(value, str) and value.startswith(MARK)
            lost = Sentence(_("there is no queue %(name)s here"), {"name": str(value)[len(MARK) :]})
            said = lost if is_lost else error.sentence
            raise ScenarioError(f"{path}.settings.{error.field}", said) from error
        except (AttributeError, OverflowError, TypeError, ValueError) as error:
            raise ScenarioError(f"{path}.settings", _("cannot be read")) from error

    def _call(
        self, path: str, arn: str, operation: str, params: dict[str, Any],
        *, names: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        parsed = parse_arn(arn)
        caller = Caller(
            self.world.id, parsed.account, parsed.region, root_arn(parsed.account), ACTOR,
            label=ACTOR,
        )  # fmt: skip
        call = dispatch.prepare(caller, "sqs", operation, params)
        try:
            dispatch.run(self.batch, self.world, call)
        except (AwsError, dispatch.Redo) as error:
            cause = error if isinstance(error, AwsError) else error.__cause__
            text = cause.message if isinstance(cause, AwsError) else str(cause)
            # AWS's own words stay as AWS writes them.
            where = path + _named_in(text, names or {})
            raise ScenarioError(where, "%(said)s", said=text) from error

    def _plain(self, attributes: Mapping[str, Any]) -> dict[str, str]:
        return {name: plain(with_arns(value, self.arns)) for name, value in attributes.items()}

    @staticmethod
    def _url(arn: str) -> str:
        parsed = parse_arn(arn)
        return f"http://127.0.0.1:8000/{parsed.account}/{parsed.name}"


def _as_parameter(value: Mapping[str, str]) -> dict[str, Any]:
    if "base64" in value:
        return {"DataType": value["type"], "BinaryValue": b64decode(value["base64"])}
    return {"DataType": value["type"], "StringValue": value["value"]}


def _named_in(text: str, names: Mapping[str, Any]) -> str:
    """Return the rest of the path where AWS's text names an attribute."""
    found = next((name for name in names if re.search(rf"\b{re.escape(name)}\b", text)), "")
    return f".attributes.{found}" if found else ""
