"""Files that services show to anybody, as AWS does: the certificate that signs SNS's messages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from messaging import registry


@require_safe
def certificate(request: HttpRequest, name: str) -> HttpResponse:
    """Show a certificate."""
    text = registry.document_named(f"{name}.pem")
    if text is None:
        raise Http404(_("There is no such certificate."))
    return HttpResponse(text, content_type="application/x-pem-file")
