"""The glossary page, and one term as a card."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from dashboard.help.glossary import TERMS, in_order


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show every term, and the keys."""
    return render(request, "help/page.html", {"terms": in_order()})


@require_safe
@cache_control(private=True, max_age=300)
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one term, as the card on its word."""
    term = TERMS.get(slug)
    if term is None:
        raise Http404(_("The glossary has no %(slug)s.") % {"slug": slug})
    return render(request, "help/card.html", {"term": term})
