"""The second sandbox that everybody finds at the first start: a topic with three queues."""

from typing import Final

from dashboard.scenarios.building import build
from dashboard.scenarios.gallery import template_named
from messaging.kernel.models import Sandbox

SLUG: Final = "order-fan-out"
_TEMPLATE: Final = "fan-out"


def create_second_demo() -> Sandbox:
    """Return the sandbox; create it from its template where there is none yet."""
    found = Sandbox.objects.filter(slug=SLUG).first()
    if found is not None:
        return found
    template = template_named(_TEMPLATE)
    assert template is not None
    return build(template.scenario, name=SLUG)
