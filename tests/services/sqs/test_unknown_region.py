"""A caller without a signature names no region: the queue is found where just one region has it."""

from dataclasses import replace

import pytest

from messaging.executor import Executor
from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError
from messaging.sqs.errors import QueueDoesNotExist
from tests.fixtures.engine import ACCOUNT, Api

URL = f"http://127.0.0.1:8000/{ACCOUNT}/orders"
USUAL = "us-east-1"


@pytest.fixture
def unsigned(executor: Executor, caller: Caller) -> Api:
    return Api(executor, replace(caller, region=USUAL, knows_region=False))


@pytest.fixture
def signed(executor: Executor, caller: Caller) -> Api:
    return Api(executor, replace(caller, region=USUAL))


def arn(api: Api) -> str:
    told = api.get_queue_attributes(QueueUrl=URL, AttributeNames=["QueueArn"])
    return str(told["Attributes"]["QueueArn"])


def test_the_only_queue_of_that_name_is_found(sqs: Api, unsigned: Api) -> None:
    sqs.create_queue(QueueName="orders")
    unsigned.send_message(QueueUrl=URL, MessageBody="by curl")
    assert sqs.receive_message(QueueUrl=URL)["Messages"][0]["Body"] == "by curl"


def test_who_names_a_region_is_taken_at_their_word(sqs: Api, signed: Api, unsigned: Api) -> None:
    sqs.create_queue(QueueName="orders")
    assert arn(unsigned) == arn(sqs)
    with pytest.raises(QueueDoesNotExist):
        arn(signed)


def test_the_usual_region_comes_first(sqs: Api, signed: Api, unsigned: Api) -> None:
    sqs.create_queue(QueueName="orders")
    assert arn(unsigned) == arn(sqs)
    signed.create_queue(QueueName="orders")
    assert arn(unsigned) == arn(signed)


@pytest.mark.parametrize("number", [0, 2])
def test_of_none_or_several_none_is_chosen(
    executor: Executor, caller: Caller, unsigned: Api, number: int
) -> None:
    for region in ("eu-west-1", "eu-west-2")[:number]:
        Api(executor, replace(caller, region=region)).create_queue(QueueName="orders")
    with pytest.raises(QueueDoesNotExist):
        arn(unsigned)


def test_a_region_in_the_host_leaves_nothing_to_guess(sqs: Api, unsigned: Api) -> None:
    sqs.create_queue(QueueName="orders")
    url = f"http://sqs.eu-west-3.localhost:8000/{ACCOUNT}/orders"
    with pytest.raises(AwsError):
        unsigned.send_message(QueueUrl=url, MessageBody="elsewhere")
