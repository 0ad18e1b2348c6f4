"""Where the console stands: one queue, or the place where a new one is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from dashboard.console import door
from messaging.kernel.arns import is_arn, parse_arn
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox


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

    @classmethod
    def blank(cls, request: HttpRequest, sandbox: Sandbox) -> "QueueDesk":
        """Return the desk at which a queue is made: it has a caller, and no queue yet."""
        return cls(request, sandbox, "", door.newcomer(request, sandbox), {})

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
