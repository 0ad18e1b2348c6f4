"""What people have pinned, kept for everybody who looks at the sandbox.

Nodes of the map stay where somebody put them; messages are marked on it and stay in the lifetimes.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from dashboard.models import Arrangement
from messaging.engine import engine
from messaging.kernel.batch import Batch
from messaging.kernel.ids import SEQUENCE_MASK
from messaging.kernel.models import Sandbox

Places = dict[str, list[float]]
PLACES_MAX: Final = 2_000
MESSAGES_MAX: Final = 12
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


def pinned_of(sandbox: Sandbox) -> list[int]:
    """Return the numbers of the pinned messages, those pinned first first."""
    return numbers_of(sandbox.pk, sandbox.epoch)


def numbers_of(sandbox: int, epoch: str) -> list[int]:
    """Return the same for the id of a sandbox and the run of its log."""
    found = Arrangement.objects.filter(sandbox=sandbox).first()
    return list(found.messages.get(epoch, ())) if found else []


def pin_messages(sandbox: Sandbox, changes: Mapping[str, object]) -> list[int]:
    """Pin messages by number (true) or unpin them (false); return all that are pinned then."""
    checked = {_number(name): _choice(value) for name, value in changes.items()}

    def job(batch: Batch) -> list[int]:
        numbers = [one for one in pinned_of(sandbox) if checked.get(one, True)]
        numbers += [one for one, wanted in checked.items() if wanted and one not in numbers]
        if len(numbers) > MESSAGES_MAX:
            raise PlaceError(
                _("At most %(most)s messages can be pinned. Unpin one first.")
                % {"most": MESSAGES_MAX}
            )
        kept = {"messages": {sandbox.epoch: numbers}}
        Arrangement.objects.update_or_create(sandbox=sandbox, defaults=kept)
        batch.entered[sandbox.pk].version += 1
        return numbers

    pinned: list[int] = engine().executor.run_sync(job, (sandbox.pk,))
    return pinned


def _number(name: str) -> int:
    if not (name.isascii() and name.isdecimal()) or int(name) > SEQUENCE_MASK:
        raise PlaceError(_("A message is named by its number."))
    return int(name)


def _choice(value: object) -> bool:
    if not isinstance(value, bool):
        raise PlaceError(_("A message is pinned (true) or not (false)."))
    return value


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
