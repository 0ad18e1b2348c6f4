"""What the panel of a queue shows: counters, messages by peeking, attributes, equivalents."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard.console import handles
from dashboard.console.answers import Answer, judge
from dashboard.console.desk import QueueDesk
from dashboard.console.equivalents import Equivalent, equivalent
from dashboard.console.operations.base import OperationForm
from dashboard.console.operations.catalogue import GROUPS
from dashboard.console.operations.messages import SendMessage
from dashboard.console.operations.settings import SetQueueAttributes
from dashboard.console.operations.tags import tags_of
from dashboard.console.text import visible
from messaging import registry
from messaging.kernel.clock import wall_ms
from messaging.kernel.errors import AwsError

PEEKED: Final = 50
_SHORT: Final = 6
_SECOND: Final = 1000


def render_panel(
    desk: QueueDesk,
    *,
    send: OperationForm | None = None,
    settings: OperationForm | None = None,
    made: Mapping[str, Equivalent] | None = None,
    answers: Mapping[str, Answer | None] | None = None,
) -> HttpResponse:
    """Render the panel; forms that were refused come back with their errors (status 422).

    The queue can be deleted by somebody else at any moment: then the panel says that it is gone.
    """
    try:
        context = _live_context(desk)
    except AwsError:
        return render(desk.request, "partials/gone.html", {"name": desk.name})
    template = "services/sqs/live.html"
    if desk.request.headers.get("HX-Target") != "panel-live":
        template = "services/sqs/queue.html"
        forms = {
            "send": send or SendMessage.filled(desk),
            "settings": settings or SetQueueAttributes.filled(desk),
        }
        context["forms"] = forms
        context["previews"] = {name: judge(form.as_it_stands()) for name, form in forms.items()}
        context["answers"] = answers or {}
        context["groups"] = GROUPS
        context["tags"] = tags_of(desk)
        done = {name: answer.call for name, answer in (answers or {}).items() if answer}
        context["calls"] = _calls(desk) | dict(made or {}) | done
    refused = any(form is not None and form.errors for form in (send, settings))
    return render(desk.request, template, context, status=422 if refused else 200)


def _live_context(desk: QueueDesk) -> dict[str, Any]:
    topology = registry.service_of_arn(desk.arn).topology
    assert topology is not None
    contents = topology.contents(desk.sandbox.pk, [desk.arn], 1).get(desk.arn)
    now = desk.sandbox.clock.now(wall_ms())
    peeked = topology.peek(desk.sandbox.pk, desk.arn, PEEKED, 0)
    total = contents.visible + contents.in_flight + contents.delayed if contents else 0
    oldest = contents.oldest_at if contents else 0
    return {
        "sandbox": {"slug": desk.sandbox.slug},
        "queue": {
            "arn": desk.arn,
            "name": desk.name,
            "url": desk.url,
            "kind": "fifo" if desk.is_fifo else "queue",
            "is_dlq": desk.is_dlq(),
            "attributes": sorted(desk.attributes.items()),
        },
        "counters": {
            "visible": contents.visible if contents else 0,
            "in_flight": contents.in_flight if contents else 0,
            "delayed": contents.delayed if contents else 0,
            "oldest_s": max(0, now - oldest) / _SECOND if oldest else None,
        },
        "messages": [_message(desk.request, row, now) for row in peeked],
        "more": max(0, total - len(peeked)),
    }


def _message(request: HttpRequest, row: Mapping[str, Any], now: int) -> dict[str, Any]:
    return {
        "m": row["m"],
        "id": row["id"],
        "short": row["id"][:_SHORT],
        "body": visible(row["body"]),
        "state": row["state"],
        "receives": row["receives"],
        "until_ms": row["until"],
        "left_s": max(0, row["until"] - now) / _SECOND,
        "age_s": max(0, now - row["sent_at"]) / _SECOND,
        "group": row["group"],
        "attributes": row["attributes"],
        "receipt_handle": handles.of(request, row["id"]) if row["state"] == "f" else "",
    }


def _calls(desk: QueueDesk) -> dict[str, Equivalent]:
    """Return what each button does, as one would type it."""
    sent: dict[str, Any] = {"QueueUrl": desk.url, "MessageBody": '{"order": 1}'}
    if desk.is_fifo:
        sent |= {"MessageGroupId": "a", "MessageDeduplicationId": "order-1"}
    return {
        "send": equivalent("sqs", "SendMessage", sent),
        "receive": equivalent("sqs", "ReceiveMessage", receive_params(desk)),
        "delete": equivalent(
            "sqs",
            "DeleteMessage",
            {"QueueUrl": desk.url, "ReceiptHandle": _("the handle you received")},
        ),
        "attributes": equivalent(
            "sqs", "GetQueueAttributes", {"QueueUrl": desk.url, "AttributeNames": ["All"]}
        ),
    }


def receive_params(desk: QueueDesk) -> dict[str, Any]:
    """Return the call behind Receive: one message, at once."""
    return {"QueueUrl": desk.url, "MaxNumberOfMessages": 1, "WaitTimeSeconds": 0}
