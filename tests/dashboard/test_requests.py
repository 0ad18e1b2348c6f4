"""The requests log: who called what, filters, pages, and making a call again."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.engine import engine
from messaging.kernel import recent
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError
from tests.dashboard.conftest import Desk, text_of, toast_of
from tests.fixtures.engine import ACCOUNT, REGION

HOSTILE = "<script>alert(1)</script>\u202e"


def listed(desk: Desk, **query: str) -> str:
    response = desk.get("requests/", **query)
    assert response.status_code == 200
    return response.content.decode().partition('id="requests-log"')[2].partition("<aside")[0]


def test_calls_stand_newest_first(desk: Desk) -> None:
    desk.create()
    desk.send("one")
    page = listed(desk)
    assert page.index("SendMessage") < page.index("CreateQueue")
    assert "one" in page


def test_a_batch_is_one_call(desk: Desk) -> None:
    desk.create()
    entries = [{"Id": str(n), "MessageBody": f"m{n}"} for n in range(10)]
    desk.call("SendMessageBatch", QueueUrl=desk.url("orders"), Entries=entries)
    page = listed(desk)
    assert page.count("<tr id=") == 2
    assert "× 10" in page
    assert "SendMessageBatch" in text_of(desk.get(f"requests/{desk.last_seq()}/"))


def test_filters_narrow(desk: Desk) -> None:
    desk.create("orders")
    other = desk.create("invoices")
    desk.send("find me", "orders")
    with pytest.raises(AwsError):
        desk.call("DeleteMessage", QueueUrl=desk.url("orders"), ReceiptHandle="nonsense")
    assert listed(desk, operation="SendMessage").count("<tr id=") == 1
    assert listed(desk, resource=other).count("<tr id=") == 1
    assert "✕ ReceiptHandleIsInvalid" in listed(desk, result="failed")
    assert listed(desk, result="failed").count("<tr id=") == 1
    assert "DeleteMessage" not in listed(desk, result="ok")
    assert listed(desk, text="FIND").count("<tr id=") == 1
    assert listed(desk, actor="client:test").count("<tr id=") == 4
    assert "No request fits." in listed(desk, actor="console")


def test_pages_go_back_without_gap_or_repetition(desk: Desk) -> None:
    desk.create()
    for number in range(130):
        desk.send(f"m{number}", MessageGroupId=str(number))
        desk.call("ReceiveMessage", QueueUrl=desk.url("orders"))
    seen, before = [], ""
    while True:
        page = listed(desk, before=before, text="SendMessage")
        seen += page.split('<tr id="r')[1:]
        if "before=" not in page:
            break
        before = page.partition("before=")[2].partition('"')[0]
    numbers = [int(row.partition('"')[0]) for row in seen]
    assert numbers == sorted(set(numbers), reverse=True)


def test_it_follows_the_log_until_it_is_paused(desk: Desk) -> None:
    assert "every 2s" in listed(desk)
    paused = listed(desk, live="0")
    assert "every 2s" not in paused
    assert "Follow the log" in paused
    assert "every 2s" not in listed(desk, before="5")


def test_a_body_is_text_only(desk: Desk) -> None:
    desk.create()
    desk.send(HOSTILE)
    call = desk.get(f"requests/{desk.last_seq()}/").content.decode()
    for page in (listed(desk), call):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
    assert "\u202e" not in listed(desk)
    # What is copied is the call as it was; what is shown hides nothing.
    assert "\u202e" not in re.sub(r'data-copy="[^"]*"', "", call)


def test_replay_shows_the_call_and_runs_it_as_the_console(desk: Desk) -> None:
    desk.create()
    desk.send("again")
    seq = desk.last_seq()
    page = desk.get(f"requests/{seq}/")
    assert "aws sqs send-message" in text_of(page)
    assert "Replay…" in text_of(page)
    assert len(desk.events("sqs.MessageSent")) == 1
    answer = desk.post(f"requests/{seq}/replay/")
    assert "MessageId" in text_of(answer)
    assert toast_of(answer)["text"] == "SendMessage run as console."
    sent = desk.events("sqs.MessageSent")
    assert [(one["b"], one["by"]) for one in sent] == [
        ("again", "client:test"),
        ("again", "console"),
    ]


def test_a_replay_that_aws_refuses_says_so(desk: Desk) -> None:
    desk.create()
    with pytest.raises(AwsError):
        desk.call("DeleteMessage", QueueUrl=desk.url("orders"), ReceiptHandle="nonsense")
    answer = desk.post(f"requests/{desk.last_seq()}/replay/")
    assert "ReceiptHandleIsInvalid" in text_of(answer)
    assert toast_of(answer)["kind"] == "error"


def test_a_long_body_is_cut_in_memory_and_not_replayed(desk: Desk) -> None:
    desk.create()
    desk.send("x" * 100_000)
    seq = desk.last_seq()
    asked = recent.find(desk.sandbox.pk, desk.sandbox.generation, seq)
    assert asked is not None
    assert len(asked.params["MessageBody"]) == recent.LONGEST
    assert not asked.whole
    assert "cannot be replayed" in text_of(desk.get(f"requests/{seq}/"))
    desk.post(f"requests/{seq}/replay/")
    assert len(desk.events("sqs.MessageSent")) == 1


def test_memory_is_bounded_and_a_forgotten_call_is_not_replayed(desk: Desk) -> None:
    desk.create()
    first = desk.last_seq()
    for _ in range(recent.KEPT):
        desk.send("m")
    assert recent.find(desk.sandbox.pk, desk.sandbox.generation, first) is None
    assert "Replay" not in text_of(desk.get(f"requests/{first}/"))
    desk.post(f"requests/{first}/replay/")
    assert len(desk.events("sqs.QueueCreated")) == 1


def test_what_is_named_like_a_secret_is_hidden(desk: Desk) -> None:
    desk.create()
    with pytest.raises(AwsError):
        desk.call("SendMessage", QueueUrl=desk.url("none"), MessageBody="m", SecretKey="abc")
    asked = recent.find(desk.sandbox.pk, desk.sandbox.generation, desk.last_seq())
    assert asked is not None
    assert asked.params["SecretKey"] == "(hidden)"
    assert not asked.whole


def test_a_page_costs_few_queries(desk: Desk) -> None:
    desk.create()
    for _ in range(30):
        desk.send("m")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        listed(desk)
    assert len(captured) < 25


def test_an_unknown_call_is_not_found(desk: Desk) -> None:
    assert desk.get("requests/999999/").status_code == 404
    assert desk.get("requests/", before="'; DROP").status_code == 200


def test_a_simulated_call_names_the_queue_where_this_browser_reaches_it(desk: Desk) -> None:
    desk.create()
    root = f"arn:aws:iam::{ACCOUNT}:root"
    simulated = Caller(desk.sandbox.pk, ACCOUNT, REGION, root, "actor:maker", label="maker")
    url = f"{simulated.host}/{ACCOUNT}/orders"
    engine().executor.call_sync(
        simulated, "sqs", "SendMessage", {"QueueUrl": url, "MessageBody": "x"}
    )
    page = text_of(desk.get(f"requests/{desk.last_seq()}/"))
    assert desk.url("orders") in page
    assert simulated.host not in page
