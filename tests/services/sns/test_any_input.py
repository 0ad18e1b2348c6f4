"""Whatever a client sends is answered or refused as AWS refuses it: nothing breaks."""

import json
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.executor import Executor
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError
from messaging.kernel.service import load_model
from messaging.registry import SERVICES
from tests.fixtures.engine import ACCOUNT, REGION

MODEL = load_model("sns")
ARN = f"arn:aws:sns:{REGION}:{ACCOUNT}:"
TEXTS = st.one_of(
    st.sampled_from([
        "news", "line.fifo", f"{ARN}news", f"{ARN}line.fifo", f"{ARN}news:1", "arn:aws:sns",
        ACCOUNT,
        f"{ARN}app/GCM/shop", f"{ARN}endpoint/GCM/shop/1", f"arn:aws:sqs:{REGION}:{ACCOUNT}:q",
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:q.fifo", "sqs", "http", "email", "sms", "json", "true",
        "http://127.0.0.1:9/", "http://[", "http://a:99999/", "me@example.com", "+4915112345678",
        "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy",
        "DeliveryPolicy",
        "ReplayPolicy", "Policy", "ArchivePolicy", "MaximumMessageSize", "SignatureVersion",
        "DisplayName", "FifoTopic", "Publish", "String", "Number", "String.Array", "Binary", "1e9",
        '{"a":["x"]}', '{"$or":[{"a":["x"]},{"b":[1]}]}', '{"a":{"b":["x"]}}', "MessageBody",
        '{"default":"x"}', '{"http":{"defaultHealthyRetryPolicy":{"numRetries":3}}}', "{}", "[]",
        '{"healthyRetryPolicy":{"minDelayTarget":1}}', '{"throttlePolicy":[]}', "null", "1", "",
        '{"healthyRetryPolicy":7,"guaranteed":1}', '{"deadLetterTargetArn":1}',
        '{"Version":"2012-10-17","Statement":[]}', '{"MessageRetentionPeriod":"x"}',
        '{"PointType":"Timestamp","StartingPoint":"2026-01-01T00:00:00Z"}', "a" * 300,
        "\x00", "a\x00b", "é" * 300, '{"a":[{"numeric":[">",1e400]}]}', "[" * 5_000, "ab" * 56,
    ]),
    st.text(max_size=20),
)  # fmt: skip


def values(shape: Shape) -> st.SearchStrategy[Any]:
    """Return values of the right type for a shape, many of them strange."""
    if isinstance(shape, StructureShape):
        members = {name: values(member) for name, member in shape.members.items()}
        required = {name: members.pop(name) for name in shape.required_members}
        return st.fixed_dictionaries(required, optional=members)
    if isinstance(shape, ListShape):
        return st.lists(values(shape.member), max_size=4)
    if isinstance(shape, MapShape):
        return st.dictionaries(values(shape.key), values(shape.value), max_size=3)
    if shape.type_name in ("integer", "long"):
        return st.integers(-2, 200)
    if shape.type_name == "boolean":
        return st.booleans()
    if shape.type_name == "blob":
        return st.binary(max_size=20)
    return TEXTS


@pytest.mark.parametrize("operation", sorted(SERVICES["sns"].operations))
def test_any_input_is_answered_or_refused(
    executor: Executor, caller: Caller, operation: str
) -> None:
    def call(name: str, **params: Any) -> Any:
        return executor.call_sync(caller, "sns", name, params)

    call("CreateTopic", Name="news")
    fifo = {"FifoTopic": "true", "ContentBasedDeduplication": "true"}
    archive = json.dumps({"MessageRetentionPeriod": 7})
    call("CreateTopic", Name="line.fifo", Attributes={**fifo, "ArchivePolicy": archive})
    call("Subscribe", TopicArn=f"{ARN}news", Protocol="sms", Endpoint="+4915112345678")
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"
    made = call("Subscribe", TopicArn=f"{ARN}line.fifo", Protocol="sqs", Endpoint=queue)
    real = {
        "TopicArn": f"{ARN}news", "ResourceArn": f"{ARN}news",
        "SubscriptionArn": made["SubscriptionArn"],
        "PlatformApplicationArn": f"{ARN}app/GCM/shop",
    }  # fmt: skip
    call(
        "CreatePlatformApplication", Name="shop", Platform="GCM",
        Attributes={"PlatformCredential": "x"},
    )  # fmt: skip
    shape = MODEL.operation_model(operation).input_shape
    drawn = st.just({}) if shape is None else values(shape)

    @settings(suppress_health_check=list(HealthCheck), max_examples=settings().max_examples)
    @given(params=drawn, is_there=st.booleans())
    def check(params: dict[str, Any], is_there: bool) -> None:
        if is_there:
            params = {**params, **{name: real[name] for name in params if name in real}}
        try:
            call(operation, **params)
        except AwsError as error:
            assert error.status < 500 or error.code == "NotImplemented", error

    check()
    assert call("ListTopics") is not None
