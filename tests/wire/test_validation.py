"""What each service answers to parameters that are missing or of another type."""

from typing import Any

import orjson
import pytest

from messaging.kernel.errors import AwsError
from messaging.kernel.service import load_model
from messaging.wire import catalogue, cbor, document_reading, shapes
from messaging.wire.protocols import PROTOCOLS
from messaging.wire.request import Request
from messaging.wire.validate import WrongType


def parse(service: str, name: str, protocol: str, request: Request) -> dict[str, Any]:
    operation = catalogue.operation_of(service, name)
    assert operation is not None
    return PROTOCOLS[protocol].parse(request, operation)


def refused(service: str, name: str, protocol: str, body: bytes = b"", **more: Any) -> AwsError:
    with pytest.raises(AwsError) as caught:
        parse(service, name, protocol, Request("POST", "/", body=body, **more))
    return caught.value


@pytest.mark.parametrize(
    ("service", "name", "protocol", "body", "code", "text"),
    [
        (
            "sqs",
            "SendMessage",
            "json",
            b'{"QueueUrl": "q"}',
            "MissingParameter",
            "The request must contain the parameter MessageBody.",
        ),
        (
            "sqs",
            "SendMessage",
            "query",
            b"QueueUrl=q",
            "MissingParameter",
            "The request must contain the parameter MessageBody.",
        ),
        (
            "sqs",
            "SendMessageBatch",
            "json",
            b'{"QueueUrl": "q", "Entries": [{"Id": "1", "MessageBody": "b"}, {"Id": "2"}]}',
            "MissingParameter",
            "The request must contain the parameter Entries.2.MessageBody.",
        ),
        (
            "events",
            "PutRule",
            "json",
            b"{}",
            "ValidationException",
            "1 validation error detected: Value null at 'name' failed to satisfy constraint:"
            " Member must not be null",
        ),
        (
            "events",
            "PutTargets",
            "json",
            b"{}",
            "ValidationException",
            "2 validation errors detected: Value null at 'rule' failed to satisfy constraint:"
            " Member must not be null; Value null at 'targets' failed to satisfy constraint:"
            " Member must not be null",
        ),
        (
            "autoscaling",
            "DeleteAutoScalingGroup",
            "query",
            b"",
            "ValidationError",
            "1 validation error detected: Value null at 'autoScalingGroupName' failed to satisfy"
            " constraint: Member must not be null",
        ),
        (
            "sns",
            "DeleteTopic",
            "query",
            b"",
            "InvalidParameter",
            "Invalid parameter: TopicArn Reason: no value for required parameter",
        ),
        (
            "cloudwatch",
            "PutMetricData",
            "json",
            b"{}",
            "MissingParameter",
            "The parameter Namespace is required.",
        ),
        ("s3", "DeleteObjects", "rest-xml", b"<Delete/>", "MalformedXML", "The XML you provided"),
        ("route53", "CreateHostedZone", "rest-xml", b"", "InvalidInput", "must contain Name"),
        ("mq", "CreateBroker", "rest-json", b"{}", "BadRequestException", "must contain"),
    ],
)
def test_missing_parameters(
    service: str, name: str, protocol: str, body: bytes, code: str, text: str
) -> None:
    error = refused(service, name, protocol, body)

    assert error.code == code
    assert text in error.message


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b'"5"', "STRING_VALUE can not be converted to an Integer"),
        (b"5.5", "DECIMAL_VALUE can not be converted to an Integer"),
        (b"true", "TRUE_VALUE can not be converted to an Integer"),
        (b"[5]", "Start of list found where not expected"),
        (b"{}", "Start of structure or map found where not expected."),
        (b"99999999999", "99999999999 is out of range for Integer"),
    ],
)
def test_json_of_another_type(value: bytes, text: str) -> None:
    body = b'{"QueueUrl": "q", "MessageBody": "b", "DelaySeconds": ' + value + b"}"

    error = refused("sqs", "SendMessage", "json", body)

    assert (error.code, error.message) == ("SerializationException", text)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"QueueUrl": 5, "MessageBody": "b"}', "NUMBER_VALUE can not be converted to a String"),
        (b'{"QueueUrl": "q", "Attributes": []}', "Start of list"),
        (b'{"QueueUrl": "q", "Attributes": {"DelaySeconds": 5}}', "NUMBER_VALUE"),
        (b"[]", "Start of list"),
        (b'"text"', "STRING_VALUE can not be converted to a Structure"),
        (b"null", "NULL_VALUE"),
        (b"{", "not valid JSON"),
        (b"\xff\xfe", "not valid JSON"),
        (b'{"QueueUrl": "\xff"}', "not valid JSON"),
        (b'{"QueueUrl": "\\ud800"}', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"QueueUrl": NaN}', "not valid JSON"),
    ],
)
def test_json_that_cannot_be_read(body: bytes, text: str) -> None:
    error = refused("sqs", "SetQueueAttributes", "json", body)

    assert error.code == "SerializationException"
    assert text in error.message


def test_null_is_as_if_it_had_not_been_sent() -> None:
    body = b'{"QueueUrl": "q", "MessageBody": "b", "DelaySeconds": null, "MessageAttributes": null}'
    request = Request("POST", "/", body=body)

    assert parse("sqs", "SendMessage", "json", request) == {"QueueUrl": "q", "MessageBody": "b"}


@pytest.mark.parametrize(
    ("service", "name", "protocol", "body"),
    [
        ("sqs", "ListQueues", "json", b'{"New": 1, "QueueNamePrefix": "a"}'),
        ("sqs", "ListQueues", "query", b"New=1&QueueNamePrefix=a&New.member.1.X=2"),
        ("cloudwatch", "ListMetrics", "smithy-rpc-v2-cbor", cbor.dumps({"New": 1})),
        ("lambda", "CreateAlias", "rest-json", b'{"New": 1, "Name": "n", "FunctionVersion": "1"}'),
        ("route53", "CreateHostedZone", "rest-xml", b"<a><New/><Name>n</Name></a>"),
    ],
)
def test_unknown_members_are_ignored(service: str, name: str, protocol: str, body: bytes) -> None:
    labels = {"FunctionName": "f"} if service == "lambda" else {}
    with_reference = body.replace(b"<Name>", b"<CallerReference>r</CallerReference><Name>")
    request = Request("POST", "/", body=with_reference, labels=labels)

    assert "New" not in parse(service, name, protocol, request)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"QueueUrl=q&MessageBody=b&DelaySeconds=soon", "InvalidParameterValue"),
        (b"QueueUrl=q&MessageBody=b&DelaySeconds=99999999999", "InvalidParameterValue"),
        (b"QueueUrl=q&MessageBody.x=b", "InvalidParameterValue"),
        (b"QueueUrl=%ff&MessageBody=b", "InvalidParameterValue"),
        (b"QueueUrl=\xff", "InvalidParameterValue"),
        (b"a" + b".a" * 5000 + b"=1", "InvalidParameterValue"),
        (
            b"QueueUrl=q&MessageBody=b&MessageAttribute.1.Name=n",
            "MissingParameter",
        ),
        (
            b"QueueUrl=q&MessageBody=b&MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType="
            b"Binary&MessageAttribute.1.Value.BinaryValue=%21",
            "InvalidParameterValue",
        ),
    ],
)
def test_forms_that_cannot_be_read(body: bytes, code: str) -> None:
    assert refused("sqs", "SendMessage", "query", body).code == code


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"Attribute.Name=A&Attribute.Value=1", {"A": "1"}),
        (
            b"Attribute.1.Name=A&Attribute.1.Value=1&Attribute.2.Name=B&Attribute.2.Value=2",
            {"A": "1", "B": "2"},
        ),
        (b"Attribute.7.Name=A&Attribute.7.Value=", {"A": ""}),
        (
            b"Attribute.10.Name=B&Attribute.10.Value=2&Attribute.9.Name=A&Attribute.9.Value=1",
            {"A": "1", "B": "2"},
        ),
    ],
)
def test_lists_and_maps_of_a_form(body: bytes, expected: dict[str, str]) -> None:
    request = Request("POST", "/", body=b"QueueUrl=q&" + body)

    parsed = parse("sqs", "SetQueueAttributes", "query", request)

    assert parsed["Attributes"] == expected


def test_a_list_of_one_may_leave_its_number_out() -> None:
    request = Request("GET", "/", "QueueUrl=q&AttributeName=All")

    parsed = parse("sqs", "GetQueueAttributes", "query", request)

    assert parsed == {"QueueUrl": "q", "AttributeNames": ["All"]}


@pytest.mark.parametrize(
    "body",
    [
        b"<a",
        b"",
        b"\xff",
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * 50_000,
    ],
)
def test_xml_that_cannot_be_read(body: bytes) -> None:
    error = refused("route53", "CreateHostedZone", "rest-xml", body)

    assert (error.code, error.status) == ("InvalidInput", 400)
    assert "passwd" not in error.message


@pytest.mark.parametrize(
    "body",
    [
        b"<a><Tags><Tag><Key>k</Key></Tag></Tags></a>",
        b"<a><MaxItems>many</MaxItems></a>",
    ],
)
def test_xml_of_another_type_is_refused_by_s3(body: bytes) -> None:
    error = refused("s3", "PutBucketTagging", "rest-xml", body, labels={"Bucket": "b"})

    assert error.code == "MalformedXML"


@pytest.mark.parametrize(
    "body",
    [
        b"\xff",
        b"\x81" * 10_000,
        b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\x5b\x00\x00\xff\xff\xff\xff\xff\xff",
        b"\xa1\x61a",
        b"\x62\xff\xfe",
        b"\xc4\x82\x1b\x7f\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\xa1\x69Namespace\xc2\x41\xff",
        cbor.dumps({"Namespace": 5}),
        cbor.dumps({"Namespace": b"bytes"}),
        cbor.dumps({"Namespace": "n", "MetricData": {"a": 1}}),
        cbor.dumps([1]),
        b"\xa1\x01\x02" * 3,
    ],
)
def test_cbor_that_cannot_be_read(body: bytes) -> None:
    error = refused("cloudwatch", "PutMetricData", "smithy-rpc-v2-cbor", body)

    assert error.code in ("SerializationException", "MissingParameter")


def test_a_union_has_one_member() -> None:
    model = load_model("pipes")
    shape = model.shape_for("SelfManagedKafkaAccessConfigurationCredentials")
    read = document_reading.readers(model, shapes.JSON).need(shape)
    first, second, *_ = shape.members

    assert read({first: "a"}) == {first: "a"}
    with pytest.raises(WrongType, match="exactly one"):
        read({first: "a", second: "b"})


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("MaxItems=many", {}),
        ("MaxItems=%ff", {}),
        ("MaxItems=" + "9" * 50, {}),
    ],
)
def test_query_strings_of_another_type(query: str, headers: dict[str, str]) -> None:
    error = refused("lambda", "ListFunctions", "rest-json", query=query, headers=headers)

    assert error.code == "SerializationException"


def test_an_expired_document_is_not_an_error_of_ours() -> None:
    body = orjson.dumps({"StreamName": "s", "Timestamp": 1e300})

    assert parse("kinesis", "DeleteStream", "json", Request("POST", "/", body=body)) == {
        "StreamName": "s"
    }


@pytest.mark.parametrize("value", [1e300, "never", True, {}, -1e18])
def test_timestamps_that_are_none(value: Any) -> None:
    body = orjson.dumps(
        {"ShardId": "s", "ShardIteratorType": "AT_TIMESTAMP", "StreamName": "s", "Timestamp": value}
    )

    assert refused("kinesis", "GetShardIterator", "json", body).code == "SerializationException"


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        (1.5, 1500),
        (1795246859, 1795246859000),
        ("2026-11-21T07:40:59Z", 1795246859000),
        ("2026-11-21T08:40:59.25+01:00", 1795246859250),
        ("Sat, 21 Nov 2026 07:40:59 GMT", 1795246859000),
        ("1795246859.5", 1795246859500),
    ],
)
def test_timestamps_in_every_form(value: Any, milliseconds: int) -> None:
    body = orjson.dumps(
        {"ShardId": "s", "ShardIteratorType": "AT_TIMESTAMP", "StreamName": "s", "Timestamp": value}
    )

    request = Request("POST", "/", body=body)
    assert parse("kinesis", "GetShardIterator", "json", request)["Timestamp"] == milliseconds
