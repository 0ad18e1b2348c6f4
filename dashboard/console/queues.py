"""What the panel of a queue shows: counters, messages by peeking, attributes, equivalents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.console import door, handles
from dashboard.console.equivalents import Equivalent, equivalent
from dashboard.console.forms import AwsForm, SendForm, SettingsForm
from dashboard.console.text import visible
from messaging import registry
from messaging.kernel.arns import is_arn, parse_arn
from messaging.kernel.clock import wall_ms
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox

PEEKED: Final = 50
_SHORT: Final = 6
_SECOND: Final = 1000


@dataclass(frozen=True)
class QueueDesk:
    """A queue as the console stands before it."""

    request: HttpRequest
    sandbox: Sandbox
    arn: str
    caller: Caller
    attributes: Mapping[str, str]

    @classmethod
    def open(cls, request: HttpRequest, sandbox: Sandbox, arn: str) -> "QueueDesk | None":
        """Look the queue up; None when there is none."""
        if not is_arn(arn):
            return None
        caller = door.owner_of(request, sandbox, arn)
        params = {"QueueUrl": door.queue_url(caller, arn), "AttributeNames": ["All"]}
        try:
            found = door.look(caller, "GetQueueAttributes", params)
        except AwsError:
            return None
        return cls(request, sandbox, arn, caller, found["Attributes"])

    @property
    def url(self) -> str:
        return door.queue_url(self.caller, self.arn)

    @property
    def name(self) -> str:
        return parse_arn(self.arn).name

    @property
    def is_fifo(self) -> bool:
        return self.attributes.get("FifoQueue") == "true"

    def neighbours(self) -> list[str]:
        """Return the ARNs of the other queues that could take its dead letters."""
        return [
            arn
            for arn in queue_arns(self.caller)
            if arn != self.arn and arn.endswith(".fifo") == self.is_fifo
        ]

    def is_dlq(self) -> bool:
        """Tell whether it is another queue's dead-letter queue."""
        found = door.look(self.caller, "ListDeadLetterSourceQueues", {"QueueUrl": self.url})
        return bool(found.get("queueUrls"))


def queue_arns(caller: Caller) -> list[str]:
    """Return the ARNs of the caller's queues."""
    urls: Sequence[str] = door.look(caller, "ListQueues", {}).get("QueueUrls", ())
    return [
        f"arn:aws:sqs:{caller.region}:{caller.account}:{url.rpartition('/')[2]}" for url in urls
    ]


def render_panel(
    desk: QueueDesk,
    *,
    send: AwsForm | None = None,
    settings: AwsForm | None = None,
    made: Mapping[str, Equivalent] | None = None,
) -> HttpResponse:
    """Render the panel; forms that were refused come back with their errors (status 422)."""
    context = _live_context(desk)
    template = "services/sqs/live.html"
    if desk.request.headers.get("HX-Target") != "panel-live":
        template = "services/sqs/queue.html"
        context["calls"] = _calls(desk) | dict(made or {})
        context["forms"] = {
            "send": send or SendForm(fifo=desk.is_fifo),
            "settings": settings or SettingsForm.filled(desk.attributes, queues=desk.neighbours()),
        }
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
            {"QueueUrl": desk.url, "ReceiptHandle": "the handle you received"},
        ),
        "attributes": equivalent(
            "sqs", "GetQueueAttributes", {"QueueUrl": desk.url, "AttributeNames": ["All"]}
        ),
    }


def receive_params(desk: QueueDesk) -> dict[str, Any]:
    """Return the call behind Receive: one message, at once."""
    return {"QueueUrl": desk.url, "MaxNumberOfMessages": 1, "WaitTimeSeconds": 0}
