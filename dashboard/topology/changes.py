"""What can be changed on the map, each with its inverse: connect, create, duplicate, delete, pin.

Ids are those of the map: a queue's ARN, or ``actor:<key>``.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from dashboard.console import door
from dashboard.resources.desk import Desk
from dashboard.resources.removing import remove
from dashboard.topology import handing_on, pinning
from dashboard.topology.done import Done, command
from dashboard.topology.place import (
    Args,
    CommandError,
    Place,
    configuration,
    free_name,
    names_of,
    object_of,
    queue_of,
    text_of,
    texts_of,
)
from messaging.kernel.arns import is_arn, parse_arn
from messaging.kernel.context import Caller
from messaging.simulation import control

RECEIVES: Final = 5
NAME_MAX: Final = 80
LABEL_MAX: Final = 120
_FIFO: Final = ".fifo"
_COUNTERS: Final = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


def connect(place: Place, args: Args) -> Done:
    """Join two nodes: dead-letter queue, subscription, target, a producer's, a consumer's."""
    source, target = text_of(args, "source"), text_of(args, "target")
    if is_arn(source) and parse_arn(source).service != "sqs":
        made = handing_on.join(place, source, target)
        text = _("%(source)s leads to %(target)s, whose policy lets it in.")
        return Done(text % handing_on.names(source, target), command("part", **made))
    if is_arn(source) and is_arn(target):
        return _dead_letters(place, source, target, args.get("receives", RECEIVES))
    if is_arn(target):
        return _attach(place, source, target, kind="producer", field="target")
    if is_arn(source):
        return _attach(place, target, source, kind="consumer", field="source")
    raise CommandError(_("One end of a connection is a queue."))


def part(place: Place, args: Args) -> Done:
    """Take a subscription or a target away again."""
    source, target = handing_on.part(place, args)
    text = _("%(source)s no longer leads to %(target)s.") % handing_on.names(source, target)
    return Done(text, command("connect", source=source, target=target))


def change_attributes(place: Place, args: Args) -> Done:
    """SetQueueAttributes."""
    arn, wanted = queue_of(args), texts_of(args, "attributes")
    before = place.attributes(arn)
    place.call(arn, "SetQueueAttributes", Attributes=wanted)
    name = parse_arn(arn).name
    old = {key: before.get(key, "") for key in wanted}
    return Done(
        _("Settings of %(name)s saved.") % {"name": name},
        command("attributes", id=arn, attributes=old),
    )


def change_settings(place: Place, args: Args) -> Done:
    """Give an actor other settings, and another name where one is given."""
    actor, settings = place.actor(text_of(args, "id")), object_of(args, "settings")
    label = text_of(args, "label") if "label" in args else actor.label
    undo = command("settings", id=actor.node, settings=dict(actor.settings), label=actor.label)
    control.change_actor(place.sandbox.pk, actor.key, settings=settings, label=label)
    return Done(_("Settings of %(label)s saved.") % {"label": label}, undo)


def create(place: Place, args: Args) -> Done:
    """CreateQueue: under an ARN, or under a name where the console makes its queues."""
    attributes, tags = texts_of(args, "attributes"), texts_of(args, "tags")
    if "id" in args:
        arn = queue_of(args)
        caller, name = place.owner(arn), parse_arn(arn).name
    else:
        caller, name = place.newcomer(), text_of(args, "name")
    return _create(caller, name, attributes, tags)


def add(place: Place, args: Args) -> Done:
    """Add a simulated actor."""
    label, kind, settings = (
        text_of(args, "label"),
        text_of(args, "kind"),
        object_of(args, "settings"),
    )
    actor = control.add_actor(place.sandbox.pk, kind=kind, label=label, settings=settings)
    return Done(
        _("%(label)s added.") % {"label": label}, command("delete", id=actor.node), actor.node
    )


def duplicate(place: Place, args: Args) -> Done:
    """Make another of the same: a queue's configuration without its messages, or an actor."""
    node = text_of(args, "id")
    if not is_arn(node):
        actor = place.actor(node)
        label = free_name(actor.label, place.labels(), glue=" ", most=LABEL_MAX)
        return add(place, {"kind": actor.kind, "label": label, "settings": actor.settings})
    _check_queue(node)
    caller, name = place.owner(node), parse_arn(node).name
    tail = _FIFO if name.endswith(_FIFO) else ""
    stem = name.removesuffix(_FIFO)
    fresh = free_name(stem, names_of(caller), glue="-", tail=tail, most=NAME_MAX)
    return _create(caller, fresh, configuration(place.attributes(node)), place.tags(node))


def delete(place: Place, args: Args) -> Done:
    """Delete an actor, a queue or another resource.

    What its service would have to remember does not come back: a queue that held messages, or
    anything but a queue and an actor.
    """
    node = text_of(args, "id")
    if not is_arn(node):
        actor = place.actor(node)
        control.remove_actor(place.sandbox.pk, actor.key)
        undo = command("add", kind=actor.kind, label=actor.label, settings=dict(actor.settings))
        return Done(_("%(label)s removed.") % {"label": actor.label}, undo)
    if parse_arn(node).service != "sqs":
        return _remove(place, node)
    attributes, tags = place.attributes(node), place.tags(node)
    undo = command("create", id=node, attributes=configuration(attributes), tags=tags)
    place.call(node, "DeleteQueue")
    held = sum(int(attributes.get(name, 0)) for name in _COUNTERS)
    text = _("Queue %(name)s deleted. Its name is free again in 60 s.") % {
        "name": parse_arn(node).name
    }
    return Done(text, None if held else undo)


OPERATIONS: Final[dict[str, Callable[[Place, Args], Done]]] = {
    "add": add,
    "attributes": change_attributes,
    "connect": connect,
    "create": create,
    "delete": delete,
    "duplicate": duplicate,
    "part": part,
    "pin": pinning.pin,
    "settings": change_settings,
}


def _check_queue(node: str) -> None:
    if parse_arn(node).service != "sqs":
        raise CommandError(_("Do that in its panel: it is no queue."))


def _remove(place: Place, arn: str) -> Done:
    desk = Desk.at(place.request, place.sandbox, parse_arn(arn).service, arn)
    if not remove(desk):
        raise CommandError(_("Nothing is known here that deletes it."))
    name = desk.resource.replace(":", "/").rpartition("/")[2]
    return Done(_("%(name)s deleted. That cannot be undone.") % {"name": name})


def _dead_letters(place: Place, source: str, target: str, receives: object) -> Done:
    if isinstance(receives, bool) or not isinstance(receives, int):
        raise CommandError(_("receives must be a whole number."))
    before = place.attributes(source).get("RedrivePolicy", "")
    policy = json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": receives})
    place.call(source, "SetQueueAttributes", Attributes={"RedrivePolicy": policy})
    undo = command("attributes", id=source, attributes={"RedrivePolicy": before})
    times = "1 receive" if receives == 1 else f"{receives} receives"
    names = parse_arn(source).name, parse_arn(target).name
    return Done(
        _("%(names)s moves messages to %(names2)s after %(times)s.")
        % {"names": names[0], "names2": names[1], "times": times},
        undo,
    )


def _attach(place: Place, node: str, arn: str, *, kind: str, field: str) -> Done:
    actor = place.actor(node)
    name = parse_arn(arn).name
    if actor.kind != kind:
        raise CommandError(
            _("%(label)s is a %(kind)s, not a %(kind2)s.")
            % {"label": actor.label, "kind": actor.kind, "kind2": kind}
        )
    old = dict(actor.settings)
    settings = {**old, field: arn}
    if field == "target" and arn.endswith(_FIFO):
        # Without a group SQS takes no message.
        settings["groups"] = settings.get("groups") or 1
    control.change_actor(place.sandbox.pk, actor.key, settings=settings)
    sends, receives = _("%(actor)s sends to %(queue)s."), _("%(actor)s receives from %(queue)s.")
    said = (sends if kind == "producer" else receives) % {"actor": actor.label, "queue": name}
    return Done(said, command("settings", id=node, settings=old))


def _create(caller: Caller, name: str, attributes: Args, tags: Args) -> Done:
    params: dict[str, Any] = {"QueueName": name}
    params |= {"Attributes": dict(attributes)} if attributes else {}
    params |= {"tags": dict(tags)} if tags else {}
    door.act(caller, "CreateQueue", params)
    arn = f"arn:aws:sqs:{caller.region}:{caller.account}:{name}"
    return Done(_("Queue %(name)s created.") % {"name": name}, command("delete", id=arn), arn)
