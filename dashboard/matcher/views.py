"""The playground's page, its answers while somebody types, and saving."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from dashboard.console.actions import toast
from dashboard.matcher.judging import counter_examples, judge
from dashboard.matcher.subject import Subject, matcher_of, open_subject
from dashboard.matcher.traffic import latest, samples
from dashboard.people import of_sandbox
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox

# Against what a pattern is tried.
CAME_BY: Final = "came"
SAMPLES: Final = "samples"


@require_safe
@ensure_csrf_cookie
@of_sandbox
def page(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Show the editor with what is in force, and the verdicts on what came by."""
    subject = _subject(request, sandbox, request.GET)
    context = _context(subject, subject.text, subject.scope, request.GET)
    context["sandbox"] = {"slug": sandbox.slug, "name": sandbox.name}
    return render(request, "matcher/page.html", context)


@require_POST
@of_sandbox
def check(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Answer with the verdicts of a text that somebody is writing."""
    subject = _subject(request, sandbox, request.POST)
    context = _context(subject, request.POST.get("text", ""), subject.scope, request.POST)
    return render(request, "matcher/verdicts.html", context)


@require_POST
@of_sandbox
def save(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Put the text in force; what AWS refuses stands above the verdicts."""
    subject = _subject(request, sandbox, request.POST)
    text = request.POST.get("text", "")
    try:
        subject.save(text, subject.scope)
    except AwsError as error:
        context = _context(subject, text, subject.scope, request.POST) | {"problem": str(error)}
        return render(request, "matcher/verdicts.html", context)
    fresh = _subject(request, sandbox, request.POST)
    context = _context(fresh, text, fresh.scope, request.POST)
    page = render(request, "matcher/verdicts.html", context)
    return toast(page, _("Saved. It decides from now on."))


def _subject(request: HttpRequest, sandbox: Sandbox, given: Any) -> Subject:
    subject = open_subject(request, sandbox, given)
    if subject is None:
        raise Http404(_("There is no pattern to try here."))
    return subject


def _context(subject: Subject, text: str, scope: str, given: Any) -> dict[str, Any]:
    against = given.get("against", CAME_BY)
    matcher = matcher_of(subject.service)
    context: dict[str, Any] = {
        "subject": subject, "text": text, "scope": scope, "problem": "", "verdicts": [],
        "against": against,
    }  # fmt: skip
    try:
        pattern = matcher.read(text, scope)
    except AwsError as error:
        return context | {"problem": error.message or str(error)}
    saved = _saved(matcher, subject, scope)
    passed = samples(subject, scope) if against == SAMPLES else latest(subject, scope)
    verdicts = judge(pattern, text, passed, saved=saved)
    return context | {
        "verdicts": verdicts,
        "tally": {
            "holds": sum(verdict.holds for verdict in verdicts),
            "fails": sum(not verdict.holds for verdict in verdicts),
            "changes": sum(verdict.would_change for verdict in verdicts),
        },
        "examples": counter_examples(pattern, saved),
    }


def _saved(matcher: Any, subject: Subject, scope: str) -> Any:
    if not subject.saved:
        return None
    try:
        return matcher.read(subject.saved, scope)
    except AwsError:
        return None
