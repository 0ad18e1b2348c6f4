"""What happens in a sandbox: for every SQS operation, and for time that passes, a short scene."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fixtures.engine import ACCOUNT, REGION, Api, Time

Scene = Callable[["Stage"], None]


@dataclass
class Stage:
    """A sandbox with a few queues, and hands to work on it."""

    sqs: Api
    clock: Time

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:8000/{ACCOUNT}/{name}"

    def arn(self, name: str) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"

    def prepare(self) -> None:
        """Make the queues that the scenes play in, with something in each."""
        self.create("orders-dlq")
        redrive = json.dumps({"deadLetterTargetArn": self.arn("orders-dlq"), "maxReceiveCount": 2})
        self.create("orders", VisibilityTimeout="10", RedrivePolicy=redrive)
        self.create("line.fifo", FifoQueue="true", VisibilityTimeout="10")
        self.create("deep")
        for number in range(3):
            self.send("orders", f"o{number}")
            self.send("line.fifo", f"f{number}", group="ab"[number % 2])
        for chunk in range(5):
            self.send_many("deep", [f"d{chunk}-{number}" for number in range(10)])
        self.receive("deep", 10)

    def create(self, name: str, **attributes: str) -> None:
        self.sqs.create_queue(QueueName=name, Attributes=attributes)

    def send(self, name: str, body: str, *, delay: int = 0, group: str = "") -> None:
        params: dict[str, Any] = {"QueueUrl": self.url(name), "MessageBody": body}
        if delay:
            params["DelaySeconds"] = delay
        if group:
            params["MessageGroupId"] = group
        if name.endswith(".fifo"):
            params["MessageDeduplicationId"] = body
        self.sqs.send_message(**params)

    def send_many(self, name: str, bodies: list[str], *, delay: int = 0) -> None:
        texts = enumerate(bodies)
        entries = [{"Id": str(n), "MessageBody": text, "DelaySeconds": delay} for n, text in texts]
        self.sqs.send_message_batch(QueueUrl=self.url(name), Entries=entries)

    def receive(self, name: str, most: int = 1, **params: Any) -> list[str]:
        found = self.sqs.receive_message(
            QueueUrl=self.url(name), MaxNumberOfMessages=most, WaitTimeSeconds=0, **params
        )
        return [message["ReceiptHandle"] for message in found.get("Messages", [])]


def send(stage: Stage) -> None:
    stage.send("orders", "one")
    stage.send("orders", "later", delay=30)
    stage.send("orders", "of a tenant", group="tenant-1")
    stage.send("line.fifo", "next", group="c")
    stage.send("line.fifo", "next", group="c")


def send_batch(stage: Stage) -> None:
    stage.send_many("orders", [f"b{number}" for number in range(10)], delay=5)
    for _ in range(4):
        stage.send_many("orders", list("abcdefghij"))
    stage.send_many("deep", ["deeper"])


def receive(stage: Stage) -> None:
    stage.receive("orders", 2)
    stage.receive("line.fifo", 10)
    stage.receive("deep", 10)
    stage.receive("orders-dlq")
    stage.receive("orders", VisibilityTimeout=0)


def delete(stage: Stage) -> None:
    for name in ("orders", "line.fifo", "deep"):
        for handle in stage.receive(name, 2):
            stage.sqs.delete_message(QueueUrl=stage.url(name), ReceiptHandle=handle)
            stage.sqs.delete_message(QueueUrl=stage.url(name), ReceiptHandle=handle)


def delete_batch(stage: Stage) -> None:
    while handles := stage.receive("deep", 10):
        entries = [{"Id": str(n), "ReceiptHandle": handle} for n, handle in enumerate(handles)]
        stage.sqs.delete_message_batch(QueueUrl=stage.url("deep"), Entries=entries)


def change_visibility(stage: Stage) -> None:
    for name in ("orders", "line.fifo", "deep"):
        first, *others = stage.receive(name, 2)
        change = stage.sqs.change_message_visibility
        change(QueueUrl=stage.url(name), ReceiptHandle=first, VisibilityTimeout=77)
        for handle in others:
            change(QueueUrl=stage.url(name), ReceiptHandle=handle, VisibilityTimeout=0)


def change_visibility_batch(stage: Stage) -> None:
    entries = [
        {"Id": str(n), "ReceiptHandle": handle, "VisibilityTimeout": 40 * n}
        for n, handle in enumerate(stage.receive("orders", 3))
    ]
    stage.sqs.change_message_visibility_batch(QueueUrl=stage.url("orders"), Entries=entries)


def create(stage: Stage) -> None:
    for _ in range(2):
        stage.create("fresh", DelaySeconds="7")
    stage.send("fresh", "waits")


def configure(stage: Stage) -> None:
    set_attributes = stage.sqs.set_queue_attributes
    redrive = json.dumps({"deadLetterTargetArn": stage.arn("orders-dlq"), "maxReceiveCount": 9})
    set_attributes(QueueUrl=stage.url("deep"), Attributes={"RedrivePolicy": redrive})
    set_attributes(QueueUrl=stage.url("orders"), Attributes={"VisibilityTimeout": "11"})
    stage.send("line.fifo", "late", group="z")
    set_attributes(QueueUrl=stage.url("line.fifo"), Attributes={"DelaySeconds": "60"})
    stage.send("line.fifo", "later", group="z")
    set_attributes(QueueUrl=stage.url("line.fifo"), Attributes={"DelaySeconds": "90"})
    set_attributes(QueueUrl=stage.url("orders"), Attributes={"RedrivePolicy": ""})


def purge(stage: Stage) -> None:
    stage.receive("orders")
    for name in ("orders", "deep", "line.fifo"):
        stage.sqs.purge_queue(QueueUrl=stage.url(name))
    stage.send("orders", "after the purge")


def delete_queue(stage: Stage) -> None:
    stage.sqs.delete_queue(QueueUrl=stage.url("orders-dlq"))
    stage.sqs.delete_queue(QueueUrl=stage.url("deep"))
    stage.clock.advance(61)
    stage.create("deep", VisibilityTimeout="3")
    stage.send("deep", "a new life")


def tag(stage: Stage) -> None:
    stage.sqs.tag_queue(QueueUrl=stage.url("orders"), Tags={"team": "a"})
    stage.sqs.untag_queue(QueueUrl=stage.url("orders"), TagKeys=["team"])


def permit(stage: Stage) -> None:
    stage.sqs.add_permission(
        QueueUrl=stage.url("orders"), Label="x", AWSAccountIds=[ACCOUNT], Actions=["SendMessage"]
    )
    stage.sqs.remove_permission(QueueUrl=stage.url("orders"), Label="x")


def look(stage: Stage) -> None:
    stage.sqs.get_queue_attributes(QueueUrl=stage.url("orders"), AttributeNames=["All"])
    stage.sqs.get_queue_url(QueueName="orders")
    stage.sqs.list_queues()
    stage.sqs.list_queue_tags(QueueUrl=stage.url("orders"))
    stage.sqs.list_dead_letter_source_queues(QueueUrl=stage.url("orders-dlq"))
    stage.sqs.list_message_move_tasks(SourceArn=stage.arn("orders-dlq"))


def dead_letters(stage: Stage) -> None:
    for _ in range(3):
        stage.receive("orders", 10)
        stage.clock.advance(10)
    stage.receive("orders", 10)


def move_back(stage: Stage) -> None:
    dead_letters(stage)
    task = stage.sqs.start_message_move_task(
        SourceArn=stage.arn("orders-dlq"), MaxNumberOfMessagesPerSecond=1
    )
    stage.clock.advance(1)
    stage.sqs.cancel_message_move_task(TaskHandle=task["TaskHandle"])
    stage.clock.advance(2)
    stage.sqs.start_message_move_task(SourceArn=stage.arn("orders-dlq"))
    stage.clock.advance(5)


def time_passes(stage: Stage) -> None:
    stage.send("orders", "delayed", delay=4)
    stage.receive("line.fifo", 10)
    stage.receive("orders")
    stage.clock.advance(5)
    stage.clock.advance(40)


def messages_expire(stage: Stage) -> None:
    brief = {"MessageRetentionPeriod": "60"}
    stage.sqs.set_queue_attributes(QueueUrl=stage.url("orders"), Attributes=brief)
    stage.clock.advance(30)
    stage.send("orders", "younger")
    stage.clock.advance(31)


def nothing_held(stage: Stage) -> None:
    for name in ("orders", "line.fifo", "deep"):
        while handles := stage.receive(name, 10):
            for handle in handles:
                stage.sqs.delete_message(QueueUrl=stage.url(name), ReceiptHandle=handle)


def lifelike(stage: Stage) -> None:
    tags = {"signalbox:realism": "duplicates=0.9 disorder=0.5"}
    stage.sqs.tag_queue(QueueUrl=stage.url("orders"), Tags=tags)
    for _ in range(6):
        stage.receive("orders", 10)


LOOKS = (
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "ListMessageMoveTasks",
    "ListQueueTags",
    "ListQueues",
)
SCENES: dict[str, tuple[Scene, tuple[str, ...]]] = {
    "change visibility": (change_visibility, ("ChangeMessageVisibility",)),
    "change visibility of many": (change_visibility_batch, ("ChangeMessageVisibilityBatch",)),
    "configure": (configure, ("SetQueueAttributes",)),
    "create": (create, ("CreateQueue",)),
    "dead letters": (dead_letters, ()),
    "delete": (delete, ("DeleteMessage",)),
    "delete a queue": (delete_queue, ("DeleteQueue",)),
    "delete many": (delete_batch, ("DeleteMessageBatch",)),
    "drain": (nothing_held, ()),
    "expire": (messages_expire, ()),
    "lifelike": (lifelike, ()),
    "look": (look, LOOKS),
    "move back": (move_back, ("CancelMessageMoveTask", "StartMessageMoveTask")),
    "permit": (permit, ("AddPermission", "RemovePermission")),
    "purge": (purge, ("PurgeQueue",)),
    "receive": (receive, ("ReceiveMessage",)),
    "send": (send, ("SendMessage",)),
    "send many": (send_batch, ("SendMessageBatch",)),
    "tag": (tag, ("TagQueue", "UntagQueue")),
    "time passes": (time_passes, ()),
}
