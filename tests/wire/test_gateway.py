"""The gateway as an ASGI application: who is answered, how errors look, what never gets in."""

import logging
from typing import Any

import orjson
import pytest

from messaging.kernel.errors import AwsError, NotModelled, Throttling
from messaging.wire.gateway import Gateway
from tests.wire.fakes import FORM, JSON_HEADERS, MESSAGE, FakeEngine, ask, pages


async def test_a_call_reaches_the_engine_with_who_calls_and_where_from() -> None:
    engine = FakeEngine(answer={"MessageId": "m-1", "MD5OfMessageBody": "0" * 32})

    reply = await ask(engine, headers=JSON_HEADERS, body=MESSAGE)

    assert reply.status == 200
    assert orjson.loads(reply.body)["MessageId"] == "m-1"
    assert reply.headers["content-type"] == "application/x-amz-json-1.0"
    assert reply.headers["content-length"] == str(len(reply.body))
    caller, service, operation, params = engine.calls[0]
    assert (service, operation, params) == ("sqs", "SendMessage", orjson.loads(MESSAGE))
    assert (caller.sandbox, caller.account, caller.region) == (1, "123456789012", "eu-west-1")
    assert (caller.actor, caller.label) == ("client:boto3-python", "boto3 · python")
    assert caller.host == "http://127.0.0.1:8000"
    assert reply.headers["x-amzn-requestid"] == caller.request_id


async def test_request_ids_have_the_form_of_aws_and_differ() -> None:
    engine = FakeEngine()
    gateway = Gateway(engine, pages)

    ids = {gateway._new_request_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert {tuple(len(part) for part in one.split("-")) for one in ids} == {(8, 4, 4, 4, 12)}


@pytest.mark.parametrize(
    ("method", "target", "headers", "body"),
    [
        ("GET", "/", {}, b""),
        ("GET", "/queues?Action=none", {}, b""),
        ("POST", "/console/send", FORM, b"Action=SendMessage"),
        ("POST", "/", FORM, b"csrf=1&name=x"),
        ("POST", "/", {"content-type": "application/json"}, b"{}"),
        ("GET", "/shop", {"host": "shop.localhost:8000"}, b""),
    ],
)
async def test_pages_are_passed_on_with_their_body(
    method: str, target: str, headers: dict[str, str], body: bytes
) -> None:
    engine = FakeEngine()

    reply = await ask(engine, method, target, headers=headers, body=body)

    assert reply.status == 299
    path = target.partition("?")[0].encode()
    received = body if headers == FORM and target == "/" else body[: len(body) // 2]
    assert reply.body == b"page " + path + b" " + received
    assert engine.calls == []


async def test_other_scopes_are_passed_on() -> None:
    seen = []

    async def websocket(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    await Gateway(FakeEngine(), websocket)({"type": "websocket"}, None, None)
    assert seen == ["websocket"]


async def test_a_form_posted_to_a_queue_url_is_a_call_on_that_queue() -> None:
    engine = FakeEngine()

    reply = await ask(
        engine, target="/123456789012/orders", headers=FORM, body=b"Action=PurgeQueue"
    )

    assert reply.status == 200
    assert b"<PurgeQueueResponse" in reply.body
    assert engine.calls[0][3] == {"QueueUrl": "http://127.0.0.1:8000/123456789012/orders"}


async def test_an_error_is_rendered_in_the_protocol_of_its_request() -> None:
    class QueueDoesNotExist(AwsError):
        code = "QueueDoesNotExist"
        text = "The specified queue does not exist."

    engine = FakeEngine(answer=QueueDoesNotExist())

    as_json = await ask(engine, headers=JSON_HEADERS, body=MESSAGE)
    as_xml = await ask(
        engine, headers=FORM, body=b"Action=PurgeQueue&QueueUrl=q&Version=2012-11-05"
    )

    assert as_json.status == as_xml.status == 400
    assert orjson.loads(as_json.body) == {
        "__type": "com.amazonaws.sqs#QueueDoesNotExist",
        "message": "The specified queue does not exist.",
    }
    assert as_json.headers["x-amzn-query-error"] == "AWS.SimpleQueueService.NonExistentQueue;Sender"
    assert b"<Code>AWS.SimpleQueueService.NonExistentQueue</Code>" in as_xml.body
    assert b"does not exist for this wsdl version." in as_xml.body


async def test_what_is_not_modelled_says_so() -> None:
    engine = FakeEngine(answer=NotModelled.operation("sqs", "SendMessage"))

    reply = await ask(engine, headers=JSON_HEADERS, body=MESSAGE)

    assert reply.status == 501
    assert b"Signalbox does not model sqs:SendMessage" in reply.body


async def test_a_service_that_we_lack_is_named() -> None:
    headers = {**JSON_HEADERS, "x-amz-target": "DynamoDB_20120810.GetItem"}

    reply = await ask(FakeEngine(), headers=headers, body=b"{}")

    assert reply.status == 501
    assert b"DynamoDB_20120810.GetItem" in reply.body


@pytest.mark.parametrize(
    ("target", "headers", "body", "status", "code"),
    [
        ("/", {**JSON_HEADERS, "x-amz-target": "AmazonSQS.Fly"}, b"{}", 404, b"UnknownOperation"),
        ("/", FORM, b"Action=Fly&Version=2012-11-05", 400, b"InvalidAction"),
        ("/?Action=ListQueues&Version=1999-01-01", {}, b"", 400, b"NoSuchVersion"),
        (
            "/service/AWSEventsV2/operation/Fly",
            {"smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor"},
            b"\xa0",
            404,
            b"UnknownOperationException",
        ),
    ],
)
async def test_operations_that_aws_does_not_have(
    target: str, headers: dict[str, str], body: bytes, status: int, code: bytes
) -> None:
    reply = await ask(FakeEngine(), target=target, headers=headers, body=body)

    assert reply.status == status
    assert code in reply.body


async def test_an_unexpected_failure_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    engine = FakeEngine(answer=ValueError("the secret body: hi"))

    with caplog.at_level(logging.ERROR):
        reply = await ask(engine, headers=JSON_HEADERS, body=MESSAGE)

    assert reply.status == 500
    assert orjson.loads(reply.body)["__type"].endswith("#InternalFailure")
    assert b"secret" not in reply.body
    assert "sqs:SendMessage failed with ValueError" in caplog.text
    assert "secret" not in caplog.text


async def test_throttling_is_the_callers_to_repeat() -> None:
    reply = await ask(FakeEngine(answer=Throttling()), headers=JSON_HEADERS, body=MESSAGE)

    assert reply.status == 400
    assert b"ThrottlingException" in reply.body


@pytest.mark.parametrize("stated", [True, False])
async def test_a_body_past_the_bound_is_refused(stated: bool) -> None:
    headers = {**JSON_HEADERS, **({"content-length": "2000"} if stated else {})}

    reply = await ask(FakeEngine(), headers=headers, body=b"x" * 2000, max_body=1000)

    assert reply.status == 413
    assert b"RequestEntityTooLarge" in reply.body


async def test_a_form_past_the_bound_is_refused() -> None:
    reply = await ask(FakeEngine(), headers=FORM, body=b"x" * 2000, max_body=1000)

    assert reply.status == 413


@pytest.mark.parametrize("length", ["-1", "ten", "9" * 5000])
async def test_a_length_that_is_no_length_is_refused(length: str) -> None:
    reply = await ask(FakeEngine(), headers={**JSON_HEADERS, "content-length": length})

    assert reply.status in (400, 413)


async def test_a_head_request_gets_headers_alone() -> None:
    headers = {
        "authorization": "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/s3/aws4_request, "
        "SignedHeaders=host, Signature=0",
        "x-amz-date": "20261121T074059Z",
    }
    engine = FakeEngine(answer={"ContentLength": 42, "ETag": '"e"'})

    found = await ask(engine, "HEAD", "/bucket/key", headers=headers)
    engine.answer = NotModelled("no")
    failed = await ask(engine, "HEAD", "/bucket/key", headers=headers)

    assert (found.status, found.body) == (200, b"")
    assert (found.headers["content-length"], found.headers["etag"]) == ("42", '"e"')
    assert (failed.status, failed.body) == (501, b"")


async def test_a_stream_that_breaks_is_cut_off_and_tells_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def events() -> Any:
        yield {"SubscribeToShardEvent": {"Records": []}}
        raise ValueError(body.decode())

    engine = FakeEngine(answer={"EventStream": events()})
    headers = {
        **JSON_HEADERS,
        "x-amz-target": "Kinesis_20131202.SubscribeToShard",
        "content-type": "application/x-amz-json-1.1",
    }
    body = orjson.dumps(
        {"ConsumerARN": "c", "ShardId": "s", "StartingPosition": {"Type": "LATEST"}}
    )

    reply = await ask(engine, headers=headers, body=body)

    assert reply.headers["content-type"] == "application/vnd.amazon.eventstream"
    assert b"SubscribeToShardEvent" in reply.body
    assert "failed with ValueError" in caplog.text
    assert "StartingPosition" not in caplog.text + reply.body.decode("latin-1")
