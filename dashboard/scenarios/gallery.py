"""The gallery: documents that a new sandbox may start with, in the order they are shown."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.scenarios import reading
from dashboard.scenarios.document import Scenario
from dashboard.scenarios.picture import Picture, draw

FOLDER: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Template:
    """A document of the gallery; title and words are those of the document, to be translated."""

    slug: str
    title: Promise
    words: Promise
    scenario: Scenario
    picture: Picture


_WORDS: Final = (
    ("empty", _("Empty"), _("Nothing in it. Create queues here, or point your code at it.")),
    ("order-pipeline", _("Order pipeline"), _(
        "A standard and a FIFO queue with dead-letter queues, two producers, three consumers. "
        "Some orders are poison.")),
    ("fan-out", _("Fan-out"), _(
        "One topic, three queues. Filter policies on the subscriptions decide which orders arrive: "
        "gold customers, big totals, everything.")),
    ("order-fan-out", _("Order fan-out"), _(
        "One topic, three filtered queues, and what comes after them: a function bills, a pipe has "
        "big orders checked and puts them on a bus. An order that nobody can read ends in a "
        "dead-letter queue, and an alarm tells the people on call.")),
    ("event-routing", _("Event routing"), _(
        "One bus, three rules, and a schedule that closes the day each night. One queue lets "
        "nobody in: what its rule cannot deliver lies in a dead-letter queue.")),
    ("poison-pill", _("Poison pill"), _(
        "One invoice that no worker can read comes back again and again. There is no dead-letter "
        "queue behind it yet.")),
    ("fifo-ledger", _("FIFO ledger"), _(
        "Bookings of eight accounts, each in its own message group: order holds inside a group, "
        "groups run side by side.")),
    ("fair-tenants", _("Fair tenants"), _(
        "One tenant sends ten times what the others send. Message groups on a standard queue keep "
        "the quiet ones quick.")),
    ("retry-storm", _("Retry storm"), _(
        "Work takes longer than the visibility timeout, so messages come back while they are still "
        "being worked on.")),
)  # fmt: skip


@cache
def templates() -> tuple[Template, ...]:
    """Return the gallery."""
    return tuple(_template(slug, title, words) for slug, title, words in _WORDS)


def template_named(slug: str) -> Template | None:
    """Return a template, or None where there is none of that name."""
    return next((template for template in templates() if template.slug == slug), None)


def _template(slug: str, title: Promise, words: Promise) -> Template:
    scenario = reading.read((FOLDER / f"{slug}.json").read_text(encoding="utf-8"))
    return Template(slug, title, words, scenario, draw(scenario))
