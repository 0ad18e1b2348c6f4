"""Two writers on one PostgreSQL: what one remembers, the other knows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from messaging.executor import Executor
from messaging.kernel.models import Sandbox
from messaging.simulation.engine import advance
from messaging.sqs.models import Message
from tests.services.conftest import Writer
from tests.services.sqs import invariants

pytestmark = pytest.mark.needs("postgres")

FIFO = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}


@pytest.fixture
def pair(writer: Writer) -> Iterator[tuple[Writer, Writer]]:
    """Return two writers with connections and memories of their own, on one sandbox."""
    other = Executor()
    other.advance = advance
    other.start()
    yield writer, Writer(other, writer.sandbox, writer.url)
    other.stop()


def test_a_duplicate_is_seen_by_the_other_writer(pair: tuple[Writer, Writer]) -> None:
    url = pair[0].call("CreateQueue", QueueName="work.fifo", Attributes=FIFO)["QueueUrl"]
    for writer in pair * 2:
        writer.call("SendMessage", QueueUrl=url, MessageBody="a", MessageGroupId="g")
    assert Message.objects.count() == 1


def test_a_handle_of_one_writer_works_at_the_other(pair: tuple[Writer, Writer]) -> None:
    one, two = pair
    one.call("SendMessage", MessageBody="a")
    [message] = two.call("ReceiveMessage")["Messages"]
    one.call("DeleteMessage", ReceiptHandle=message["ReceiptHandle"])
    assert not Message.objects.exists()
    invariants.check(one.sandbox.pk)


def test_time_does_not_run_backwards_between_writers(pair: tuple[Writer, Writer]) -> None:
    """A writer that waits for the other's commit must not use the time before it."""
    Sandbox.objects.filter(pk=pair[0].sandbox.pk).update(paused=False)

    def send(number: int) -> None:
        for _ in range(25):
            pair[number % 2].call("SendMessage", MessageBody="a")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
    invariants.check(pair[0].sandbox.pk)
