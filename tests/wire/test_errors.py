"""Every modelled error of every service, as each protocol writes it and botocore reads it."""

from typing import Any

import pytest
from botocore.awsrequest import HeadersDict
from botocore.parsers import create_parser

from messaging.kernel.errors import (
    AwsError,
    InternalFailure,
    InvalidClientTokenId,
    SignatureDoesNotMatch,
    Throttling,
)
from messaging.kernel.service import load_model
from messaging.wire import catalogue, cbor, legacy
from messaging.wire.protocols import PROTOCOLS
from tests.wire.samples import engine, sample

EVERY_ERROR = [
    (service, protocol, shape.name)
    for service in catalogue.SERVICES
    for protocol in catalogue.protocols(service)
    if protocol != "json-cbor"
    for shape in load_model(service).error_shapes
]
TEXT = 'Not <that> & "this" é'


def error_of(code: str, message: str = TEXT, /, *, status: int = 400, **fields: Any) -> AwsError:
    return type(code, (AwsError,), {"code": code, "status": status})(message, **fields)


def read(response: Any, protocol: str, shape: Any = None) -> dict[str, Any]:
    raw = {
        "status_code": response.status,
        "headers": HeadersDict({k.decode(): v.decode() for k, v in response.headers}),
        "body": response.body,
        "context": {},
    }
    return create_parser(protocol).parse(raw, shape)


@pytest.mark.parametrize(("service", "protocol", "name"), EVERY_ERROR)
def test_a_modelled_error_is_read_with_its_code_text_and_fields(
    service: str, protocol: str, name: str
) -> None:
    model = legacy.query_model(service) if protocol == "query" else load_model(service)
    shape = model.shape_for(name)
    values = {
        member: value
        for member, value in sample(shape).items()
        if member.lower() != "message" and member != "Type"
    }
    held = {member: engine(shape.members[member], value) for member, value in values.items()}

    error = error_of(name, **held)
    response = PROTOCOLS[protocol].serialise_error(error, None, service, "1-2-3")

    parsed = read(response, protocol)
    codes = {parsed["Error"]["Code"], parsed["Error"].get("QueryErrorCode")}
    assert shape.error_code in codes or name in codes
    assert parsed["Error"]["Message"] == TEXT
    assert parsed["ResponseMetadata"]["RequestId"] == "1-2-3"
    fields = read(response, protocol, shape)
    assert {member: fields.get(member) for member in values} == values


@pytest.mark.parametrize("service", catalogue.SERVICES)
def test_errors_outside_the_model(service: str) -> None:
    for protocol in catalogue.protocols(service):
        if protocol == "json-cbor":
            continue
        for error in (InternalFailure(), SignatureDoesNotMatch(), Throttling()):
            response = PROTOCOLS[protocol].serialise_error(error, None, service, "1-2-3")

            parsed = read(response, protocol)
            assert response.status == error.status
            assert parsed["Error"]["Message"] == error.message
            assert parsed["Error"]["Code"]


@pytest.mark.parametrize("protocol", sorted(PROTOCOLS))
def test_errors_of_a_service_that_is_not_known(protocol: str) -> None:
    response = PROTOCOLS[protocol].serialise_error(InternalFailure(), None, "", "1-2-3")

    assert response.status == 500
    assert isinstance(response.body, bytes)
    assert b"InternalFailure" in response.body + b"".join(value for _, value in response.headers)


def test_a_shape_of_an_error_that_has_a_query_code_of_its_own() -> None:
    response = PROTOCOLS["query"].serialise_error(
        error_of("NotFoundException", status=404), None, "sns", "1"
    )

    assert response.status == 404
    assert b"<Type>Sender</Type><Code>NotFound</Code>" in response.body


def test_the_fault_is_ours_or_the_callers() -> None:
    ours = PROTOCOLS["json"].serialise_error(InternalFailure(), None, "sqs", "1")
    theirs = PROTOCOLS["query"].serialise_error(InternalFailure(), None, "sqs", "1")

    assert (b"x-amzn-query-error", b"InternalFailure;Receiver") in ours.headers
    assert b"<Type>Receiver</Type>" in theirs.body


def test_cbor_errors_of_the_older_protocol() -> None:
    error = error_of("ResourceNotFoundException", "Stream s not found.")

    response = PROTOCOLS["json-cbor"].serialise_error(error, None, "kinesis", "1")

    assert cbor.loads(response.body) == {
        "__type": "ResourceNotFoundException",
        "message": "Stream s not found.",
    }


def test_functions_say_whose_fault_it_is() -> None:
    error = error_of("ResourceNotFoundException", "Function not found: f", status=404)

    parsed = read(
        PROTOCOLS["rest-json"].serialise_error(error, None, "lambda", "1"),
        "rest-json",
        load_model("lambda").shape_for("ResourceNotFoundException"),
    )

    assert (parsed["Type"], parsed["Message"]) == ("User", "Function not found: f")


def test_s3_has_a_form_of_its_own() -> None:
    response = PROTOCOLS["rest-xml"].serialise_error(
        error_of("NoSuchKey", "The specified key does not exist.", status=404, Key="a&b"),
        None,
        "s3",
        "ABC",
    )

    assert b"<Error><Code>NoSuchKey</Code>" in response.body
    assert b"<Key>a&amp;b</Key><RequestId>ABC</RequestId>" in response.body
    assert dict(response.headers)[b"x-amz-request-id"] == b"ABC"


def test_unknown_keys_of_rest_json_services() -> None:
    response = PROTOCOLS["rest-json"].serialise_error(InvalidClientTokenId(), None, "pipes", "1")

    assert dict(response.headers)[b"x-amzn-errortype"] == b"UnrecognizedClientException"
