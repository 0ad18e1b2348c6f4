"""What stopped a publication at a hop."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dashboard.matcher.judging import Passed, Verdict, judge
from dashboard.matcher.subject import Subject, matcher_of, open_subject
from dashboard.resources.telling import document
from dashboard.whynot.trail import Told, Trail, published_before
from dashboard.whynot.ways import Hop
from messaging.kernel import recent
from messaging.kernel.arns import parse_arn
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox

_PRINCIPALS: Final = {"sns": "sns.amazonaws.com", "events": "events.amazonaws.com"}
_ACTIONS: Final = {
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
}
_FORBIDDEN: Final = frozenset(
    {"AccessDenied", "AccessDeniedException", "AuthorizationError", "NO_PERMISSIONS"}
)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why it went no further: in words, with a verdict on a pattern or a missing statement."""

    words: str
    verdict: Verdict | None = None
    statement: str = ""
    tries: str = ""
    next_at: int | None = None


def explain(request: HttpRequest, sandbox: Sandbox, trail: Trail, hop: Hop) -> Stop:
    """Return what stopped a publication at a hop that it did not pass."""
    failed = trail.about(hop.target, "sns.DeliveryFailed", "events.DeliveryFailed")
    if failed:
        return _failed(hop, failed[-1], trail)
    if hop.kind == "rule":
        return _tried(request, sandbox, trail, hop.target) or Stop(
            _("The rule did not match, or it was disabled.")
        )
    filtered = trail.about(hop.target, "sns.Filtered")
    if filtered:
        subscription = str(filtered[-1].data.get("sub", ""))
        found = _tried(request, sandbox, trail, subscription)
        why = str(filtered[-1].data.get("why", ""))
        return found or Stop(_("A filter policy stopped it: %(why)s") % {"why": why})
    return Stop(_("Nothing in the log says that it was handed on. Was this way made later?"))


def _failed(hop: Hop, told: Told, trail: Trail) -> Stop:
    code, next_at = str(told.data.get("code", "")), told.data.get("next")
    dead = [event for event in trail.events if event.kind.endswith(".DeadLettered")]
    if next_at and not dead:
        words = _("The target refused it (%(code)s). It is tried again.") % {"code": code}
        return Stop(words, next_at=next_at)
    words = _("The target refused it for good: %(code)s.") % {"code": code}
    if dead:
        words = _("The target refused it: %(code)s. It lies in the dead-letter queue.") % {
            "code": code
        }
    statement = _statement(hop) if code in _FORBIDDEN else ""
    if statement:
        words = _("The target's policy does not let it in. This statement is missing:")
    return Stop(words, statement=statement)


def _statement(hop: Hop) -> str:
    """Return the statement that would let the service in; "" where we know of none."""
    source, target = parse_arn(hop.source), parse_arn(hop.target)
    principal, action = _PRINCIPALS.get(source.service), _ACTIONS.get(target.service)
    if principal is None or action is None:
        return ""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": action,
        "Resource": hop.target,
        "Condition": {"ArnEquals": {"aws:SourceArn": hop.source}},
    }
    return document(json.dumps(statement))


def _tried(request: HttpRequest, sandbox: Sandbox, trail: Trail, of: str) -> Stop | None:
    """Judge the publication by the pattern of a rule or subscription as it is now."""
    subject = open_subject(request, sandbox, {"of": of}) if of else None
    passed = _content(sandbox, trail, subject) if subject is not None else None
    if subject is None or passed is None or not subject.saved:
        return None
    matcher = matcher_of(subject.service)
    try:
        pattern = matcher.read(subject.saved, subject.scope)
    except AwsError:
        return None
    [verdict] = judge(pattern, subject.saved, [passed], saved=None)
    if verdict.holds:
        return Stop(_("It did not match then; the pattern has been changed since."), tries=of)
    words = _("The pattern of %(name)s does not match.") % {"name": subject.name}
    return Stop(words, verdict, tries=of)


def _content(sandbox: Sandbox, trail: Trail, subject: Subject) -> Passed | None:
    """Return what was published, while this process still remembers it."""
    start = trail.start
    asked = recent.find(sandbox.pk, sandbox.generation, start.seq)
    if asked is None or asked.service != subject.service:
        return None
    caller = subject.desk.caller
    seen: Sequence[tuple[str, str, dict[str, Any]]] = list(
        matcher_of(asked.service).seen(
            asked.operation, asked.params, account=caller.account, region=caller.region,
            at=start.at,
        )
    )  # fmt: skip
    place = published_before(sandbox, asked.first, start.seq)
    if not seen or place >= len(seen):
        return None
    _, title, events = seen[place]
    return Passed(title, events.get(subject.scope))
