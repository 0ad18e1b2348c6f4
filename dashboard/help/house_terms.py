"""Words of Signalbox itself."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from dashboard.help.term import Term

TERMS: Final = (
    Term("sandbox", _("Sandbox"), _(
        "A private AWS world with its own clock, seed, accounts, keys and event log. Nothing in it "
        "reaches another.")),
    Term("scenario", _("Scenario"), _(
        "A sandbox as one readable JSON document: queues, actors, clock and layout, without keys "
        "and without the log.")),
    Term("seed", _("Seed"), _(
        "The number behind everything that looks random in a sandbox. The same seed and the same "
        "commands give the same log.")),
    Term("actor", _("Actor"), _(
        "A simulated program. It calls the same AWS operations as a real client and has no way "
        "round them.")),
    Term("producer", _("Producer"), _("A program that sends messages to a queue.")),
    Term("consumer", _("Consumer"), _(
        "A program that receives messages, works on them and deletes what it has finished.")),
    Term("client", _("Client"), _(
        "A program outside, yours for example, that calls this sandbox. It appears on the map with "
        "its first call, in violet.")),
    Term("event", _("Event"), _(
        "One entry of a sandbox's log: what happened, when, and which earlier event caused it.")),
    Term("world-clock", _("Clock of the world"), _(
        "The time inside a sandbox. It can be paused, stepped and sped up; timeouts and delays "
        "run by it. Pausing the view is another matter and stops nothing.")),
)  # fmt: skip
