"""Several server processes on one PostgreSQL: what one does, the others know, in one order."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.db import connection

from messaging import neighbours as neighbours_module
from messaging import sandboxes
from messaging.kernel.errors import AwsError
from messaging.kernel.models import AccessKey, Account, Event, Lease, Sandbox
from messaging.simulation import control
from messaging.sqs.models import Message
from tests.engine.processes import WAIT_S, Process, at_once
from tests.fixtures.engine import ACCOUNT, REGION, Api
from tests.services.sqs import invariants

pytestmark = pytest.mark.needs("postgres")

Pair = tuple[Process, Process]
ROUNDS = 12


def send(api: Api, url: str, name: str, *, fifo: bool = False) -> None:
    """Send ``ROUNDS`` batches of three."""
    for number in range(ROUNDS):
        entries: list[dict[str, Any]] = []
        for place in range(3):
            body = f"{name}-{number:03}-{place}"
            entry = {"Id": str(place), "MessageBody": body}
            if fifo:
                group = f"{name}-{place}"
                entry |= {"MessageGroupId": group, "MessageDeduplicationId": body}
            entries.append(entry)
        api.send_message_batch(QueueUrl=url, Entries=entries)


def drain(api: Api, url: str, *, until: Callable[[], bool]) -> list[str]:
    """Receive and delete until nothing comes and nobody sends; return bodies as they came."""
    bodies: list[str] = []
    while True:
        is_over = until()
        answer = api.receive_message(QueueUrl=url, MaxNumberOfMessages=5)
        for message in answer.get("Messages", []):
            bodies.append(message["Body"])
            api.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        if is_over and not answer:
            return bodies


def exchange(processes: Pair, shared: Sandbox, name: str, **attributes: str) -> list[list[str]]:
    """Let both processes send and receive side by side; return what each receiver got."""
    apis = [process.api(shared) for process in processes]
    url = apis[0].create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    left = [len(apis) * 2]

    def produce(api: Api, producer: str) -> None:
        send(api, url, producer, fifo=name.endswith(".fifo"))
        left[0] -= 1

    producers = [
        lambda api=api, n=n, k=k: produce(api, f"p{n}{k}")
        for n, api in enumerate(apis)
        for k in range(2)
    ]
    consumers = [
        lambda api=api: drain(api, url, until=lambda: not left[0]) for api in apis for _ in range(2)
    ]
    return at_once(*producers, *consumers)[len(producers) :]


def expected() -> list[str]:
    return sorted(
        f"p{n}{k}-{number:03}-{place}"
        for n in range(2)
        for k in range(2)
        for number in range(ROUNDS)
        for place in range(3)
    )


def test_everything_is_delivered_once_and_counted(processes: Pair, shared: Sandbox) -> None:
    for process in processes:
        process.start()
    got = exchange(processes, shared, "work")
    assert sorted(body for bodies in got for body in bodies) == expected()
    assert Message.objects.count() == 0
    received = Event.objects.filter(kind="sqs.MessageReceived")
    assert {orjson.loads(event.data)["was"] for event in received} == {"v"}
    invariants.check(shared.pk)


def test_groups_keep_their_order_whoever_receives(processes: Pair, shared: Sandbox) -> None:
    for process in processes:
        process.start()
    got = exchange(processes, shared, "work.fifo", FifoQueue="true")
    assert sorted(body for bodies in got for body in bodies) == expected()
    groups: dict[str, list[int]] = defaultdict(list)
    for event in Event.objects.filter(kind="sqs.MessageReceived").order_by("id"):
        data = orjson.loads(event.data)
        groups[data["g"]].append(data["m"])
    assert len(groups) == 12
    assert all(numbers == sorted(numbers) for numbers in groups.values())
    invariants.check(shared.pk)


def test_configuration_that_one_changes_holds_for_the_other(
    processes: Pair, shared: Sandbox
) -> None:
    here, there = (process.api(shared) for process in processes)
    for process in processes:
        process.start()
    url = here.create_queue(QueueName="work")["QueueUrl"]
    there.send_message(QueueUrl=url, MessageBody="at once")
    here.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "60"})
    there.send_message(QueueUrl=url, MessageBody="later")
    there.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "0"})
    bodies = [here.receive_message(QueueUrl=url)["Messages"][0]["Body"] for _ in range(2)]
    assert bodies == ["at once", "at once"], "a timeout of 0 hides nothing, the delay hides one"
    here.delete_queue(QueueUrl=url)
    with pytest.raises(AwsError) as error:
        there.send_message(QueueUrl=url, MessageBody="to nobody")
    assert error.value.code == "QueueDoesNotExist"
    invariants.check(shared.pk)


def test_a_sandbox_that_one_resets_is_empty_for_the_other(processes: Pair, shared: Sandbox) -> None:
    for process in processes:
        process.start()
    here, there = (process.api(shared) for process in processes)
    url = here.create_queue(QueueName="work")["QueueUrl"]
    there.send_message(QueueUrl=url, MessageBody="gone soon")
    processes[0].executor.run_sync(lambda batch: sandboxes.reset(batch, shared.pk), (shared.pk,))
    assert there.list_queues() == {}
    invariants.check(shared.pk)
    processes[0].executor.run_sync(lambda batch: sandboxes.delete(batch, shared.pk), (shared.pk,))
    with pytest.raises(AwsError, match="has been deleted"):
        there.list_queues()


async def test_a_message_sent_to_one_wakes_a_long_poll_held_by_the_other(
    processes: Pair, shared: Sandbox
) -> None:
    here, there = processes

    def prepare() -> list[str]:
        for process in processes:
            process.start()
        api = here.api(shared)
        # More resources at once than one notice can name.
        names = [f"queue-{number}" for number in range(neighbours_module.MAX_KEYS + 5)]
        return [str(api.create_queue(QueueName=name)["QueueUrl"]) for name in names]

    urls = await asyncio.to_thread(prepare)
    caller = there.api(shared).caller
    polls = [
        asyncio.ensure_future(
            there.executor.call(
                caller, "sqs", "ReceiveMessage", {"QueueUrl": url, "WaitTimeSeconds": 20}
            )
        )
        for url in urls
    ]
    await there.executor.run(lambda batch: None)
    sends = [
        here.executor.call(caller, "sqs", "SendMessage", {"QueueUrl": url, "MessageBody": url})
        for url in urls
    ]
    await asyncio.gather(*sends)
    answers = await asyncio.wait_for(asyncio.gather(*polls), 10)
    assert [answer["Messages"][0]["Body"] for answer in answers] == urls


def test_a_key_issued_by_one_opens_the_other(processes: Pair, shared: Sandbox) -> None:
    here, there = processes
    for process in processes:
        process.start()
    loaded = threading.Semaphore(0)
    load = there.engine.keys.load

    def load_and_say() -> None:
        load()
        loaded.release()

    there.engine.keys.load = load_and_say  # type: ignore[method-assign]
    made: Sandbox = here.executor.run_sync(
        lambda batch: sandboxes.create("new", accounts=(ACCOUNT,), regions=(REGION,))
    )
    key = AccessKey.objects.get(account__sandbox=made).key_id
    while there.engine.keys.find(key) is None:
        assert loaded.acquire(timeout=WAIT_S)
    here.executor.run_sync(lambda batch: sandboxes.delete(batch, made.pk), (made.pk,))
    assert not Account.objects.filter(sandbox=made).exists()
    while there.engine.keys.find(key) is not None:
        assert loaded.acquire(timeout=WAIT_S)


def test_one_moves_time_and_the_other_takes_over_when_it_dies(
    processes: Pair, shared: Sandbox
) -> None:
    one, two = processes
    one.start(simulates=True)
    url = one.api(shared).create_queue(QueueName="work")["QueueUrl"]
    moved = one.reached(lambda world: Lease.objects.filter(owner="one").exists())
    one.api(shared).send_message(QueueUrl=url, MessageBody="soon", DelaySeconds=1)
    assert moved.wait(WAIT_S)
    die(one)
    assert Lease.objects.get(sandbox=shared).owner == "one", "it had no time to give it up"
    two.start(simulates=True)
    moved = two.reached(lambda world: Lease.objects.filter(owner="two").exists())
    two.api(shared).send_message(QueueUrl=url, MessageBody="later", DelaySeconds=1)
    assert moved.wait(WAIT_S)
    invariants.check(shared.pk)


def test_two_at_once_move_a_world_once(processes: Pair, shared: Sandbox) -> None:
    """Both move time: each act of an actor and each lapse happens once, at the time it is due."""
    for process in processes:
        process.start(simulates=True)
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:work"
    api = processes[0].api(shared)
    api.create_queue(QueueName="work", Attributes={"VisibilityTimeout": "2"})
    control_as(processes[0])
    control.add_actor(shared.pk, kind="producer", label="shop", settings={"target": arn})
    control.add_actor(shared.pk, kind="consumer", label="desk", settings={"source": arn})
    enough = [process.reached(lambda world: world.last_seq > 300) for process in processes]
    control.set_rate(shared.pk, 60)
    assert any(event.wait(WAIT_S) for event in enough)
    for process in processes:
        process.engine.stop()
    invariants.check(shared.pk)


def control_as(process: Process) -> None:
    """Let the simulation's controls go through this process."""
    control.current = lambda: process.engine  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def own_controls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "current", control.current)  # type: ignore[attr-defined]


def die(process: Process) -> None:
    """End a process as a crash does: its lease stays."""
    process.runner._release = lambda batch: None  # type: ignore[method-assign]
    process.engine.stop()


def test_sandboxes_do_not_wait_for_each_other(processes: Pair, shared: Sandbox) -> None:
    """One process holds a sandbox; the other goes on with another one, and leases both."""
    for process in processes:
        process.start()
    other = sandboxes.create("other", accounts=(ACCOUNT,), regions=(REGION,))
    holds, may_go = threading.Event(), threading.Event()

    def hold(batch: Any) -> None:
        holds.set()
        assert may_go.wait(WAIT_S)

    held = processes[0].executor.post(hold, (shared.pk,))
    assert holds.wait(WAIT_S)
    try:
        assert processes[1].api(other).create_queue(QueueName="mine")["QueueUrl"]
        leased = processes[1].executor.post(
            lambda batch: processes[1].runner._claim([shared.pk, other.pk], batch)
        )
        assert set(leased.result(WAIT_S).ours) == {shared.pk, other.pk}
    finally:
        may_go.set()
    assert held.result(WAIT_S) is None
    assert connection.vendor == "postgresql"
