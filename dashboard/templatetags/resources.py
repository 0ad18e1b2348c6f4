"""``{% makers as all %}``: what can be made on the map."""

from django import template

from dashboard.resources.making import Maker
from dashboard.resources.making import makers as known

register = template.Library()


@register.simple_tag
def makers() -> list[Maker]:
    """Return what the engine can make, queues first."""
    return known()
