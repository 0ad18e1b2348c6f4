"""The chaos tray as a part of any panel: ``{% chaos_tray sandbox.slug queue.arn %}``."""

from typing import Any

from django import template

from dashboard.actors.tray import tray_context
from messaging.kernel.models import Sandbox

register = template.Library()


@register.inclusion_tag("actors/tray.html")
def chaos_tray(slug: str, target: str) -> dict[str, Any]:
    """Show the faults on a node, and a form for one more. The page has checked who may see it."""
    return {"tray": tray_context(Sandbox.objects.get(slug=slug), target)}
