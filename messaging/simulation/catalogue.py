"""Templates of sandboxes: what a new one may start with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from messaging.kernel.access import root_arn
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller
from messaging.kernel.models import Sandbox
from messaging.kernel.world import World
from messaging.simulation import order_pipeline


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of sandbox: ``build`` fills an empty one by AWS operations, as ``caller``."""

    slug: str
    name: str
    summary: str
    build: Callable[[Batch, World, Caller], None]


def template_named(slug: str) -> Template | None:
    """Return a template, or None where there is none of that name."""
    return TEMPLATES.get(slug)


def fill(batch: Batch, sandbox: Sandbox, template: Template) -> None:
    """Build a template in a sandbox, in the batch's transaction.

    The sandbox must be empty; AWS's errors are those of the operations that build it.
    """
    if sandbox.pk not in batch.entered:
        batch.enter([sandbox.pk])
    account = sandbox.accounts.all()[0]
    caller = Caller(
        sandbox.pk, account.number, account.home_region, root_arn(account.number), "console"
    )
    template.build(batch, batch.entered[sandbox.pk], caller)


def _leave_empty(batch: Batch, world: World, caller: Caller) -> None:
    """Build nothing."""


TEMPLATES: Final[dict[str, Template]] = {
    template.slug: template
    for template in (
        Template(
            "empty",
            "Empty",
            "Nothing in it: create queues here, or point your code at it.",
            _leave_empty,
        ),
        Template(
            "order-pipeline",
            "Order pipeline",
            "A standard and a FIFO queue with dead-letter queues, two producers, three consumers; "
            "one fails on poison messages.",
            order_pipeline.build,
        ),
    )
}
