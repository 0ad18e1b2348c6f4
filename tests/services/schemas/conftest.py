"""Registries and schemas for tests, made and looked at through boto3."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fixtures.engine import ACCOUNT, REGION

OPENAPI = json.dumps(
    {
        "openapi": "3.0.0",
        "info": {"version": "1.0.0", "title": "Order"},
        "paths": {},
        "components": {
            "schemas": {
                "Order": {
                    "type": "object",
                    "required": ["id"],
                    "properties": {
                        "id": {"type": "string", "example": "o-1"},
                        "paid": {"type": "string", "format": "date-time", "nullable": True},
                        "lines": {
                            "type": "array",
                            "items": {"$ref": "#/components/schemas/Line"},
                        },
                    },
                },
                "Line": {
                    "type": "object",
                    "properties": {"sku": {"type": "string"}, "count": {"type": "integer"}},
                },
            }
        },
    }
)
DRAFT4 = json.dumps(
    {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": "Order",
        "type": "object",
        "properties": {"id": {"type": ["string", "null"]}},
    }
)


def arn(resource: str) -> str:
    return f"arn:aws:schemas:{REGION}:{ACCOUNT}:{resource}"


def bus(name: str = "default") -> str:
    return f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{name}"


def refusal(call: Any, **asked: Any) -> tuple[str, int]:
    """Return code and status with which a call is refused."""
    with pytest.raises(ClientError) as raised:
        call(**asked)
    answer = raised.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.fixture
def api(aws: Callable[..., Any]) -> Any:
    return aws("schemas")


@pytest.fixture
def shop(api: Any) -> Any:
    """Return the API, with the schema ``order`` in the registry ``shop``."""
    api.create_registry(RegistryName="shop")
    api.create_schema(RegistryName="shop", SchemaName="order", Type="OpenApi3", Content=OPENAPI)
    return api


@pytest.fixture
def put(aws: Callable[..., Any]) -> Callable[..., None]:
    """Return a function that sends one event."""
    events = aws("events")

    def send(detail: Any, *, detail_type: str = "Order Paid", name: str = "default") -> None:
        entry = {
            "Source": "shop.orders", "DetailType": detail_type, "Detail": json.dumps(detail),
            "EventBusName": name,
        }  # fmt: skip
        assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0

    return send
