"""Whatever a client sends is answered or refused as AWS refuses it: nothing breaks."""

from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.executor import Executor
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError
from messaging.kernel.models import Sandbox
from messaging.kernel.service import load_model
from messaging.registry import SERVICES
from tests.fixtures.engine import ACCOUNT, REGION
from tests.services.sqs import invariants

MODEL = load_model("sqs")
ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:"
TEXTS = st.one_of(
    st.sampled_from(
        [
            "work", "work.fifo", "nobody", ARN + "work", ARN + "work.fifo", ARN + "dead", "All",
            f"http://localhost/{ACCOUNT}/work", f"http://localhost/{ACCOUNT}/work.fifo",
            "", "\x00", "a\x00b", "1", "0", "-1", "true", "String", "Number", "Binary", "*",
            f'{{"deadLetterTargetArn": "{ARN}dead", "maxReceiveCount": 1}}',
            '{"redrivePermission": "byQueue", "sourceQueueArns": []}', "{}", "[]", "null",
            "99999999999999999999", "é" * 200, "a" * 2_000, "signalbox:realism", "lifelike",
        ]
    ),
    st.text(max_size=20),
)  # fmt: skip
NAMES = {
    "QueueAttributeName": [
        "DelaySeconds", "VisibilityTimeout", "RedrivePolicy", "RedriveAllowPolicy", "Policy",
        "FifoQueue", "KmsMasterKeyId", "MessageRetentionPeriod", "ContentBasedDeduplication",
        "DeduplicationScope", "FifoThroughputLimit", "SqsManagedSseEnabled",
    ],
}  # fmt: skip
NUMBERS = st.one_of(st.integers(-2, 12), st.sampled_from([43_200, 2**31, -(2**63), 2**63 - 1]))


def values(shape: Shape) -> st.SearchStrategy[Any]:
    """Return values of the right type for a shape, most of them strange."""
    if isinstance(shape, StructureShape):
        members = {name: values(member) for name, member in shape.members.items()}
        required = {name: members.pop(name) for name in shape.required_members}
        return st.fixed_dictionaries(required, optional=members)
    if isinstance(shape, ListShape):
        return st.lists(values(shape.member), max_size=4)
    if isinstance(shape, MapShape):
        return st.dictionaries(values(shape.key), values(shape.value), max_size=3)
    if shape.type_name in ("integer", "long"):
        return NUMBERS
    if shape.type_name == "boolean":
        return st.booleans()
    if shape.type_name == "blob":
        return st.binary(max_size=10)
    known = NAMES.get(shape.name)
    return st.sampled_from(known) | TEXTS if known else TEXTS


def test_all_operations_of_the_model_are_there() -> None:
    assert set(SERVICES["sqs"].operations) == set(MODEL.operation_names)
    assert len(MODEL.operation_names) == 23


@pytest.mark.parametrize("operation", sorted(MODEL.operation_names))
def test_any_input_is_answered_or_refused(
    executor: Executor, sandbox: Sandbox, caller: Caller, operation: str
) -> None:
    def call(name: str, **params: Any) -> Any:
        return executor.call_sync(caller, "sqs", name, params)

    for queue in ("dead", "work"):
        call("CreateQueue", QueueName=queue)
    fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    call("CreateQueue", QueueName="work.fifo", Attributes=fifo)
    call("SendMessage", QueueUrl="work", MessageBody="a")
    call("SendMessage", QueueUrl="work.fifo", MessageBody="a", MessageGroupId="g")
    handles = [
        call("ReceiveMessage", QueueUrl=url)["Messages"][0]["ReceiptHandle"]
        for url in ("work", "work.fifo")
    ]
    shape = MODEL.operation_model(operation).input_shape

    @settings(suppress_health_check=list(HealthCheck), max_examples=settings().max_examples)
    @given(params=values(shape), handle=st.sampled_from([None, *handles]))
    def check(params: dict[str, Any], handle: str | None) -> None:
        if handle and "ReceiptHandle" in params:
            params["ReceiptHandle"] = handle
        try:
            call(operation, **params)
        except AwsError as error:
            assert error.status < 500, error

    check()
    invariants.check(sandbox.pk)
