"""Words in the reader's language: texts that wait for a reader, and those of the browser's modules.

English stands in the modules themselves (``static/shell/catalog.js`` is empty). For any other
language the import map names this catalogue in its place. Its address carries a digest of what it
says, so a browser keeps it for good; nothing of it needs more than ``script-src 'self'``.
"""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy, override
from django.utils.translation.trans_real import DjangoTranslation
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

from messaging.kernel.wording import Sentence

KEPT: Final = "public, max-age=31536000, immutable"

# For texts of modules and classes: translated when they are shown, and typed as what they become.
later: Final = cast(Callable[[str], str], gettext_lazy)


def in_language(sentence: Sentence) -> str:
    """Return what the engine or a pure module says, in the reader's language."""
    values = {
        name: in_language(value) if isinstance(value, Sentence) else value
        for name, value in sentence.values.items()
    }
    text = gettext(sentence.text) if sentence.text else ""
    return text % values if values else text


@require_safe
def catalogue(request: HttpRequest, language: str, digest: str) -> HttpResponse:
    """Answer with the module for one language; an address of other words is not found."""
    known = dict(settings.LANGUAGES)
    if language not in known or digest != digest_of(language):
        return HttpResponseNotFound()
    response = HttpResponse(module_for(language), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = KEPT
    return response


def words_url(english: str) -> str:
    """Return the address of the words for the reader's language; ``english`` is the file's path."""
    language = get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE:
        return static(english)
    return reverse("words", args=[language, digest_of(language)])


@cache
def module_for(language: str) -> str:
    """Return the catalogue of a language as an ES module."""
    with override(language):
        found = _Catalogue().context()
    plural = found["plural"] or "(n != 1)"
    return (
        f"export const messages = {json.dumps(found['catalog'], sort_keys=True)};\n"
        f"export const plural = (n) => Number({plural});\n"
    )


@cache
def digest_of(language: str) -> str:
    return hashlib.sha256(module_for(language).encode()).hexdigest()[:16]


class _Catalogue(JavaScriptCatalog):
    """Django's catalogue of the domain ``djangojs``, of the places that the settings name."""

    def context(self) -> dict[str, Any]:
        paths = [str(path) for path in settings.LOCALE_PATHS]
        self.translation = DjangoTranslation(
            get_language() or settings.LANGUAGE_CODE, domain="djangojs", localedirs=paths
        )
        return dict(self.get_context_data())
