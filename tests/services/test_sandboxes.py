"""Sandboxes: create, rename, reset, duplicate, delete; each with everything in it and no more."""

from collections.abc import Callable
from typing import Any

import pytest

from messaging import sandboxes
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.context import Caller
from messaging.kernel.models import AccessKey, Account, Client, Event, Link, Sandbox
from messaging.registry import SERVICES
from messaging.sqs.errors import QueueDoesNotExist
from messaging.sqs.models import Group, Message, MoveTask, Queue, Tenant
from tests.fixtures.engine import ACCOUNT, Api, Time
from tests.services.conftest import caller_of
from tests.services.sqs import invariants

FIFO = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}


@pytest.fixture
def full(sandbox: Sandbox, sqs: Api) -> Api:
    """Return a sandbox that has something of everything."""
    work = sqs.create_queue(QueueName="work")["QueueUrl"]
    fifo = sqs.create_queue(QueueName="work.fifo", Attributes=FIFO)["QueueUrl"]
    for text in "abc":
        sqs.send_message(QueueUrl=work, MessageBody=text, MessageGroupId="tenant")
        sqs.send_message(QueueUrl=fifo, MessageBody=text, MessageGroupId="g")
    sqs.send_message(QueueUrl=work, MessageBody="d", DelaySeconds=9)
    sqs.receive_message(QueueUrl=work)
    sqs.receive_message(QueueUrl=fifo, ReceiveRequestAttemptId="try", MaxNumberOfMessages=2)
    gone = sqs.create_queue(QueueName="gone")["QueueUrl"]
    sqs.delete_queue(QueueUrl=gone)
    return sqs


def run(executor: Executor, job: Callable[[Batch], Any], *ids: int) -> Any:
    return executor.run_sync(job, ids)


def counts(api: Api, name: str) -> dict[str, str]:
    url = api.get_queue_url(QueueName=name)["QueueUrl"]
    found = api.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return {key: value for key, value in found.items() if key.startswith("Approximate")}


def test_a_new_sandbox_has_accounts_with_a_key_each(db: None) -> None:
    made = sandboxes.create("My shop", accounts=("111122223333", "444455556666"))
    again = sandboxes.create("My shop")
    assert (made.slug, again.slug) == ("my-shop", "my-shop-2")
    assert [account.number for account in made.accounts.all()] == ["111122223333", "444455556666"]
    assert AccessKey.objects.filter(account__sandbox=made).count() == 2
    [account] = again.accounts.all()
    assert len(account.number) == 12
    sandboxes.rename(made, "Another")
    made.refresh_from_db()
    assert (made.name, made.slug) == ("Another", "my-shop")


def test_a_reset_empties_it_and_keeps_its_keys(
    full: Api, sandbox: Sandbox, executor: Executor
) -> None:
    keys = set(AccessKey.objects.values_list("key_id", flat=True))
    run(executor, lambda batch: sandboxes.reset(batch, sandbox.pk), sandbox.pk)
    for table in (Message, Queue, Group, Tenant, Event, Client, Link):
        assert not table._default_manager.exists()
    assert set(AccessKey.objects.values_list("key_id", flat=True)) == keys
    with pytest.raises(QueueDoesNotExist):
        full.send_message(QueueUrl="work", MessageBody="a")
    url = full.create_queue(QueueName="gone")["QueueUrl"]
    full.send_message(QueueUrl=url, MessageBody="a")
    invariants.check(sandbox.pk)


def test_after_a_reset_old_handles_mean_nothing(
    full: Api, sandbox: Sandbox, executor: Executor
) -> None:
    [message] = full.receive_message(QueueUrl="work")["Messages"]
    epoch = sandbox.epoch
    run(executor, lambda batch: sandboxes.reset(batch, sandbox.pk), sandbox.pk)
    sandbox.refresh_from_db()
    assert sandbox.epoch != epoch
    full.create_queue(QueueName="work")
    sent = [full.send_message(QueueUrl="work", MessageBody="new") for _ in range(9)]
    assert message["MessageId"] not in {answer["MessageId"] for answer in sent}
    with pytest.raises(Exception, match="not a valid receipt handle"):
        full.delete_message(QueueUrl="work", ReceiptHandle=message["ReceiptHandle"])


def test_a_copy_has_the_same_in_it_and_goes_its_own_way(
    full: Api, sandbox: Sandbox, executor: Executor, clock: Time
) -> None:
    copy = run(executor, lambda batch: sandboxes.duplicate(batch, sandbox.pk, "Copy"), sandbox.pk)
    invariants.check(copy.pk)
    theirs = Api(executor, caller_of(copy))
    for name in ("work", "work.fifo"):
        assert counts(theirs, name) == counts(full, name)
    assert Event.objects.of_sandbox(copy.pk).count() == Event.objects.of_sandbox(sandbox.pk).count()
    assert not set(AccessKey.objects.filter(account__sandbox=copy)) & set(
        AccessKey.objects.filter(account__sandbox=sandbox)
    )
    Time(executor, copy.pk).advance(31)
    found = theirs.receive_message(QueueUrl="work", MaxNumberOfMessages=10)["Messages"]
    assert sorted(message["Body"] for message in found) == ["a", "b", "c", "d"]
    for message in found:
        theirs.delete_message(QueueUrl="work", ReceiptHandle=message["ReceiptHandle"])
    assert counts(theirs, "work")["ApproximateNumberOfMessagesNotVisible"] == "0"
    assert counts(full, "work")["ApproximateNumberOfMessagesNotVisible"] == "1"
    theirs.send_message(QueueUrl="work", MessageBody="only there")
    invariants.check(copy.pk)
    invariants.check(sandbox.pk)


def test_a_copy_remembers_deduplication_and_receive_attempts(
    full: Api, sandbox: Sandbox, executor: Executor
) -> None:
    copy = run(executor, lambda batch: sandboxes.duplicate(batch, sandbox.pk, "Copy"), sandbox.pk)
    theirs = Api(executor, caller_of(copy))
    theirs.send_message(QueueUrl="work.fifo", MessageBody="a", MessageGroupId="g")
    assert counts(theirs, "work.fifo") == counts(full, "work.fifo")
    again = theirs.receive_message(QueueUrl="work.fifo", ReceiveRequestAttemptId="try")
    assert [message["Body"] for message in again["Messages"]] == ["a", "b"]


def test_deleting_leaves_nothing_and_touches_no_other(
    full: Api, sandbox: Sandbox, executor: Executor
) -> None:
    copy = run(executor, lambda batch: sandboxes.duplicate(batch, sandbox.pk, "Copy"), sandbox.pk)
    before = Message.objects.filter(sandbox=sandbox.pk).count()
    run(executor, lambda batch: sandboxes.delete(batch, copy.pk), copy.pk)
    assert not Sandbox.objects.filter(pk=copy.pk).exists()
    assert not Account.objects.filter(sandbox=copy.pk).exists()
    for table in (*SERVICES["sqs"].tables, MoveTask):
        assert not table._default_manager.filter(sandbox=copy.pk).exists()
    assert not Event.objects.of_sandbox(copy.pk).exists()
    assert Message.objects.filter(sandbox=sandbox.pk).count() == before
    invariants.check(sandbox.pk)


def test_the_default_sandbox_is_made_once(db: None) -> None:
    home = sandboxes.default()
    assert sandboxes.default() == home
    [account] = home.accounts.all()
    assert (account.number, account.home_region) == ("123456789012", "us-east-1")


def test_a_long_log_is_pruned_and_stays_gap_free(
    sandbox: Sandbox, sqs: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.kernel.world.PRUNE_STEP", 10)
    Sandbox.objects.filter(pk=sandbox.pk).update(keep_events=20)
    url = sqs.create_queue(QueueName="work")["QueueUrl"]
    for number in range(60):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
        assert Event.objects.of_sandbox(sandbox.pk).count() <= 30
    sandbox.refresh_from_db()
    assert sandbox.first_seq > 30
    invariants.check(sandbox.pk)


def test_an_outside_client_is_drawn_with_what_it_does(
    full: Api, sandbox: Sandbox, caller: Caller, events: Callable[..., list[Any]]
) -> None:
    [client] = Client.objects.filter(sandbox=sandbox)
    assert (client.key, client.label) == ("test", "test")
    verbs = set(Link.objects.filter(sandbox=sandbox).values_list("verb", flat=True))
    assert verbs == {"send", "receive"}
    assert len(events("client.Connected")) == 1
    assert {event["by"] for event in events("client.Linked")} == {caller.actor}
    assert caller.account == ACCOUNT
