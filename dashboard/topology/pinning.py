"""Pinning: nodes stay where a person put them, messages stay in the lifetimes of their time."""

from django.utils.translation import gettext as _

from dashboard.topology import pins
from dashboard.topology.done import Done, command
from dashboard.topology.place import Args, CommandError, Place, object_of


def pin(place: Place, args: Args) -> Done:
    """Put nodes where a person has dragged them, or let the layout place them again.

    ``messages`` instead of ``places`` pins messages: number → true, or false.
    """
    if "messages" in args:
        return _pin_messages(place, object_of(args, "messages"))
    wanted = object_of(args, "places")
    if not wanted:
        raise CommandError(_("places must be an object: id → [x, y], or null."))
    before = pins.pins_of(place.sandbox)
    pins.pin(place.sandbox, wanted)
    old = {node: before.get(node) for node in wanted}
    return Done(_("Moved."), command("pin", places=old))


def _pin_messages(place: Place, wanted: Args) -> Done:
    before = pins.pinned_of(place.sandbox)
    after = pins.pin_messages(place.sandbox, wanted)
    undo = command("pin", messages={one: int(one) in before for one in wanted})
    if any(number not in before for number in after):
        return Done(
            _("Pinned: it stays in the lifetimes of its time and is marked on the map."), undo
        )
    return Done(_("No longer pinned."), undo)
