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
from tests.fixtures.engine import ACCOUNT, REGION, START_MS
from tests.services.events.conftest import DEFAULT, entry

MODEL = load_model("events")
ARN = f"arn:aws:events:{REGION}:{ACCOUNT}:"
TEXTS = st.one_of(
    st.sampled_from(
        [
            "default", "shop", "orders", "all", "crm", "x", "aws.partner/a/b", DEFAULT,
            f"{ARN}event-bus/shop", f"{ARN}rule/orders", f"{ARN}rule/shop/orders",
            f"{ARN}archive/all", f"{ARN}connection/crm/1", ACCOUNT, "*", "events:PutEvents",
            f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", f"arn:aws:sqs:{REGION}:{ACCOUNT}:q.fifo",
            '{"source":["shop"]}', '{"a":[{"wildcard":"*a"}]}', "rate(1 minute)", "$.detail",
            "cron(0 12 * * ? *)", '{"a": <b>}', '"<aws.events.rule-name>"', "https://a.example/*",
            '{"Version":"2012-10-17","Statement":[]}', "shop.example", "{}", "[]", "null", "1", "",
            "\x00", "a\x00b", "é" * 300, "a" * 9_000, "StringEquals", "aws:SourceArn",
        ]
    ),
    st.text(max_size=20),
)  # fmt: skip
NUMBERS = st.one_of(st.integers(-2, 200), st.sampled_from([86_400, 2**31 - 1, -(2**31)]))
TIMES = st.sampled_from([0, START_MS - 1, START_MS, START_MS + 60_000, -1])


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
        return NUMBERS
    if shape.type_name == "timestamp":
        return TIMES
    if shape.type_name == "boolean":
        return st.booleans()
    choices = getattr(shape, "enum", None)
    return st.sampled_from(choices) | TEXTS if choices else TEXTS


@pytest.mark.parametrize("operation", sorted(SERVICES["events"].operations))
def test_any_input_is_answered_or_refused(
    executor: Executor, caller: Caller, operation: str
) -> None:
    def call(name: str, **params: Any) -> Any:
        return executor.call_sync(caller, "events", name, params)

    call("CreateEventBus", Name="shop")
    for bus in ("default", "shop"):
        pattern = json.dumps({"source": ["shop"]})
        call("PutRule", Name="orders", EventBusName=bus, EventPattern=pattern)
    target = {"Id": "x", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"}
    call("PutTargets", Rule="orders", Targets=[target])
    call("CreateArchive", ArchiveName="all", EventSourceArn=DEFAULT)
    call("PutEvents", Entries=[entry()])
    window = {"EventStartTime": START_MS - 1, "EventEndTime": START_MS + 1}
    call(
        "StartReplay", ReplayName="all", EventSourceArn=f"{ARN}archive/all",
        Destination={"Arn": DEFAULT}, **window,
    )  # fmt: skip
    basic = {"BasicAuthParameters": {"Username": "u", "Password": "p"}}
    call("CreateConnection", Name="crm", AuthorizationType="BASIC", AuthParameters=basic)
    shape = MODEL.operation_model(operation).input_shape

    @settings(suppress_health_check=list(HealthCheck), max_examples=settings().max_examples)
    @given(params=values(shape))
    def check(params: dict[str, Any]) -> None:
        try:
            call(operation, **params)
        except AwsError as error:
            # AWS itself answers an unknown archive so, and we what we do not model.
            allowed = error.code in ("InternalException", "NotImplemented")
            assert error.status < 500 or allowed, error

    check()
    call("PutEvents", Entries=[entry()])
