"""Why is it not handed to anybody at this moment? Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.inspector.entries import clock_text


class Reason(NamedTuple):
    """One reason; ``blocker`` is the number of the message that stands in the way, or 0."""

    text: str
    blocker: int = 0


class Consumer(NamedTuple):
    """Who receives from the queue, and whether it is at work."""

    name: str
    running: bool


def reasons(
    message: Mapping[str, Any], consumers: Sequence[Consumer], *, paused: bool
) -> list[Reason]:
    """Return what keeps a message from being delivered now; none when a receive may get it."""
    found = [reason for reason in (_hidden(message), _locked(message)) if reason is not None]
    if not any(one.running for one in consumers):
        found.append(_nobody(consumers))
    if paused:
        found.append(
            Reason(_("The world is paused: no timer runs and no simulated consumer acts."))
        )
    return found


def _hidden(message: Mapping[str, Any]) -> Reason | None:
    words = {"until": clock_text(message["until"])}
    if message["state"] == "f":
        text = _("In flight: somebody received it. It is hidden from everybody until %(until)s.")
        return Reason(text % words)
    if message["state"] == "d":
        return Reason(_("Delayed: nobody can receive it before %(until)s.") % words)
    return None


def _locked(message: Mapping[str, Any]) -> Reason | None:
    lock = message["lock"]
    if lock is None:
        return None
    words = {"group": message["group"], "number": lock["m"]}
    if lock["flying"]:
        text = _("Its group %(group)s is locked: message %(number)s of it is in flight.")
    else:
        text = _("Message %(number)s of its group %(group)s comes first.")
    return Reason(text % words, lock["m"])


def _nobody(consumers: Sequence[Consumer]) -> Reason:
    if not consumers:
        return Reason(_("Nobody asks for it: no consumer receives from this queue."))
    names = ", ".join(one.name for one in consumers)
    text = ngettext(
        "Nobody asks for it: %(names)s is stopped.",
        "Nobody asks for it: %(names)s are stopped.",
        len(consumers),
    )
    return Reason(text % {"names": names})
