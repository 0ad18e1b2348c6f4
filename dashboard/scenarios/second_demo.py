"""The second sandbox that everybody finds at the first start: routes, a function, an alarm."""

from typing import Final

from dashboard.scenarios.building import build
from dashboard.scenarios.gallery import template_named
from messaging.kernel.models import Sandbox

SLUG: Final = "order-fan-out"


def create_second_demo() -> Sandbox:
    """Return the sandbox; create it from the template of its name where there is none yet."""
    found = Sandbox.objects.filter(slug=SLUG).first()
    if found is not None:
        return found
    template = template_named(SLUG)
    assert template is not None
    return build(template.scenario, name=SLUG)
