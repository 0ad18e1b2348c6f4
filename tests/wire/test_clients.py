"""Real botocore clients: what they sign and send is detected, identified and read."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

from messaging.kernel.errors import AwsError
from messaging.kernel.service import load_model
from messaging.wire import bodies, catalogue
from messaging.wire.detect import detect
from messaging.wire.identify import identify
from messaging.wire.protocols import PROTOCOLS
from messaging.wire.request import Request, Response
from messaging.wire.signatures import signed_at
from tests.wire.exchange import as_request
from tests.wire.fakes import ISSUED, FakeEngine
from tests.wire.samples import sample
from tests.wire.test_round_trips import REPLACED

# Members that botocore checks by itself, or puts in the host name or the path.
FIXED = {
    "AccountId": "123456789012",
    "Bucket": "a-bucket",
    "CopySource": "a-bucket/key",
    "Key": "a key/with+signs%and=é",
    "RequestRoute": "route",
    "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
    "ConsumerARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s/consumer/c:1",
    "ResourceARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
    "StreamId": "stream-id",
}
# Not signed by AWS's own model: they exchange another proof of identity.
UNSIGNED = {"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"}

OPERATIONS = [
    (service, name)
    for service in catalogue.SERVICES
    for name in load_model(service).operation_names
    if name not in REPLACED
]


@pytest.mark.parametrize(("service", "name"), OPERATIONS)
def test_a_signed_request_is_found_and_verified(service: str, name: str) -> None:
    request = captured(service, name)

    call = detect(request)
    assert call is not None
    assert call.problem is None, call.problem
    assert call.operation is not None
    assert (call.service, call.operation.name) == (service, name)

    raw = request.body
    engine = FakeEngine(single_user=name in UNSIGNED, now=_signed_at(request))
    identity = identify(request, raw, engine, service=call.service)
    if name not in UNSIGNED:
        assert identity.key == ISSUED
        assert identity.region == "us-east-1"

    if bodies.is_chunked(request.headers):
        request.body = bodies.unchunk(raw, request.headers, identity.chain)
    elif request.headers.get("content-encoding") == "gzip" and service != "s3":
        request.body = bodies.decompress(raw)
    assert PROTOCOLS[call.protocol].parse(request, call.operation) is not None


@pytest.mark.parametrize("style", ["path", "virtual"])
def test_both_styles_of_s3_addresses_name_the_bucket(style: str) -> None:
    client = _client("s3", style=style, url="http://s3.localhost:8000")
    request = _capture(client, "GetObject", {"Bucket": "shop.images", "Key": "a/b c"})

    call = detect(request)

    assert call is not None
    assert call.operation is not None
    params = PROTOCOLS[call.protocol].parse(request, call.operation)
    assert (params["Bucket"], params["Key"]) == ("shop.images", "a/b c")
    engine = FakeEngine(single_user=False, now=_signed_at(request))
    assert identify(request, b"", engine, service="s3").key == ISSUED


@pytest.mark.parametrize("region", ["us-east-1", None])
def test_the_location_of_a_bucket_is_read_by_boto(region: str | None) -> None:
    operation = load_model("s3").operation_model("GetBucketLocation")
    response = PROTOCOLS["rest-xml"].serialise({"LocationConstraint": region}, operation, "1")

    answer = _answered(_client("s3"), "get_bucket_location", response, Bucket="a-bucket")

    assert answer["LocationConstraint"] == region


def test_clients_raise_the_modelled_exception_of_a_query_code() -> None:
    client = _client("sqs")
    operation = load_model("sqs").operation_model("GetQueueUrl")
    error = _error("QueueDoesNotExist", "The specified queue does not exist.")
    response = PROTOCOLS["json"].serialise_error(error, operation, "sqs", "1-2")

    with pytest.raises(client.exceptions.QueueDoesNotExist) as caught:
        _answered(client, "get_queue_url", response, QueueName="q")

    found = caught.value.response
    assert found["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"
    assert found["Error"]["QueryErrorCode"] == "QueueDoesNotExist"
    assert found["ResponseMetadata"]["RequestId"] == "1-2"


@pytest.mark.parametrize(
    ("service", "call", "params", "code"),
    [
        ("sqs", "list_queues", {}, "InvalidClientTokenId"),
        ("sns", "list_topics", {}, "InvalidClientTokenId"),
        ("events", "list_rules", {}, "UnrecognizedClientException"),
        ("lambda", "list_functions", {}, "UnrecognizedClientException"),
        ("s3", "list_buckets", {}, "InvalidAccessKeyId"),
        ("cloudwatch", "list_metrics", {}, "InvalidClientTokenId"),
        ("route53", "list_hosted_zones", {}, "InvalidClientTokenId"),
    ],
)
def test_each_service_has_its_own_name_for_an_unknown_key(
    service: str, call: str, params: dict[str, Any], code: str
) -> None:
    error = _error("InvalidClientTokenId", "The security token included in the request is invalid.")
    protocol = _client(service).meta.service_model.resolved_protocol
    response = PROTOCOLS[protocol].serialise_error(error, None, service, "1-2")

    with pytest.raises(ClientError) as caught:
        _answered(_client(service), call, response, **params)

    assert caught.value.response["Error"]["Code"] == code
    assert "security token" in caught.value.response["Error"]["Message"]


@pytest.fixture(autouse=True, scope="module")
def no_more_clients() -> Iterator[None]:
    yield
    _client.cache_clear()


def captured(service: str, name: str) -> Request:
    """Return the request that a client sends to call ``name`` with a value for every member."""
    shape = load_model(service).operation_model(name).input_shape
    params = dict(sample(shape)) if shape else {}
    params.update((key, FIXED[key]) for key in FIXED if key in params)
    if service == "s3":
        params = {key: value for key, value in params.items() if _is_calm(key)}
        params.update({"Metadata": {"Owner": "me, and you"}} if "Metadata" in params else {})
    # Needs signature version 4A, whose implementation is no part of botocore.
    params.pop("EndpointId", None) if name == "PutEvents" else None
    return _capture(_client(service), name, params)


def _is_calm(name: str) -> bool:
    """S3 clients recompute checksums and refuse customers' keys without TLS."""
    return not name.startswith(("Checksum", "SSECustomer", "CopySourceSSE")) and name not in (
        "ContentMD5",
        "ContentLength",
        "MpuObjectSize",
    )


def _capture(client: Any, name: str, params: dict[str, Any]) -> Request:
    seen: list[Request] = []

    def stop(request: Any, **rest: Any) -> AWSResponse:
        seen.append(as_request(request))
        return AWSResponse(request.url, 200, {}, _Raw(b""))

    client.meta.events.register("before-send", stop)
    try:
        client._make_api_call(name, params)
    except Exception as error:
        # What botocore makes of the empty answer is no matter, once the request has been seen.
        if not seen:
            raise AssertionError(f"nothing was sent: {error}") from error
    finally:
        client.meta.events.unregister("before-send", stop)
    return seen[0]


def _answered(client: Any, call: str, response: Response, **params: Any) -> dict[str, Any]:
    def answer(request: Any, **rest: Any) -> AWSResponse:
        assert isinstance(response.body, bytes)
        headers = {name.decode(): value.decode() for name, value in response.headers}
        return AWSResponse(request.url, response.status, headers, _Raw(response.body))

    client.meta.events.register("before-send", answer)
    try:
        return getattr(client, call)(**params)
    finally:
        client.meta.events.unregister("before-send", answer)


class _Raw:
    def __init__(self, body: bytes) -> None:
        self.body = body

    def stream(self, **rest: Any) -> Iterator[bytes]:
        yield self.body

    def read(self, *rest: Any) -> bytes:
        body, self.body = self.body, b""
        return body


@cache
def _client(service: str, *, style: str = "auto", url: str = "http://127.0.0.1:8000") -> Any:
    return botocore.session.get_session().create_client(
        service,
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id=ISSUED.key_id,
        aws_secret_access_key=ISSUED.secret,
        config=Config(
            parameter_validation=False,
            inject_host_prefix=False,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": style},
        ),
    )


def _error(code: str, message: str) -> Any:
    return type(code, (AwsError,), {"code": code})(message)


def _signed_at(request: Request) -> int:
    date = request.headers.get("x-amz-date")
    return signed_at(date) if date else 0
