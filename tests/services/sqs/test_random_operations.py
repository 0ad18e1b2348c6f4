"""Random operations and time against the reference model, for standard and FIFO queues.

Nothing is lost, nothing is delivered twice while it is hidden, groups keep their order, dead
letters move after exactly as many receives as they may, and tables and log agree after each step.
"""

import json
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from messaging import sandboxes
from messaging.executor import Executor
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError
from messaging.sqs.models import Message
from tests.fixtures.engine import START_MS, Api, Time
from tests.services.sqs import invariants
from tests.services.sqs.reference import Reference

MAX_RECEIVES = 2
RETENTION_S = 100
HOMES = st.sampled_from(["work", "work", "work", "dead"])
GROUPS = st.sampled_from("abc")
TIMEOUTS = st.sampled_from([0, 1, 2, 30])
PAUSES = st.sampled_from([1, 500, 1_000, 1_999, 2_000, 30_000, 61_000])


class Machine(RuleBasedStateMachine):
    """Two queues in a sandbox of their own, used through the one door."""

    executor: ClassVar[Executor]
    caller: ClassVar[Caller]
    fifo: ClassVar[bool]
    handles = Bundle("handles")

    def __init__(self) -> None:
        super().__init__()
        home = sandboxes.create("random", seed=1, starts_at=START_MS, paused=True)
        self.sandbox = home.pk
        self.sqs = Api(self.executor, replace(self.caller, sandbox=home.pk))
        self.clock = Time(self.executor, home.pk)
        self.model = Reference(self.fifo, MAX_RECEIVES, RETENTION_S * 1000, START_MS)
        self.sent = 0
        common = {"MessageRetentionPeriod": str(RETENTION_S)}
        if self.fifo:
            common["FifoQueue"] = "true"
        end = ".fifo" if self.fifo else ""
        self.urls = {"dead": self.create(f"dead{end}", common)}
        arn = f"arn:aws:sqs:{self.caller.region}:{self.caller.account}:dead{end}"
        redrive = {"deadLetterTargetArn": arn, "maxReceiveCount": MAX_RECEIVES}
        self.urls["work"] = self.create(
            f"work{end}", common | {"RedrivePolicy": json.dumps(redrive)}
        )

    def create(self, name: str, attributes: dict[str, str]) -> str:
        return str(self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])

    @rule(group=GROUPS, delay=st.sampled_from([0, 0, 0, 2]), count=st.integers(1, 4))
    def send(self, group: str, delay: int, count: int) -> None:
        entries = []
        for _ in range(count):
            self.sent += 1
            body = str(self.sent)
            entry: dict[str, Any] = {"Id": body, "MessageBody": body}
            if self.fifo:
                entry |= {"MessageGroupId": group, "MessageDeduplicationId": body}
                delay = 0
            elif group == "a":
                entry["MessageGroupId"] = group
            entries.append(entry | {"DelaySeconds": delay})
            self.model.send(body, group, delay)
        answer = self.sqs.send_message_batch(QueueUrl=self.urls["work"], Entries=entries)
        assert len(answer["Successful"]) == count

    @rule(back=st.integers(0, 5), group=GROUPS)
    def send_again(self, back: int, group: str) -> None:
        """Send with a deduplication id that is known: nothing may arrive."""
        body = str(self.sent - back)
        if self.fifo and body in self.model.messages:
            self.sqs.send_message(
                QueueUrl=self.urls["work"],
                MessageBody="again",
                MessageGroupId=group,
                MessageDeduplicationId=body,
            )

    @rule(target=handles, home=HOMES, count=st.integers(1, 10), timeout=TIMEOUTS)
    def receive(self, home: str, count: int, timeout: int) -> Any:
        before = self.model.deliverable(home)
        answer = self.sqs.receive_message(
            QueueUrl=self.urls[home], MaxNumberOfMessages=count, VisibilityTimeout=timeout
        )
        found = answer.get("Messages", [])
        bodies = [message["Body"] for message in found]
        died = self._died(home)
        self._check_received(before, bodies, died, count)
        for body in died:
            assert self.model.is_exhausted(self.model.messages[body])
            self.model.die(body)
        for message in found:
            self.model.receive(message["Body"], message["ReceiptHandle"], timeout)
        return multiple(*((home, m["Body"], m["ReceiptHandle"]) for m in found))

    def _died(self, home: str) -> list[str]:
        """Return what has left for the dead-letter queue since the model looked."""
        if home == "dead":
            return []
        lie_there = set(self._bodies("dead"))
        return [m.body for m in self.model.at("work") if m.body in lie_there]

    def _check_received(
        self, before: dict[str, Any], bodies: list[str], died: list[str], count: int
    ) -> None:
        assert len(bodies) == len(set(bodies)), "twice in one answer"
        assert len(bodies) <= count
        ready = {m.body: group for group, held in before.items() for m in held}
        assert ready.keys() >= set(bodies), "delivered while hidden, or overtaken in its group"
        assert ready.keys() >= set(died)
        for body in bodies:
            assert not self.model.is_exhausted(self.model.messages[body])
        if not died:
            assert len(bodies) == min(count, len(ready))
        elif not bodies:
            assert set(died) == ready.keys() or len(died) >= count
        if self.fifo:
            self._check_order(before, bodies, died, ready)

    def _check_order(
        self, before: dict[str, Any], bodies: list[str], died: list[str], ready: dict[str, str]
    ) -> None:
        groups = [ready[body] for body in bodies]
        runs = [group for n, group in enumerate(groups) if n == 0 or groups[n - 1] != group]
        assert len(runs) == len(set(runs)), "groups are mixed"
        for group in runs:
            mine = [body for body in bodies if ready[body] == group]
            rest = [m.body for m in before[group] if m.body not in died]
            assert mine == rest[: len(mine)], "a group is out of order"
            if group != runs[-1] and not died:
                assert mine == rest, "the next group came before this one was exhausted"

    @rule(held=handles)
    def delete(self, held: tuple[str, str, str]) -> None:
        home, body, handle = held
        url = self.urls[home]
        expired = self._is_home(home, body) and self.model.has_expired(body, handle)
        try:
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
        except AwsError as error:
            assert expired, error
            return
        assert not expired
        if self._is_home(home, body) and self.model.is_current(body, handle):
            del self.model.messages[body]

    @rule(held=handles, timeout=TIMEOUTS)
    def hide(self, held: tuple[str, str, str], timeout: int) -> None:
        home, body, handle = held
        legal = self._is_home(home, body) and self.model.is_current(body, handle)
        legal = legal and not self.model.has_expired(body, handle)
        try:
            self.sqs.change_message_visibility(
                QueueUrl=self.urls[home], ReceiptHandle=handle, VisibilityTimeout=timeout
            )
        except AwsError as error:
            assert not legal, error
            return
        assert legal
        self.model.messages[body].visible_at = self.model.now + timeout * 1000

    def _is_home(self, home: str, body: str) -> bool:
        message = self.model.messages.get(body)
        return message is not None and message.home == home

    @rule(pause=PAUSES)
    def wait(self, pause: int) -> None:
        self.clock.advance(pause / 1000)
        self.model.advance(pause)

    @rule(home=HOMES, draw=st.integers(0, 9))
    def purge(self, home: str, draw: int) -> None:
        if draw:
            return
        try:
            self.sqs.purge_queue(QueueUrl=self.urls[home])
        except AwsError:
            return
        for message in self.model.at(home):
            del self.model.messages[message.body]

    @invariant()
    def tables_are_sound(self) -> None:
        invariants.check(self.sandbox)

    @invariant()
    def queues_hold_what_the_model_holds(self) -> None:
        for home in self.urls:
            assert self._bodies(home) == {
                message.body: (message.state(self.model.now), message.receives)
                for message in self.model.at(home)
            }

    def _bodies(self, home: str) -> dict[str, tuple[str, int]]:
        """Return state and receives of each message that a queue really holds."""
        now = self.model.now
        name = self.urls[home].rsplit("/", 1)[-1]
        rows = Message.objects.raw(
            "SELECT m.* FROM sqs_message m JOIN sqs_queue q ON q.id=m.queue_id"
            " WHERE q.sandbox=%s AND q.name=%s",
            [self.sandbox, name],
        )
        return {
            row.body: ("v" if row.visible_at <= now else "vfd"[row.hidden], row.receives)
            for row in rows
        }


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("fifo", [False, True], ids=["standard", "fifo"])
def test_any_operations_at_any_time(executor: Executor, caller: Caller, fifo: bool) -> None:
    machine = type("Chosen", (Machine,), {"executor": executor, "caller": caller, "fifo": fifo})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=settings().max_examples // 3,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
