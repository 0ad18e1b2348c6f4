"""Functions on the map: live, in the past, in a fork and in a duplicate."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.history import shelf
from dashboard.topology.painter import Painter
from messaging import sandboxes
from messaging.awslambda import topology
from messaging.executor import Executor
from messaging.kernel.context import Caller
from messaging.kernel.models import Sandbox
from messaging.kernel.topology import Edge
from tests.fixtures.engine import ACCOUNT, REGION, Api, Time
from tests.live.forked import Album, bare
from tests.live.test_equality import fresh_look
from tests.live.twin import Twin
from tests.services.awslambda.conftest import BEHAVIOUR, Make, Map, function_arn, queue_arn

Step = Callable[[], Any]


@pytest.fixture(autouse=True)
def _new_process() -> None:
    shelf.forget()


@pytest.fixture
def story(api: Any, make: Make, queue: Make, connect: Map, queues: Any, clock: Time) -> list[Step]:
    """Return the steps of a sandbox's life; at the end of each nothing is running."""
    url, name = queue("jobs"), "worker"
    queue("dead")
    dead = {"DestinationConfig": {"OnFailure": {"Destination": queue_arn("dead")}}}
    success = {"DestinationConfig": {"OnSuccess": {"Destination": function_arn("second")}}}
    uuids: list[str] = []
    return [
        lambda: make("seconds=2 poison=bad", Environment={"Variables": {"KEY": "s3cret"}}),
        lambda: make(name="second", DeadLetterConfig={"TargetArn": queue_arn("dead")}),
        lambda: uuids.append(connect(BatchSize=5)),
        lambda: queues.send_message(QueueUrl=url, MessageBody="good"),
        lambda: clock.advance(10),
        lambda: api.put_function_event_invoke_config(FunctionName=name, **dead),
        lambda: api.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=3),
        lambda: api.update_function_configuration(FunctionName=name, Timeout=9),
        lambda: api.update_event_source_mapping(UUID=uuids[0], Enabled=False),
        lambda: clock.advance(10),
        lambda: api.put_function_event_invoke_config(FunctionName=name, **success),
        lambda: api.tag_resource(Resource=function_arn(), Tags={BEHAVIOUR: "seconds=1"}),
        lambda: api.add_permission(
            FunctionName=name, StatementId="s", Action="lambda:InvokeFunction", Principal="*"
        ),
        lambda: api.delete_event_source_mapping(UUID=uuids[0]),
        lambda: clock.advance(10),
        lambda: api.delete_function(FunctionName=name),
    ]


def functions_of(executor: Executor, sandbox: Sandbox) -> Api:
    """Return Lambda in a sandbox, through the one door."""
    root = f"arn:aws:iam::{ACCOUNT}:root"
    return Api(executor, Caller(sandbox.pk, ACCOUNT, REGION, root, "client:test"), "lambda")


def test_frames_lead_to_what_a_fresh_snapshot_says(story: list[Step], sandbox: Sandbox) -> None:
    painter, twin = Painter(sandbox.pk), Twin()
    painter.start()
    twin.take(painter.snapshot("e"))
    for step in story:
        step()
        batch = painter.advance()
        if batch is not None:
            twin.take(batch.text)
        assert twin.canonical() == fresh_look(sandbox)


def test_the_map_shows_functions_and_what_joins_them(story: list[Step], sandbox: Sandbox) -> None:
    for step in story[:8]:
        step()
    nodes = {node.label: node for node in topology.nodes(sandbox.pk)}
    assert {(node.kind, node.column) for node in nodes.values()} == {("function", "consumers")}
    assert nodes["worker"].cfg["slots"] == 3
    assert nodes["second"].cfg["slots"] == 5
    assert set(topology.edges(sandbox.pk)) == {
        Edge(queue_arn("jobs"), function_arn(), "receive", "batch 5"),
        Edge(function_arn(), queue_arn("dead"), "dlq", "on failure"),
        Edge(function_arn("second"), queue_arn("dead"), "dlq", "dead letters"),
    }
    for step in story[8:11]:
        step()
    edges = topology.edges(sandbox.pk)
    assert Edge(queue_arn("jobs"), function_arn(), "receive", "batch 5, off") in edges
    assert Edge(function_arn(), function_arn("second"), "target", "on success") in edges


def test_it_shows_how_many_run(make: Make, api: Any, sandbox: Sandbox, clock: Time) -> None:
    make("seconds=2")
    painter, twin = Painter(sandbox.pk), Twin()
    painter.start()
    twin.take(painter.snapshot("e"))
    for _ in range(3):
        api.invoke(FunctionName="worker", InvocationType="Event")
    seen = []
    for seconds in (1, 1.5):
        clock.advance(seconds)
        batch = painter.advance()
        assert batch is not None
        twin.take(batch.text)
        [node] = twin.canonical()["nodes"]
        seen.append((node["cfg"]["busy"], node["cfg"]["meta"]))
    assert seen == [(3, "3 running"), (0, "0 running")]


def test_every_moment_of_the_past_can_be_forked(
    story: list[Step], sandbox: Sandbox, executor: Executor
) -> None:
    album = Album(sandbox, executor)
    for step in story:
        step()
        album.take()
    album.compare()


def test_a_fork_goes_on_with_its_functions(
    story: list[Step], sandbox: Sandbox, executor: Executor
) -> None:
    album = Album(sandbox, executor)
    for step in story:
        step()
        album.take()
    copy = album.fork(album.seqs[4])
    api = functions_of(executor, copy)
    found = api.get_function(FunctionName="worker")
    assert found["Configuration"]["Timeout"] == 3
    assert found["Tags"] == {BEHAVIOUR: "seconds=2 poison=bad"}
    assert api.list_event_source_mappings()["EventSourceMappings"][0]["State"] == "Enabled"
    sqs = Api(executor, api.caller)
    url = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="good")
    Time(executor, copy.pk).advance(5)
    left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (
        left["ApproximateNumberOfMessages"] == left["ApproximateNumberOfMessagesNotVisible"] == "0"
    )


def test_a_duplicate_goes_on_by_itself(
    story: list[Step], api: Any, clock: Time, sandbox: Sandbox, executor: Executor
) -> None:
    for step in story[:3]:
        step()
    api.invoke(FunctionName="worker", InvocationType="Event", Payload=b'"bad"')
    clock.advance(1)
    copy = executor.run_sync(
        lambda batch: sandboxes.duplicate(batch, sandbox.pk, "copy"), (sandbox.pk,)
    )
    assert bare(fresh_look(copy)) == bare(fresh_look(sandbox))
    Time(executor, copy.pk).advance(30)
    assert [node.cfg["busy"] for node in topology.nodes(copy.pk)] == [0, 0]
    assert [node.cfg["busy"] for node in topology.nodes(sandbox.pk)] == [1, 0]


def test_environment_variables_are_in_no_log(
    story: list[Step], events: Callable[..., list[Any]]
) -> None:
    for step in story:
        step()
    assert "s3cret" not in str(events())
