"""Try a policy: who, what, and how it is evaluated, with the statement that decides."""

import json
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dashboard.console.desk import QueueDesk
from dashboard.console.operations.fields import WordField, choice
from dashboard.console.policy_lines import statement_starts
from dashboard.people import of_sandbox
from dashboard.wording import in_language
from dashboard.wording import later as _
from messaging.kernel.arns import parse_arn
from messaging.kernel.models import Sandbox
from messaging.kernel.policies import Decision, PolicyRequest, evaluate, parse_policy
from messaging.kernel.policy_documents import PolicyError

ACTIONS: Final = (
    "SendMessage",
    "ReceiveMessage",
    "DeleteMessage",
    "ChangeMessageVisibility",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
    "SetQueueAttributes",
    "DeleteQueue",
)


class TrialForm(forms.Form):
    """A request that nobody makes."""

    principal = WordField(label=_("Principal"), help_text=_("An ARN, a service, or * for anybody."))
    action = choice(_("Action"), [(name, f"sqs:{name}") for name in ACTIONS], initial="SendMessage")
    source_arn = WordField(label="aws:SourceArn", required=False)
    secure = choice("aws:SecureTransport", (("true", "true"), ("false", "false")), initial="true")


@dataclass(frozen=True)
class Verdict:
    """What the policy says: a word, its state, the sentence, and the line that decided."""

    word: str
    tone: str
    reason: str
    line: int | None = None


@require_POST
@of_sandbox
def evaluation(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Evaluate the policy as it is typed, saved or not."""
    desk = QueueDesk.open(request, sandbox, request.POST.get("arn", ""))
    if desk is None:
        return HttpResponse(status=204)
    form = TrialForm(request.POST, auto_id="trial-%s")
    verdict = _verdict(desk, form, request.POST.get("Policy", "")) if form.is_valid() else None
    context = {"verdict": verdict, "form": form}
    return render(request, "services/sqs/verdict.html", context)


def trial(desk: QueueDesk) -> dict[str, Any]:
    """Return what the editor needs: the form, whom one may name, and the templates."""
    parsed = parse_arn(desk.arn)
    root = f"arn:aws:iam::{parsed.account}:root"
    form = TrialForm(initial={"principal": root}, auto_id="trial-%s")
    people = (root, "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/ana",
              "sns.amazonaws.com", "events.amazonaws.com", "*")  # fmt: skip
    return {"form": form, "people": people, "templates": templates(desk)}


def templates(desk: QueueDesk) -> list[tuple[str, str]]:
    """Return (name, text) of the policies to begin with."""
    parsed = parse_arn(desk.arn)
    topic = f"arn:aws:sns:{parsed.region}:{parsed.account}:topic"
    own = {
        "Sid": "OnlyThisAccount",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": desk.arn,
        "Condition": {"StringNotEquals": {"aws:PrincipalAccount": parsed.account}},
    }
    topics = {
        "Sid": "TopicMaySend",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": desk.arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    secure = {
        "Sid": "DenyInsecure",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": desk.arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    named = (
        (gettext("Only this account"), own),
        (gettext("SNS topic may send"), topics),
        (gettext("Deny insecure"), secure),
    )
    return [(name, _document(statement)) for name, statement in named]


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def _verdict(desk: QueueDesk, form: TrialForm, text: str) -> Verdict:
    try:
        policy = parse_policy(text) if text.strip() else None
    except PolicyError as error:
        return Verdict(
            gettext("Not evaluated"),
            "d",
            gettext("The policy cannot be read: %(error)s.")
            % {"error": in_language(error.sentence)},
        )
    given = form.cleaned_data
    account = _account_of(given["principal"])
    decision = evaluate(
        policy,
        PolicyRequest(
            principal=given["principal"],
            account=account,
            action=f"sqs:{given['action']}",
            resource=desk.arn,
            context={
                "aws:PrincipalAccount": [account] if account else None,
                "aws:PrincipalArn": [given["principal"]] if account else None,
                "aws:SecureTransport": [given["secure"] or "true"],
                "aws:SourceArn": [given["source_arn"]] if given["source_arn"] else None,
            },
        ),
    )
    return _worded(decision, text, is_own=account == parse_arn(desk.arn).account)


def _worded(decision: Decision, text: str, *, is_own: bool) -> Verdict:
    starts = statement_starts(text)
    index = decision.statement_index
    has_line = index is not None and index < len(starts)
    line = text.count("\n", 0, starts[index or 0]) + 1 if has_line else None
    if decision.effect == "allow":
        return Verdict("Allow", "g", decision.reason, line)
    if decision.effect == "unknown":
        return Verdict(gettext("Cannot be told"), "d", decision.reason, line)
    if decision.explicit:
        return Verdict(
            gettext("Explicit deny"),
            "x",
            gettext("%(reason)s It wins over every allow.") % {"reason": decision.reason},
            line,
        )
    more = gettext(" The queue's own account needs no allow from it.") if is_own else ""
    return Verdict(gettext("Implicit deny"), "x", f"{decision.reason}{more}")


def _account_of(principal: str) -> str:
    try:
        return parse_arn(principal).account
    except ValueError:
        return principal if principal.isdecimal() else ""
