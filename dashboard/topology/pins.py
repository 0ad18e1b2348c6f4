"""Where people have put nodes of the map: kept for everybody who looks at the sandbox."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from dashboard.models import Arrangement
from messaging.engine import engine
from messaging.kernel.batch import Batch
from messaging.kernel.models import Sandbox

Places = dict[str, list[float]]
PLACES_MAX: Final = 2_000
FAR: Final = 200_000.0


class PlaceError(ValueError):
    """A place that is none; the text says what it should be."""


def pins_of(sandbox: Sandbox) -> Places:
    """Return the places of the pinned nodes by id: the upper left corner of each card."""
    return places_of(sandbox.pk)


def places_of(sandbox: int) -> Places:
    """Return the same for the id of a sandbox."""
    found = Arrangement.objects.filter(sandbox=sandbox).first()
    return dict(found.places) if found else {}


def pin(sandbox: Sandbox, changes: Mapping[str, object]) -> Places:
    """Pin nodes to places, unpin those whose place is None; return all pins as they are then."""
    checked = {node: _place(value) for node, value in changes.items()}

    def job(batch: Batch) -> Places:
        places: Places = dict(pins_of(sandbox))
        for node, place in checked.items():
            places.pop(node, None)
            if place is not None:
                places[node] = place
        if len(places) > PLACES_MAX:
            raise PlaceError(
                _("At most %(places_max)s nodes can be pinned.") % {"places_max": PLACES_MAX}
            )
        Arrangement.objects.update_or_create(sandbox=sandbox, defaults={"places": places})
        # Whoever looks on sees by this that there is something to read.
        batch.entered[sandbox.pk].version += 1
        return places

    pinned: Places = engine().executor.run_sync(job, (sandbox.pk,))
    return pinned


def _place(value: object) -> list[float] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != len("xy"):
        raise PlaceError(_("A place is two numbers."))
    for number in value:
        if isinstance(number, bool) or not isinstance(number, int | float) or abs(number) > FAR:
            raise PlaceError(
                _("A place is two numbers from %(value)s to %(far)s.")
                % {"value": format(-FAR, "g"), "far": format(FAR, "g")}
            )
    return [float(number) for number in value]
