"""Ten thousand queues: made, listed, looked at and used, in a time that does not explode."""

from time import perf_counter
from typing import Any

import pytest

from messaging.kernel.batch import Batch
from messaging.simulation.engine import advance_to
from messaging.sqs import topology
from tests.services.conftest import Writer
from tests.services.sqs import invariants

QUEUES = 10_000
LAP = QUEUES // 20
WAIT_S = 200


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_ten_thousand_queues(writer: Writer) -> None:
    writer.call("DeleteQueue")
    urls, laps = [], []
    for start in range(0, QUEUES, LAP):
        began = perf_counter()
        names = [f"q{number:05}" for number in range(start, start + LAP)]
        made = all_of(writer, "CreateQueue", [{"QueueName": name} for name in names])
        urls += [answer["QueueUrl"] for answer in made]
        laps.append(perf_counter() - began)
    # The fastest laps: whatever else the machine does only adds.
    assert min(laps[-5:]) < min(laps[:5]) * 3 + 0.2, "the last quarter costs what the first one did"
    assert pages(writer) == urls
    assert len(writer.call("ListQueues")["QueueUrls"]) == 1000
    assert len(writer.call("ListQueues", QueueNamePrefix="q0999")["QueueUrls"]) == 10

    some = [{"QueueUrl": url} for url in urls[::20]]
    all_of(writer, "SendMessage", [{**one, "MessageBody": "a"} for one in some])
    for answer in all_of(writer, "ReceiveMessage", some):
        assert len(answer["Messages"]) == 1
    pass_time(writer, 31_000)
    held = topology.contents(writer.sandbox.pk)
    assert len(topology.nodes(writer.sandbox.pk)) == len(held) == QUEUES
    assert sum(contents.visible for contents in held.values()) == len(some)
    invariants.check(writer.sandbox.pk)


def all_of(writer: Writer, operation: str, params: list[dict[str, Any]]) -> list[Any]:
    """Run calls that arrive together."""
    started = [writer.start(operation, **each) for each in params]
    return [future.result(WAIT_S) for future in started]


def pages(writer: Writer) -> list[str]:
    """Return the URLs of all queues, page by page."""
    urls: list[str] = []
    more: dict[str, str] = {}
    while True:
        page = writer.call("ListQueues", MaxResults=1000, **more)
        urls += page["QueueUrls"]
        if "NextToken" not in page:
            return urls
        more = {"NextToken": page["NextToken"]}


def pass_time(writer: Writer, milliseconds: int) -> None:
    def job(batch: Batch) -> bool:
        world = batch.entered[writer.sandbox.pk]
        return advance_to(batch, world, world.clock.anchor_sim + milliseconds)

    assert writer.executor.run_sync(job, (writer.sandbox.pk,))
