"""Sandboxes: isolated from each other; created, reset, duplicated and deleted as wholes."""

import pytest

from messaging import sandboxes
from messaging.executor import Executor
from messaging.kernel.access import Keyring, secret_of
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError, ServiceUnavailable
from messaging.kernel.models import AccessKey, Account, Event, Sandbox
from messaging.sqs.models import Message, Queue
from tests.fixtures.engine import ACCOUNT, REGION, Api

BODIES = 5


def api_of(executor: Executor, sandbox: Sandbox) -> Api:
    account = sandbox.accounts.get()
    principal = f"arn:aws:iam::{account.number}:root"
    return Api(
        executor, Caller(sandbox.pk, account.number, REGION, principal, "client:test", label="test")
    )


def fill(api: Api) -> str:
    """Create a queue with visible, hidden and delayed messages and return its URL."""
    url = str(api.create_queue(QueueName="work")["QueueUrl"])
    for number in range(BODIES):
        api.send_message(QueueUrl=url, MessageBody=f"m{number}")
    api.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=60)
    api.receive_message(QueueUrl=url)
    fifo = api.create_queue(QueueName="line.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    api.send_message(QueueUrl=fifo, MessageBody="a", MessageGroupId="g", MessageDeduplicationId="1")
    return url


def test_two_sandboxes_with_one_account_number_share_nothing(
    executor: Executor, sandbox: Sandbox
) -> None:
    other: Sandbox = executor.run_sync(
        lambda batch: sandboxes.create("other", accounts=(ACCOUNT,), regions=(REGION,))
    )
    ours, theirs = api_of(executor, sandbox), api_of(executor, other)
    url = fill(ours)
    assert theirs.list_queues() == {}
    handle = ours.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    same_url = str(theirs.create_queue(QueueName="work")["QueueUrl"])
    with pytest.raises(AwsError, match="not a valid receipt handle"):
        theirs.delete_message(QueueUrl=same_url, ReceiptHandle=handle)


def test_reset_empties_a_sandbox_and_keeps_its_keys(executor: Executor, sandbox: Sandbox) -> None:
    api = api_of(executor, sandbox)
    fill(api)
    epoch = sandbox.epoch
    executor.run_sync(lambda batch: sandboxes.reset(batch, sandbox.pk), (sandbox.pk,))
    assert api.list_queues() == {}
    assert not Message.objects.exists()
    again = Sandbox.objects.get(pk=sandbox.pk)
    assert again.epoch != epoch
    assert again.accounts.get().keys.count() == 1
    assert [event.kind for event in Event.objects.of_sandbox(sandbox.pk)] == ["api.Called"]


def test_a_receipt_handle_does_not_outlive_a_reset(executor: Executor, sandbox: Sandbox) -> None:
    api = api_of(executor, sandbox)
    url = fill(api)
    handle = api.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    executor.run_sync(lambda batch: sandboxes.reset(batch, sandbox.pk), (sandbox.pk,))
    fill(api)
    with pytest.raises(AwsError, match="not a valid receipt handle"):
        api.delete_message(QueueUrl=url, ReceiptHandle=handle)


def test_a_duplicate_works_on_its_own(executor: Executor, sandbox: Sandbox) -> None:
    url = fill(api_of(executor, sandbox))
    copy: Sandbox = executor.run_sync(
        lambda batch: sandboxes.duplicate(batch, sandbox.pk, "a copy"), (sandbox.pk,)
    )
    before = Queue.objects.filter(sandbox=sandbox.pk).values(
        "name", "visible", "in_flight", "delayed"
    )
    after = Queue.objects.filter(sandbox=copy.pk).values("name", "visible", "in_flight", "delayed")
    assert list(before) == list(after)
    api = api_of(executor, copy)
    assert len(api.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]) == BODIES - 1
    fifo = url.replace("work", "line.fifo")
    assert api.receive_message(QueueUrl=fifo)["Messages"][0]["Body"] == "a"
    assert Queue.objects.get(sandbox=sandbox.pk, name="work").visible == BODIES - 1
    ours, theirs = (Event.objects.of_sandbox(pk).count() for pk in (sandbox.pk, copy.pk))
    assert theirs > ours
    keys = AccessKey.objects.filter(account__sandbox__in=[sandbox.pk, copy.pk])
    assert len({key.key_id for key in keys}) == keys.count() == 1 + 1


def test_a_deleted_sandbox_is_gone_and_its_callers_are_told(
    executor: Executor, sandbox: Sandbox
) -> None:
    api = api_of(executor, sandbox)
    fill(api)
    executor.run_sync(lambda batch: sandboxes.delete(batch, sandbox.pk), (sandbox.pk,))
    assert not Account.objects.exists()
    assert not Message.objects.exists()
    assert not Event.objects.exists()
    with pytest.raises(ServiceUnavailable, match="has been deleted"):
        api.list_queues()


def test_rename_keeps_the_address(executor: Executor, sandbox: Sandbox) -> None:
    executor.run_sync(lambda batch: sandboxes.rename(sandbox, "Lesson one"))
    again = Sandbox.objects.get(pk=sandbox.pk)
    assert (again.name, again.slug) == ("Lesson one", "live")


def test_secrets_are_derived_and_stored_nowhere(executor: Executor, sandbox: Sandbox) -> None:
    key = AccessKey.objects.get()
    ring = Keyring()
    ring.load()
    found = ring.find(key.key_id)
    assert found is not None
    assert found.secret == secret_of(key.key_id)
    assert secret_of(key.key_id) not in str(list(AccessKey.objects.values()))
    assert ring.find("AKIAUNKNOWN") is None


def test_the_log_is_cut_to_the_length_that_is_kept(executor: Executor, sandbox: Sandbox) -> None:
    kept = 3_000
    Sandbox.objects.filter(pk=sandbox.pk).update(keep_events=kept)
    executor.worlds.clear()
    api = api_of(executor, sandbox)
    url = str(api.create_queue(QueueName="work")["QueueUrl"])
    entries = [{"Id": str(number), "MessageBody": "x"} for number in range(10)]
    for _ in range(700):
        api.send_message_batch(QueueUrl=url, Entries=entries)
    row = Sandbox.objects.get(pk=sandbox.pk)
    events = Event.objects.of_sandbox(sandbox.pk)
    assert row.last_seq > 2 * kept
    assert events.count() == row.last_seq - row.first_seq + 1 <= kept + 2_010
