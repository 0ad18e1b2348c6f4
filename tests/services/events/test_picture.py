"""Buses and rules on the map: live, in the past, in a fork and in a duplicate."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from dashboard.history import shelf
from dashboard.topology.painter import Painter
from messaging import sandboxes
from messaging.events import topology
from messaging.executor import Executor
from messaging.kernel.context import Caller
from messaging.kernel.models import Event, Sandbox
from messaging.kernel.topology import Edge
from messaging.simulation.engine import advance_to
from tests.fixtures.engine import ACCOUNT, REGION, Api, Time
from tests.live.forked import Album, bare
from tests.live.test_equality import fresh_look
from tests.live.twin import Twin
from tests.services.events.conftest import DEFAULT, Queue, entry

Step = Callable[[], Any]


@pytest.fixture(autouse=True)
def _new_process() -> None:
    shelf.forget()


@pytest.fixture
def story(
    api: Any, queue_named: Callable[..., Queue], wire: Callable[..., str], clock: Time
) -> list[Step]:
    """Return the steps of a sandbox's life, in which everything on the map changes."""
    queue, dead = queue_named("orders"), queue_named("dead", closed=True)
    target = {"Id": "t", "Arn": queue.arn, "DeadLetterConfig": {"Arn": dead.arn}}
    rate = "rate(1 hour)"
    return [
        lambda: api.put_events(Entries=[entry()]),
        lambda: wire(target, Description="all orders"),
        lambda: api.put_events(Entries=[entry({"n": 1})]),
        lambda: api.create_event_bus(Name="second", Tags=[{"Key": "a", "Value": "b"}]),
        lambda: wire(queue, name="other", bus="second", pattern={"detail": {"n": [1]}}),
        lambda: api.disable_rule(Name="orders"),
        lambda: api.put_events(Entries=[entry({"n": 1}, EventBusName="second")]),
        lambda: api.put_rule(Name="beat", ScheduleExpression=rate),
        lambda: api.put_targets(Rule="beat", Targets=[{"Id": "b", "Arn": dead.arn}]),
        lambda: clock.advance(2 * 3600),
        lambda: api.create_archive(ArchiveName="all", EventSourceArn=DEFAULT),
        lambda: api.remove_targets(Rule="orders", Ids=["t"]),
        lambda: api.tag_resource(ResourceARN=DEFAULT, Tags=[{"Key": "a", "Value": "b"}]),
        lambda: api.put_permission(Action="events:PutEvents", Principal="*", StatementId="s"),
        lambda: api.update_event_bus(Name="second", Description="d"),
        lambda: api.delete_rule(Name="orders"),
        lambda: api.remove_targets(Rule="other", EventBusName="second", Ids=["t0"]),
        lambda: api.delete_rule(Name="other", EventBusName="second"),
        lambda: api.delete_event_bus(Name="second"),
    ]


def events_of(executor: Executor, sandbox: Sandbox) -> Api:
    """Return EventBridge in a sandbox, through the one door."""
    root = f"arn:aws:iam::{ACCOUNT}:root"
    return Api(executor, Caller(sandbox.pk, ACCOUNT, REGION, root, "client:test"), "events")


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


def test_the_map_shows_buses_rules_and_what_joins_them(story: list[Step], sandbox: Sandbox) -> None:
    assert topology.nodes(sandbox.pk) == []
    for step in story[:9]:
        step()
    nodes = {node.id: node for node in topology.nodes(sandbox.pk)}
    prefix = f"arn:aws:events:{REGION}:{ACCOUNT}:"
    second, rule = f"{prefix}event-bus/second", f"{prefix}rule/second/other"
    assert {(node.kind, node.column) for node in nodes.values()} == {
        ("bus", "routing"), ("rule", "filters"),
    }  # fmt: skip
    assert {node.label for node in nodes.values()} == {
        "default", "second", "orders", "other", "beat",
    }  # fmt: skip
    assert nodes[f"{prefix}rule/orders"].cfg["meta"] == "disabled"
    assert nodes[f"{prefix}rule/beat"].cfg["meta"] == "rate(1 hour)"
    assert nodes[rule].cfg["meta"] == "n: 1"
    queue, dead = (f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}" for name in ("orders", "dead"))
    edges = topology.edges(sandbox.pk)
    assert Edge(second, rule, "rule") in edges
    assert Edge(rule, queue, "target") in edges
    assert Edge(f"{prefix}rule/orders", dead, "dlq", "failed") in edges
    assert not any(edge.target == f"{prefix}rule/beat" for edge in edges)


def test_every_moment_of_the_past_can_be_forked(
    story: list[Step], sandbox: Sandbox, executor: Executor
) -> None:
    album = Album(sandbox, executor)
    for step in story:
        step()
        album.take()
    album.compare()


def test_a_fork_goes_on_with_its_rules_and_schedules(
    story: list[Step], sandbox: Sandbox, executor: Executor, aws: Callable[..., Any]
) -> None:
    album = Album(sandbox, executor)
    for step in story:
        step()
        album.take()
    copy = album.fork(album.seqs[8])
    api = events_of(executor, copy)
    rules = api.list_rules(EventBusName="second")["Rules"]
    assert [rule["Name"] for rule in rules] == ["other"]
    arn = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/second"
    tags = api.list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert tags == [{"Key": "a", "Value": "b"}]
    before = Sandbox.objects.get(pk=copy.pk).last_seq
    api.put_events(Entries=[entry({"n": 1}, EventBusName="second")])
    kinds = events_after(copy, before)
    assert kinds == ["events.Received", "events.Matched", "sqs.MessageSent", "events.Delivered"]
    until = Sandbox.objects.get(pk=copy.pk).anchor_sim + 3_600_000
    executor.run_sync(lambda batch: advance_to(batch, batch.entered[copy.pk], until), (copy.pk,))
    assert "events.DeliveryFailed" in events_after(copy, before)
    assert api.describe_rule(Name="orders")["Description"] == "all orders"


def test_a_duplicate_goes_on_by_itself(
    story: list[Step], sandbox: Sandbox, executor: Executor
) -> None:
    for step in story[:11]:
        step()
    copy = executor.run_sync(
        lambda batch: sandboxes.duplicate(batch, sandbox.pk, "copy"), (sandbox.pk,)
    )
    assert bare(fresh_look(copy)) == bare(fresh_look(sandbox))
    api = events_of(executor, copy)
    api.put_events(Entries=[entry()])
    assert api.describe_archive(ArchiveName="all")["EventCount"] == 1
    mine = events_of(executor, sandbox)
    assert mine.describe_archive(ArchiveName="all")["EventCount"] == 0
    assert [t["Id"] for t in api.list_targets_by_rule(Rule="beat")["Targets"]] == ["b"]
    executor.run_sync(lambda batch: sandboxes.reset(batch, copy.pk), (copy.pk,))
    assert api.list_rules()["Rules"] == []


def events_after(sandbox: Sandbox, seq: int) -> list[str]:
    found = Event.objects.after(sandbox.pk, seq).values_list("kind", flat=True)
    return [kind for kind in found if not kind.startswith("client.")]


def test_a_target_with_its_input_is_in_the_log(
    api: Any, wire: Callable[..., str], events: Callable[..., list[Any]]
) -> None:
    template = {"InputPathsMap": {"a": "$.id"}, "InputTemplate": '"<a>"'}
    config = {"Id": "t", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", "InputTransformer": template}
    wire(config)
    [told] = events("events.TargetsSet")
    assert told["targets"] == [json.loads(json.dumps(config))]
