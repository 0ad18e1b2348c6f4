"""``{% modules … %}`` and ``{% styles … %}``: what a page loads, in one file each."""

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dashboard.packs import NotPackable, pack

register = template.Library()

MODULE = '<script type="module" src="{}"></script>'
STYLE = '<link rel="stylesheet" href="{}">'


@register.simple_tag
def modules(*names: str) -> SafeString:
    """Load modules and all that they import."""
    return _loading(MODULE, names)


@register.simple_tag
def styles(*names: str) -> SafeString:
    """Load styles in their order."""
    return _loading(STYLE, names)


def _loading(form: str, names: tuple[str, ...]) -> SafeString:
    if not settings.DEBUG:
        try:
            return format_html(form, pack(*names).url)
        except NotPackable:
            pass
    return format_html_join("", form, ((static(name),) for name in names))
