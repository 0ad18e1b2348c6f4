"""The sandbox that everybody finds at the first start."""

from typing import Final

from messaging import sandboxes
from messaging.engine import engine
from messaging.kernel.batch import Batch
from messaging.kernel.models import Sandbox
from messaging.simulation.catalogue import TEMPLATES, fill

SLUG: Final = "order-pipeline"
ACCOUNT: Final = "402177851930"
# With this seed the first poison message comes within two seconds.
SEED: Final = 20_260_715


def create_demo() -> Sandbox:
    """Return the demo sandbox; create it, with everything in it, where there is none yet."""
    made: Sandbox = engine().executor.run_sync(_find_or_create)
    return made


def _find_or_create(batch: Batch) -> Sandbox:
    found = Sandbox.objects.filter(slug=SLUG).first()
    if found is not None:
        return found
    template = TEMPLATES["order-pipeline"]
    sandbox = sandboxes.create(SLUG, template=template.slug, accounts=(ACCOUNT,), seed=SEED)
    fill(batch, sandbox, template)
    return sandbox
