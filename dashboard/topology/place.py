"""Where a command of the map is carried out: its reads, and checks of its arguments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dashboard.console import door
from messaging.kernel.arns import is_arn
from messaging.kernel.context import Caller
from messaging.kernel.models import Sandbox
from messaging.simulation.control import Gone
from messaging.simulation.models import Actor

# What GetQueueAttributes tells and CreateQueue does not take.
_READ_ONLY: Final = ("Approximate", "CreatedTimestamp", "LastModifiedTimestamp", "QueueArn")

Args = Mapping[str, Any]


class CommandError(ValueError):
    """A command that cannot be carried out; the text says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """One person at the map of one sandbox."""

    request: HttpRequest
    sandbox: Sandbox

    def owner(self, arn: str) -> Caller:
        return door.owner_of(self.request, self.sandbox, arn)

    def newcomer(self) -> Caller:
        return door.newcomer(self.request, self.sandbox)

    def actor(self, node: str) -> Actor:
        """Return the simulated actor of a node; raises Gone."""
        key = node.removeprefix("actor:")
        actor = Actor.objects.filter(sandbox=self.sandbox.pk, key=key).first()
        if actor is None:
            raise Gone(key)
        return actor

    def labels(self) -> set[str]:
        """Return the labels of all actors."""
        return set(Actor.objects.of_sandbox(self.sandbox.pk).values_list("label", flat=True))

    def attributes(self, arn: str) -> dict[str, str]:
        found = self._look(arn, "GetQueueAttributes", AttributeNames=["All"])
        return dict(found["Attributes"])

    def tags(self, arn: str) -> dict[str, str]:
        return dict(self._look(arn, "ListQueueTags").get("Tags") or {})

    def call(self, arn: str, operation: str, **params: Any) -> Any:
        """Call an operation on a queue; raises AwsError."""
        caller = self.owner(arn)
        return door.act(caller, operation, {"QueueUrl": door.queue_url(caller, arn), **params})

    def _look(self, arn: str, operation: str, **params: Any) -> Any:
        caller = self.owner(arn)
        return door.look(caller, operation, {"QueueUrl": door.queue_url(caller, arn), **params})


def names_of(caller: Caller) -> set[str]:
    """Return the names of a caller's queues."""
    urls: Iterable[str] = door.look(caller, "ListQueues", {}).get("QueueUrls", ())
    return {url.rpartition("/")[2] for url in urls}


def configuration(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return those attributes of a queue with which another can be created."""
    kept = {key: value for key, value in attributes.items() if not key.startswith(_READ_ONLY)}
    return {key: value for key, value in kept.items() if (key, value) != ("FifoQueue", "false")}


def text_of(args: Args, name: str) -> str:
    value = args.get(name)
    if not isinstance(value, str) or not value:
        raise CommandError(_("%(name)s must be text.") % {"name": name})
    return value


def object_of(args: Args, name: str) -> dict[str, Any]:
    value = args.get(name, {})
    if not isinstance(value, dict):
        raise CommandError(_("%(name)s must be an object.") % {"name": name})
    return value


def texts_of(args: Args, name: str) -> dict[str, str]:
    value = object_of(args, name)
    if not all(isinstance(text, str) for text in value.values()):
        raise CommandError(_("%(name)s must be names with text values.") % {"name": name})
    return value


def queue_of(args: Args) -> str:
    arn = text_of(args, "id")
    if not is_arn(arn):
        raise CommandError(_("id must be the ARN of a queue."))
    return arn


def free_name(stem: str, taken: set[str], *, glue: str, tail: str = "", most: int) -> str:
    """Return "stem copy", "stem copy 2", … that is not taken, of at most ``most`` characters."""
    number = 1
    while True:
        ending = glue + "copy" + (f"{glue}{number}" if number > 1 else "") + tail
        name = stem[: most - len(ending)] + ending
        if name not in taken:
            return name
        number += 1
