"""Depth does not matter: no statement walks or sorts a queue, on either database."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.kernel.models import Sandbox
from messaging.sqs import fair, topology
from messaging.sqs.store import groups, memory, messages, tenants
from tests.fixtures.engine import Time
from tests.services.sqs.conftest import Queue
from tests.services.sqs.depth import fill, plan, recorded, steps

# What a statement brings along may be walked: the values of an UPDATE, the nearest rows.
_OWN = {"v", "near"}
_BIG = re.compile(r"\b(sqs_message|sqs_group|sqs_tenant|sqs_dedup|kernel_event)\b")


def faults(sql: str, params: tuple[Any, ...]) -> list[str]:
    """Return the lines of a statement's plan that walk a table or sort."""
    found = []
    for line in plan(sql, params):
        scan = re.search(r"\bSCAN (?!(?:\d+ )?CONSTANT)(\S+)|Seq Scan on (\S+)", line)
        if scan and (scan[1] or scan[2]) not in _OWN:
            found.append(line)
        if "TEMP B-TREE" in line or re.match(r"(?:->\s+)?Sort\s+\(", line):
            found.append(line)
    return found


def check(statements: list[tuple[str, tuple[Any, ...]]]) -> int:
    """Check the plan of each distinct statement on the big tables; return how many there were."""
    distinct = {sql: params for sql, params in statements if _BIG.search(sql)}
    wrong = {sql: bad for sql, params in distinct.items() if (bad := faults(sql, params))}
    assert not wrong
    return len(distinct)


@pytest.fixture
def deep(make: Callable[..., Queue], sandbox: Sandbox, clock: Time) -> dict[str, Queue]:
    """Return queues with many messages: plain, fair and FIFO."""
    dead, dead_fifo = make("dead"), make("dead.fifo")
    policy = {"maxReceiveCount": 2}
    found = {
        "plain": make("plain", RedrivePolicy=policy | {"deadLetterTargetArn": dead.arn}),
        "fair": make("fair"),
        "fifo": make("deep.fifo", RedrivePolicy=policy | {"deadLetterTargetArn": dead_fifo.arn}),
        "dead": dead,
        "dead.fifo": dead_fifo,
    }
    fill(sandbox.pk, "plain", 4_000, sent_at=clock.now)
    fill(sandbox.pk, "fair", 4_000, tenants=200, sent_at=clock.now)
    fill(sandbox.pk, "deep.fifo", 4_000, groups=400, sent_at=clock.now)
    fill(sandbox.pk, "dead", 2_000, sent_at=clock.now)
    fill(sandbox.pk, "dead.fifo", 2_000, groups=100, sent_at=clock.now)
    return found


def use(queue: Queue, clock: Time) -> None:
    """Use every statement of the hot path once or more."""
    fifo = queue.name.endswith(".fifo")
    queue.send("new", "g1" if fifo else None)
    one, two, three, *_ = queue.receive(10, **({"ReceiveRequestAttemptId": "a"} if fifo else {}))
    if fifo:
        queue.receive(10, ReceiveRequestAttemptId="a")
    queue.delete(one)
    queue.hide(two, 0)
    queue.hide(three, 100)
    clock.advance(31)
    queue.receive(10)
    clock.advance(31)
    queue.receive(10)


@pytest.mark.parametrize("kind", ["plain", "fair", "fifo"])
def test_no_statement_walks_or_sorts_a_queue(
    deep: dict[str, Queue], kind: str, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fair, "NEAR", 20)
    monkeypatch.setattr("messaging.sqs.limits.FIFO_LOOK_AHEAD", 3_000)
    with recorded() as seen:
        use(deep[kind], clock)
        clock.advance(345_600)
    assert check(seen) >= 12


def test_move_tasks_walk_and_sort_nothing(deep: dict[str, Queue], clock: Time) -> None:
    with recorded() as seen:
        for source, target in (("dead", "plain"), ("dead.fifo", "fifo")):
            deep[source].api.start_message_move_task(
                SourceArn=deep[source].arn, DestinationArn=deep[target].arn
            )
        clock.advance(0.5)
    assert deep["dead"].counts[0] < 2_000
    assert check(seen) >= 8


@pytest.mark.parametrize("kind", ["plain", "fair", "fifo"])
def test_a_look_at_the_contents_walks_and_sorts_nothing(
    deep: dict[str, Queue], kind: str, sandbox: Sandbox
) -> None:
    queue = deep[kind]
    queue.receive(10)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        topology.contents(sandbox.pk, [queue.arn])
        topology.peek(sandbox.pk, queue.arn, offset=12)
    statements = [(query["sql"], ()) for query in captured.captured_queries]
    assert check(statements) >= 3


def test_every_statement_of_the_store_was_planned(
    deep: dict[str, Queue], clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The statements that are named in the store are among those that the tests above check."""
    monkeypatch.setattr(fair, "NEAR", 20)
    monkeypatch.setattr("messaging.sqs.limits.FIFO_LOOK_AHEAD", 3_000)
    with recorded() as seen:
        for kind in ("plain", "fair", "fifo"):
            use(deep[kind], clock)
        deep["fifo"].set(DelaySeconds=900)
        clock.advance(345_600)
    ran = {re.sub(r"\s+", " ", sql) for sql, _ in seen}
    named = {
        name: text
        for module in (groups, memory, messages, tenants)
        for name, text in vars(module).items()
        if isinstance(text, str) and text.startswith("SELECT") and "{" not in text
    }
    assert len(named) >= 10
    missing = [name for name, text in named.items() if not any(text in sql for sql in ran)]
    assert missing == ["READY_OF_TENANT", "READY_UNGROUPED"]


def test_statements_for_a_noisy_tenant_walk_and_sort_nothing(
    deep: dict[str, Queue], clock: Time, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    monkeypatch.setattr(fair, "NEAR", 20)
    queue = deep["dead"]
    queue.api.purge_queue(QueueUrl=queue.url)
    fill(sandbox.pk, "dead", 500, tenants=1, sent_at=clock.now)
    for _ in range(4):
        queue.receive(10)
    queue.send("quiet", "other")
    queue.send("nobody's")
    with recorded() as seen:
        bodies = queue.bodies(10)
    assert {"quiet", "nobody's"} < set(bodies)
    sqls = [sql for sql, _ in seen]
    for text in (messages.READY_OF_TENANT, messages.READY_UNGROUPED):
        assert any(text in sql for sql in sqls)
    assert check([(sql, params) for sql, params in seen if "sqs_message" in sql]) >= 4


@pytest.mark.needs("sqlite")
@pytest.mark.parametrize(
    ("name", "groups"),
    [("work", (0, 0)), ("work.fifo", (100, 100)), ("work.fifo", (1_000, 10_000))],
)
def test_depth_does_not_matter(
    make: Callable[..., Queue], sandbox: Sandbox, clock: Time, name: str, groups: tuple[int, int]
) -> None:
    costs = []
    for depth, spread in zip((1_000, 100_000), groups, strict=True):
        queue = make(name)
        fill(sandbox.pk, name, depth, groups=spread, sent_at=clock.now)
        costs.append(cost(queue))
        queue.api.delete_queue(QueueUrl=queue.url)
        clock.advance(60)
    assert costs[1] <= costs[0] * 1.4 + 2


def cost(queue: Queue) -> int:
    """Return what five times receiving and deleting ten costs; the first round fills caches."""
    queue.delete(*queue.receive(10))
    with steps() as counted:
        for _ in range(5):
            held = queue.receive(10)
            assert len(held) == 10
            entries = [
                {"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(held)
            ]
            queue.api.delete_message_batch(QueueUrl=queue.url, Entries=entries)
    return counted[0]


@pytest.mark.needs("sqlite")
def test_ten_thousand_locked_groups_do_not_matter(
    make: Callable[..., Queue], sandbox: Sandbox, clock: Time
) -> None:
    queue = make("work.fifo", VisibilityTimeout=43_200)
    fill(sandbox.pk, "work.fifo", 30_000, groups=10_000, sent_at=clock.now)
    before = cost(queue)
    connection.cursor().execute(
        "UPDATE sqs_group SET ready_at=ready_at+40000000 WHERE head % 10 <> 0"
    )
    assert cost(queue) <= before * 1.4 + 2
    connection.cursor().execute(
        "UPDATE sqs_group SET ready_at=ready_at-40000000 WHERE ready_at>%s", [clock.now]
    )
