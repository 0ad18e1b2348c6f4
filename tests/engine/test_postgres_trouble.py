"""PostgreSQL goes away and comes back: a clear error, nothing half-written, and on it goes."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from messaging import neighbours as neighbours_module
from messaging.commands import Command
from messaging.dispatch import prepare
from messaging.kernel.batch import Batch
from messaging.kernel.errors import InternalFailure, ServiceUnavailable
from messaging.kernel.models import Event, Sandbox
from messaging.sqs.models import Message
from tests.engine.processes import WAIT_S, Process, backends, hang_up
from tests.fixtures.engine import Api
from tests.services.sqs import invariants

pytestmark = pytest.mark.needs("postgres")


@pytest.fixture
def process(processes: tuple[Process, Process]) -> Process:
    processes[0].start(simulates=True)
    return processes[0]


@pytest.fixture
def api(process: Process, shared: Sandbox) -> Api:
    return process.api(shared)


@pytest.fixture
def queue(api: Api) -> str:
    return str(api.create_queue(QueueName="work")["QueueUrl"])


@pytest.fixture
def rows_held(shared: Sandbox) -> Iterator[Callable[[], None]]:
    """Return a function that holds the sandbox's row from another program, until the test ends."""
    other = psycopg.connect(**connection.get_connection_params())

    def hold() -> None:
        other.execute("SELECT 1 FROM kernel_sandbox WHERE id=%s FOR UPDATE", (shared.pk,))

    yield hold
    other.close()


def works(api: Api, url: str) -> None:
    before = Message.objects.count()
    assert api.send_message(QueueUrl=url, MessageBody="it works")["MessageId"]
    assert Message.objects.count() == before + 1
    invariants.check(api.caller.sandbox)


def test_a_connection_that_ended_between_calls_costs_one_call(
    process: Process, api: Api, queue: str
) -> None:
    works(api, queue)
    hang_up(process.backend())
    with pytest.raises(ServiceUnavailable, match="The database does not answer") as error:
        api.send_message(QueueUrl=queue, MessageBody="refused")
    assert (error.value.code, error.value.status) == ("ServiceUnavailable", 503)
    assert list(Message.objects.values_list("body", flat=True)) == ["it works"]
    works(api, queue)


def test_a_connection_that_ends_in_a_batch_takes_all_of_it_and_no_more(
    process: Process, api: Api, queue: str
) -> None:
    works(api, queue)
    events = Event.objects.count()
    backend, entered, ended = process.backend(), threading.Event(), threading.Event()

    def wait(batch: Batch) -> None:
        entered.set()
        assert ended.wait(WAIT_S)

    def send(body: str) -> Command:
        call = prepare(api.caller, "sqs", "SendMessage", {"QueueUrl": queue, "MessageBody": body})
        command = Command(call=call, sandboxes=(api.caller.sandbox,))
        process.executor._enqueue(command)
        return command

    process.executor.post(wait)
    assert entered.wait(WAIT_S)
    sent = [send("written"), send("as well")]
    # A job flushes, so that what came before it is on the server when the connection ends.
    job = process.executor.post(lambda batch: hang_up_from_outside(backend))
    ended.set()
    for command in sent:
        with pytest.raises(ServiceUnavailable, match="not known"):
            command.future.result(WAIT_S)
    with pytest.raises(OperationalError):
        job.result(WAIT_S)
    assert Event.objects.count() == events
    works(api, queue)


def hang_up_from_outside(backend: int) -> None:
    """End the connection of the writer while it is in a transaction."""
    thread = threading.Thread(target=_hang_up_and_close, args=(backend,))
    thread.start()
    thread.join(WAIT_S)


def _hang_up_and_close(backend: int) -> None:
    hang_up(backend)
    connection.close()


def test_a_row_that_somebody_holds_for_ever_is_not_waited_for(
    process: Process, api: Api, queue: str, rows_held: Callable[[], None]
) -> None:
    process.executor.run_sync(lambda batch: batch.db.write("SET SESSION lock_timeout = '100ms'"))
    rows_held()
    with pytest.raises(ServiceUnavailable, match=r"lock timeout\. Nothing was kept"):
        api.send_message(QueueUrl=queue, MessageBody="refused")
    assert Message.objects.count() == 0


def test_whoever_was_sent_back_by_a_deadlock_tries_again(
    process: Process, api: Api, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = process.executor._transaction
    victims = [True, True]

    def clash(commands: list[Command]) -> Batch:
        if victims and commands[0].call is not None:
            victims.pop()
            raise OperationalError("deadlock detected") from psycopg.errors.DeadlockDetected()
        return original(commands)

    monkeypatch.setattr(process.executor, "_transaction", clash)
    works(api, queue)
    assert victims == []


def test_a_closed_connection_is_not_kept(process: Process, api: Api, queue: str) -> None:
    works(api, queue)

    def shut(batch: Batch) -> None:
        connection.connection.close()

    with pytest.raises(Exception, match="closed"):
        process.executor.run_sync(shut)
    works(api, queue)


def test_a_bug_is_not_taken_for_an_outage(process: Process, api: Api, queue: str) -> None:
    """One statement that fails ends its own call; the others of its batch are done."""
    backend = process.backend()
    with pytest.raises(Exception, match="nothing_there"):
        process.executor.run_sync(lambda batch: batch.db.read("SELECT 1 FROM nothing_there"))
    works(api, queue)
    with pytest.raises(InternalFailure):
        api.send_message(QueueUrl=queue, MessageBody="x", MessageAttributes=7)
    works(api, queue)
    assert backend


@pytest.fixture
def own(transactional_db: None) -> int:
    """Return who works for the test's own connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


async def test_wake_ups_cross_again_when_the_database_is_back(
    processes: tuple[Process, Process], shared: Sandbox, own: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours_module, "LISTEN_S", 0.05)
    here, there = processes
    heard = threading.Event()
    wake = there.executor.wake

    def prepare_queue() -> str:
        for one in processes:
            one.start()
        url = str(here.api(shared).create_queue(QueueName="work")["QueueUrl"])
        others = [pid for pid in backends() if pid != own]
        assert len(others) >= 6, "two writers, each with one that tells and one that hears"
        hang_up(*others)
        there.executor.wake = lambda news: (heard.set(), wake(news))  # type: ignore[assignment]
        for one in processes:
            with pytest.raises(ServiceUnavailable):
                one.api(shared).get_queue_url(QueueName="work")
        while not heard.wait(0.2):
            # Until both are connected again notices are lost; they cost time, no message.
            here.api(shared).send_message(QueueUrl=url, MessageBody="are you there?")
        here.api(shared).purge_queue(QueueUrl=url)
        connection.close()
        return url

    url = await asyncio.wait_for(asyncio.to_thread(prepare_queue), WAIT_S)
    caller = here.api(shared).caller
    receive = {"QueueUrl": url, "WaitTimeSeconds": 20}
    poll = asyncio.ensure_future(there.executor.call(caller, "sqs", "ReceiveMessage", receive))
    await there.executor.run(lambda batch: None)
    send: dict[str, Any] = {"QueueUrl": url, "MessageBody": "back again"}
    await here.executor.call(caller, "sqs", "SendMessage", send)
    answer = await asyncio.wait_for(poll, 10)
    assert answer["Messages"][0]["Body"] == "back again"


def test_time_passes_again_when_the_database_is_back(
    process: Process, api: Api, shared: Sandbox, queue: str
) -> None:
    shown = process.reached(lambda world: Event.objects.filter(kind="sqs.MessageVisible").exists())
    api.send_message(QueueUrl=queue, MessageBody="soon", DelaySeconds=2)
    hang_up(*backends())
    assert shown.wait(WAIT_S)
    invariants.check(shared.pk)
