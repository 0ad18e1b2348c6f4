"""Whose sandbox a key opens, on one's own machine and in a classroom."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.exceptions import ClientError

from tests.fixtures.server import RunningServer, drop_database, server
from tests.live.clients.connect import ACCOUNT, client
from tests.live.clients.raw import ask, signed

RESET = "/_signalbox/reset"


def whoami(url: str, **options: Any) -> Any:
    with client(url, "sts", **options) as sts:
        return sts.get_caller_identity()


def issued(running: RunningServer) -> dict[str, Any]:
    """Return the printed key as options of a client."""
    return {
        "key": running.aws["AWS_ACCESS_KEY_ID"],
        "secret": running.aws["AWS_SECRET_ACCESS_KEY"],
        "region": running.aws["AWS_DEFAULT_REGION"],
    }


def queues(url: str, **options: Any) -> list[str]:
    with client(url, **options) as sqs:
        urls = sqs.list_queues().get("QueueUrls", [])
    return sorted(each.rpartition("/")[2] for each in urls)


def refusal(url: str, **options: Any) -> tuple[int, str]:
    """Return status and code of the error that a key gets."""
    with client(url, **options) as sqs, pytest.raises(ClientError) as raised:
        sqs.list_queues()
    response = raised.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return a server that lets nobody in without an issued key."""
    folder = Path(tmp_path_factory.mktemp("classroom"))
    with server(folder, "--server", "uvicorn", SIGNALBOX_MODE="classroom") as running:
        yield running
    drop_database(folder)


@pytest.mark.parametrize("key", ["test", "AKIAIOSFODNN7EXAMPLE", "dummy", "12345678901"])
def test_habitual_keys_open_the_default_account(
    live_server_process: RunningServer, key: str
) -> None:
    told = whoami(live_server_process.url, key=key, secret="whatever")
    assert (told["Account"], told["Arn"]) == (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root")


def test_a_request_without_a_signature_opens_it_too(live_server_process: RunningServer) -> None:
    with client(live_server_process.url, signature_version=UNSIGNED) as sqs:
        url = sqs.create_queue(QueueName="unsigned")["QueueUrl"]
    assert url == f"{live_server_process.url}/{ACCOUNT}/unsigned"
    assert "unsigned" in queues(live_server_process.url)


def test_twelve_digits_name_an_account_and_regions_are_apart(
    live_server_process: RunningServer,
) -> None:
    url = live_server_process.url
    assert whoami(url, key="210987654321")["Account"] == "210987654321"
    with client(url, key="210987654321") as sqs:
        made = sqs.create_queue(QueueName="elsewhere")["QueueUrl"]
    assert made == f"{url}/210987654321/elsewhere"
    assert queues(url, key="210987654321") == ["elsewhere"]
    assert "elsewhere" not in queues(url)
    assert queues(url, key="210987654321", region="eu-west-1") == []


def test_an_issued_key_opens_its_sandbox_and_its_signature_counts(
    live_server_process: RunningServer,
) -> None:
    url, key = live_server_process.url, issued(live_server_process)
    assert "orders" in queues(url, **key)
    assert "orders" not in queues(url)
    assert refusal(url, **{**key, "secret": "wrong"}) == (403, "SignatureDoesNotMatch")


def test_an_operation_that_is_not_modelled_says_so(live_server_process: RunningServer) -> None:
    with client(live_server_process.url, "mq") as mq, pytest.raises(ClientError) as raised:
        mq.list_brokers()
    response = raised.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert "mq:ListBrokers" in response["Error"]["Message"]
    assert "Nothing was changed." in response["Error"]["Message"]


def test_the_reset_route_empties_the_default_sandbox_only(
    live_server_process: RunningServer,
) -> None:
    url, key = live_server_process.url, issued(live_server_process)
    with client(url) as sqs:
        made = sqs.create_queue(QueueName="short-lived")["QueueUrl"]
        sqs.send_message(QueueUrl=made, MessageBody="x")
        assert ask(url + RESET, method="POST").status == 403
        assert ask(url + RESET, headers={"X-Signalbox": "1"}).status == 405
        assert queues(url) != []
        assert ask(url + RESET, method="POST", headers={"X-Signalbox": "1"}).status == 200
        assert queues(url) == []
        # The name is free at once: the next test of somebody's suite begins with it.
        assert sqs.create_queue(QueueName="short-lived")["QueueUrl"] == made
        assert sqs.receive_message(QueueUrl=made).get("Messages") is None
    assert "orders" in queues(url, **key)


def test_a_classroom_lets_only_issued_keys_in(classroom: RunningServer) -> None:
    url, key = classroom.url, issued(classroom)
    assert "orders" in queues(url, **key)
    for unknown in ("test", "123456789012"):
        assert refusal(url, key=unknown) == (403, "InvalidClientTokenId")
    assert refusal(url, **{**key, "secret": "wrong"}) == (403, "SignatureDoesNotMatch")
    assert refusal(url, signature_version=UNSIGNED) == (403, "MissingAuthenticationToken")
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        whoami(url)


def test_a_classrooms_reset_needs_a_signature_and_empties_the_signers_sandbox(
    classroom: RunningServer,
) -> None:
    url, key = classroom.url, issued(classroom)
    assert ask(url + RESET, method="POST", headers={"X-Signalbox": "1"}).status == 403
    assert "orders" in queues(url, **key)
    headers = signed(url + RESET, headers={"X-Signalbox": "1"}, **key)
    assert ask(url + RESET, method="POST", headers=headers).status == 200
    assert queues(url, **key) == []
