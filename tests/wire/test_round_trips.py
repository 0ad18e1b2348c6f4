"""Every operation of every service: botocore → wire → engine's values, and back again."""

import pytest

from messaging.kernel.service import load_model
from messaging.wire.protocols import PROTOCOLS
from tests.wire.exchange import EVERY_OPERATION, detected, model_of, received, sent
from tests.wire.samples import engine, sample

STREAMS = {
    ("kinesis", "SubscribeToShard"),
    ("lambda", "InvokeWithResponseStream"),
    ("s3", "SelectObjectContent"),
}
# botocore reads this one by a handler of its own: tests/wire/test_clients.py.
UNWRAPPED = {("s3", "GetBucketLocation")}
# Deprecated operations that look on the wire like the ones that took their place: no request is
# ever detected as one of them.
REPLACED = {
    "GetBucketLifecycle": "GetBucketLifecycleConfiguration",
    "GetBucketNotification": "GetBucketNotificationConfiguration",
    "PutBucketLifecycle": "PutBucketLifecycleConfiguration",
    "PutBucketNotification": "PutBucketNotificationConfiguration",
}


@pytest.mark.parametrize(
    ("service", "protocol", "name"), [row for row in EVERY_OPERATION if row[2] not in REPLACED]
)
def test_a_request_is_read_as_it_was_meant(service: str, protocol: str, name: str) -> None:
    operation = model_of(service, protocol, name)
    shape = operation.input_shape
    params = sample(shape) if shape else {}

    request = sent(params, operation, protocol)
    call = detected(request)

    assert (call.service, call.protocol, call.operation.name) == (service, protocol, name)
    parsed = PROTOCOLS[protocol].parse(request, call.operation)
    assert parsed == (engine(shape, params) if shape else {})


@pytest.mark.parametrize(("old", "new"), REPLACED.items())
def test_a_replaced_operation_is_taken_for_the_newer(old: str, new: str) -> None:
    operation = model_of("s3", "rest-xml", old)

    request = sent(sample(operation.input_shape), operation, "rest-xml")

    assert detected(request).operation.name == new


@pytest.mark.parametrize(
    ("service", "protocol", "name"),
    [
        row
        for row in EVERY_OPERATION
        if (row[0], row[2]) not in STREAMS | UNWRAPPED and row[2] not in REPLACED
    ],
)
def test_a_result_is_read_as_it_was_meant(service: str, protocol: str, name: str) -> None:
    client = model_of(service, protocol, name)
    shape = client.output_shape
    value = sample(shape) if shape else {}
    result = engine(shape, value) if shape else {}

    ours = load_model(service).operation_model(name)
    response = PROTOCOLS[protocol].serialise(result, ours, "1-2-3")

    assert received(response, shape, protocol) == value
    assert (b"x-amzn-requestid", b"1-2-3") in response.headers or service == "s3"
