"""Values and bodies nobody thought of: they pass unchanged or end in an error of AWS's form."""

from typing import Any

import cbor2
import orjson
import pytest
from botocore.model import OperationModel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.kernel.errors import AwsError
from messaging.kernel.service import load_model
from messaging.wire import catalogue, cbor
from messaging.wire.detect import detect
from messaging.wire.protocols import PROTOCOLS
from messaging.wire.request import Request
from tests.wire.exchange import model_of, received, sent
from tests.wire.fakes import FakeEngine, ask
from tests.wire.samples import engine, sample, values

# One operation with much in its body for each service and protocol.
RICH = [
    ("autoscaling", "query", "CreateAutoScalingGroup"),
    ("cloudfront", "rest-xml", "CreateDistribution"),
    ("cloudwatch", "json", "PutMetricData"),
    ("cloudwatch", "query", "PutMetricAlarm"),
    ("cloudwatch", "smithy-rpc-v2-cbor", "PutMetricData"),
    ("elbv2", "query", "CreateRule"),
    ("eventbridgev2", "smithy-rpc-v2-cbor", "PutEvents"),
    ("events", "json", "PutTargets"),
    ("firehose", "json", "CreateDeliveryStream"),
    ("iam", "query", "SimulateCustomPolicy"),
    ("kinesis", "json", "PutRecords"),
    ("lambda", "rest-json", "CreateFunction"),
    ("mq", "rest-json", "CreateBroker"),
    ("pipes", "rest-json", "CreatePipe"),
    ("route53", "rest-xml", "ChangeResourceRecordSets"),
    ("s3", "rest-xml", "PutBucketLifecycleConfiguration"),
    ("scheduler", "rest-json", "CreateSchedule"),
    ("schemas", "rest-json", "CreateSchema"),
    ("sns", "query", "PublishBatch"),
    ("sqs", "json", "SendMessageBatch"),
    ("sqs", "query", "SendMessageBatch"),
    ("sts", "query", "AssumeRole"),
]
RESULTS = [
    ("cloudwatch", "smithy-rpc-v2-cbor", "GetMetricData"),
    ("elbv2", "query", "DescribeLoadBalancers"),
    ("kinesis", "json", "GetRecords"),
    ("lambda", "rest-json", "GetFunction"),
    ("route53", "rest-xml", "ListResourceRecordSets"),
    ("sqs", "json", "ReceiveMessage"),
    ("sqs", "query", "ReceiveMessage"),
]
JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)
FEW = settings(
    max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize(("service", "protocol", "name"), RICH)
@FEW
@given(data=st.data())
def test_any_parameters_are_read_as_they_were_meant(
    service: str, protocol: str, name: str, data: st.DataObject
) -> None:
    operation = model_of(service, protocol, name)
    shape = operation.input_shape
    placed = {n: m for n, m in shape.members.items() if m.serialization.get("location")}
    params = data.draw(values(shape, hollow=protocol != "query"))
    if payload := shape.serialization.get("payload"):
        params.setdefault(payload, data.draw(values(shape.members[payload])))
    params = {name: value for name, value in params.items() if name not in placed}
    params |= {name: sample(member) for name, member in placed.items()}

    request = sent(params, operation, protocol)
    call = detect(request)

    assert call is not None
    assert call.operation is not None
    assert PROTOCOLS[protocol].parse(request, call.operation) == engine(shape, params)


@pytest.mark.parametrize(("service", "protocol", "name"), RESULTS)
@FEW
@given(data=st.data())
def test_any_result_is_read_as_it_was_meant(
    service: str, protocol: str, name: str, data: st.DataObject
) -> None:
    shape = model_of(service, protocol, name).output_shape
    value = data.draw(values(shape))

    ours = load_model(service).operation_model(name)
    response = PROTOCOLS[protocol].serialise(engine(shape, value), ours, "1-2")

    assert received(response, shape, protocol) == value


@pytest.mark.parametrize("name", load_model("kinesis").operation_names)
def test_kinesis_speaks_the_older_cbor(name: str) -> None:
    operation = load_model("kinesis").operation_model(name)
    shape = operation.input_shape
    params = engine(shape, sample(shape))
    body = cbor2.dumps(_tagged(shape, params))
    headers = {
        "x-amz-target": f"Kinesis_20131202.{name}",
        "content-type": "application/x-amz-cbor-1.1",
    }

    call = detect(Request("POST", "/", headers=headers))

    assert call is not None
    assert call.protocol == "json-cbor"
    request = Request("POST", "/", headers=headers, body=body)
    assert PROTOCOLS["json-cbor"].parse(request, operation) == params
    if operation.output_shape is not None and operation.output_shape.event_stream_name is None:
        _check_cbor_result(operation)


def _check_cbor_result(operation: OperationModel) -> None:
    shape = operation.output_shape
    result = engine(shape, sample(shape))

    response = PROTOCOLS["json-cbor"].serialise(result, operation, "1-2")

    assert cbor.loads(response.body) == cbor.loads(cbor2.dumps(_tagged(shape, result)))


def _tagged(shape: Any, value: Any) -> Any:
    if shape.type_name == "structure":
        return {name: _tagged(shape.members[name], item) for name, item in value.items()}
    if shape.type_name == "list":
        return [_tagged(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: _tagged(shape.value, item) for key, item in value.items()}
    return cbor2.CBORTag(1, value) if shape.type_name == "timestamp" else value


@pytest.mark.parametrize(("service", "protocol", "name"), RICH)
@FEW
@given(body=st.binary(max_size=200))
def test_no_body_breaks_a_reader(service: str, protocol: str, name: str, body: bytes) -> None:
    _parse(service, protocol, name, body)


@FEW
@given(document=JSON_LIKE)
def test_no_document_breaks_a_reader(document: Any) -> None:
    for service, protocol, name in RICH:
        if "json" in protocol:
            _parse(service, protocol, name, _json(document))
        elif "cbor" in protocol:
            _parse(service, protocol, name, cbor2.dumps(document))


@FEW
@given(data=st.data(), document=JSON_LIKE)
def test_nothing_in_the_place_of_a_member_breaks_a_reader(
    data: st.DataObject, document: Any
) -> None:
    service, protocol, name = data.draw(st.sampled_from(RICH))
    shape = load_model(service).operation_model(name).input_shape
    body = dict.fromkeys(data.draw(st.sets(st.sampled_from([*shape.members]))), document)
    if "cbor" in protocol:
        _parse(service, protocol, name, cbor2.dumps(body))
    elif "json" in protocol:
        _parse(service, protocol, name, _json(body))


@FEW
@given(
    pairs=st.lists(
        st.tuples(
            st.lists(
                st.sampled_from(["Entries", "member", "1", "0", "99999", "entry", "key", "Tags"]),
                max_size=6,
            ),
            st.sampled_from(["", "a", "1", "%ff", "&&=", "."]),
        ),
        max_size=8,
    )
)
def test_no_form_breaks_a_reader(pairs: list[tuple[list[str], str]]) -> None:
    body = "&".join(f"{'.'.join(parts)}={value}" for parts, value in pairs).encode()
    for service, protocol, name in RICH:
        if protocol == "query":
            _parse(service, protocol, name, body)


@settings(max_examples=60)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"]),
    target=st.text("/abc%?&=.:1+-XAmzCredentialAction", max_size=40),
    headers=st.dictionaries(
        st.sampled_from(
            [
                "authorization",
                "content-type",
                "content-encoding",
                "x-amz-target",
                "x-amz-date",
                "x-amz-content-sha256",
                "smithy-protocol",
                "amz-sdk-invocation-id",
            ]
        ),
        st.sampled_from(
            [
                "AmazonSQS.SendMessage",
                "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/s3/aws4_request, "
                "SignedHeaders=host, Signature=0",
                "AWS4-HMAC-SHA256 Credential=AKIAISSUEDISSUEDISSU/20261121/us-east-1/sqs/"
                "aws4_request, SignedHeaders=host, Signature=é",
                "20261121T074059Z",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                "application/x-www-form-urlencoded",
                "application/cbor",
                "gzip",
                "é\xff",
            ]
        ),
    ),
    body=st.binary(max_size=60),
)
async def test_no_request_breaks_the_gateway(
    method: str, target: str, headers: dict[str, str], body: bytes
) -> None:
    gateway_engine = FakeEngine()

    reply = await ask(gateway_engine, method, f"/{target}", headers=headers, body=body)

    assert reply.status in (200, 202, 204, 299, 400, 403, 404, 405, 501)


def _parse(service: str, protocol: str, name: str, body: bytes) -> None:
    operation = catalogue.operation_of(service, name)
    assert operation is not None
    try:
        parsed = PROTOCOLS[protocol].parse(Request("POST", "/", body=body), operation)
    except AwsError as error:
        assert 400 <= error.status < 500
        assert error.message
        response = PROTOCOLS[protocol].serialise_error(error, operation, service, "1-2")
        assert response.body
    else:
        assert isinstance(parsed, dict)


def _json(document: Any) -> bytes:
    try:
        return orjson.dumps(document)
    except TypeError:
        # Integers that JSON has and orjson does not write.
        return repr(document).replace("'", '"').encode()
