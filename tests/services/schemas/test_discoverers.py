"""Discoverers: what passes on a bus becomes schemas, in the transaction of PutEvents (P12)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from messaging.kernel import listening
from messaging.kernel.context import Context
from messaging.schemas.moving import listener_of
from tests.fixtures.engine import ACCOUNT, REGION
from tests.services.schemas.conftest import arn, bus, refusal

Put = Callable[..., None]
NAMED = {"RegistryName": "discovered-schemas", "SchemaName": "shop.orders@OrderPaid"}
ID = "events-event-bus-default"


def numbers(api: Any) -> list[str]:
    """Return the versions of what is discovered."""
    found = api.list_schema_versions(**NAMED)["SchemaVersions"]
    return [each["SchemaVersion"] for each in found]


def test_P12_what_is_made_can_be_read_changed_and_deleted(api: Any) -> None:
    made = api.create_discoverer(SourceArn=bus(), Description="first", Tags={"team": "a"})
    assert (made["DiscovererId"], made["DiscovererArn"]) == (ID, arn(f"discoverer/{ID}"))
    assert (made["State"], made["CrossAccount"]) == ("STARTED", True)
    api.update_discoverer(DiscovererId=ID, Description="second", CrossAccount=False)
    found = api.describe_discoverer(DiscovererId=ID)
    assert (found["Description"], found["CrossAccount"]) == ("second", False)
    for _ in range(2):
        assert api.stop_discoverer(DiscovererId=ID)["State"] == "STOPPED"
    assert api.describe_discoverer(DiscovererId=ID)["State"] == "STOPPED"
    assert api.start_discoverer(DiscovererId=ID)["State"] == "STARTED"
    api.delete_discoverer(DiscovererId=ID)
    assert refusal(api.describe_discoverer, DiscovererId=ID) == ("NotFoundException", 404)
    assert refusal(api.start_discoverer, DiscovererId=ID) == ("NotFoundException", 404)


def test_P12_a_bus_has_one_and_nothing_else_has_any(api: Any) -> None:
    api.create_discoverer(SourceArn=bus())
    assert refusal(api.create_discoverer, SourceArn=bus()) == ("ConflictException", 409)
    for source in (
        "x" * 20,
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:queue",
        f"arn:aws:events:eu-north-1:{ACCOUNT}:event-bus/default",
        f"arn:aws:events:{REGION}:111122223333:event-bus/default",
    ):
        assert refusal(api.create_discoverer, SourceArn=source) == ("BadRequestException", 400)


def test_P12_discoverers_are_listed_in_pages(api: Any) -> None:
    for name in ("default", "a", "b"):
        api.create_discoverer(SourceArn=bus(name))
    first = api.list_discoverers(Limit=2)
    rest = api.list_discoverers(NextToken=first["NextToken"])
    listed = [each["DiscovererId"] for each in first["Discoverers"] + rest["Discoverers"]]
    assert listed == [f"events-event-bus-{name}" for name in ("a", "b", "default")]
    assert len(api.list_discoverers(SourceArnPrefix=bus("a"))["Discoverers"]) == 1
    assert len(api.list_discoverers(DiscovererIdPrefix=ID)["Discoverers"]) == 1


def test_P12_a_new_shape_makes_a_version_and_a_known_one_none(
    api: Any, put: Put, events: Any
) -> None:
    put({"id": "too early"})
    api.create_discoverer(SourceArn=bus())
    put({"id": "o-1", "total": 5})
    assert numbers(api) == ["1"]
    put({"id": "o-2", "total": 7})
    assert numbers(api) == ["1"]
    put({"id": "o-3", "total": 7.5, "note": None})
    assert numbers(api) == ["1", "2"]
    put({"id": "o-4", "total": 1})
    assert numbers(api) == ["1", "2"]
    found = api.describe_schema(**NAMED)
    document = json.loads(found["Content"])["components"]["schemas"]
    assert found["Type"] == "OpenApi3"
    assert document["AWSEvent"]["properties"]["detail"] == {
        "$ref": "#/components/schemas/OrderPaid"
    }
    assert document["OrderPaid"] == {
        "type": "object",
        "required": ["id", "total"],
        "properties": {
            "id": {"type": "string"}, "note": {"nullable": True}, "total": {"type": "number"},
        },
    }  # fmt: skip
    received = [each for each in events() if each["kind"] == "events.Received"]
    assert [each["cause"] is not None for each in events("schemas.VersionCreated")] == [True, True]
    assert len(received) == 5


def test_P12_a_stopped_or_deleted_one_hears_nothing(api: Any, put: Put) -> None:
    api.create_discoverer(SourceArn=bus())
    put({"a": 1})
    api.stop_discoverer(DiscovererId=ID)
    put({"a": "text"})
    assert numbers(api) == ["1"]
    api.start_discoverer(DiscovererId=ID)
    put({"a": "text"})
    assert numbers(api) == ["1", "2"]
    api.delete_discoverer(DiscovererId=ID)
    put({"b": True})
    assert numbers(api) == ["1", "2"]


def test_P12_only_its_own_bus_is_heard(api: Any, aws: Any, put: Put) -> None:
    aws("events").create_event_bus(Name="quiet")
    api.create_discoverer(SourceArn=bus())
    put({"a": 1}, name="quiet")
    assert refusal(api.describe_schema, **NAMED) == ("NotFoundException", 404)


def test_P12_what_is_deleted_is_discovered_anew(api: Any, put: Put) -> None:
    api.create_discoverer(SourceArn=bus())
    put({"a": 1})
    api.delete_schema(**NAMED)
    api.delete_registry(RegistryName="discovered-schemas")
    put({"a": 1})
    assert numbers(api) == ["1"]


def test_P12_two_new_shapes_in_one_call_are_two_versions(api: Any, aws: Any) -> None:
    api.create_discoverer(SourceArn=bus())
    entries = [
        {"Source": "shop.orders", "DetailType": "Order Paid", "Detail": json.dumps(detail)}
        for detail in ({"a": 1}, {"b": 1}, {"a": 2, "b": 2}, {})
    ]
    aws("events").put_events(Entries=entries)
    assert numbers(api) == ["1", "2"]


def test_P12_events_of_another_account_count_unless_told_otherwise(
    api: Any, executor: Any, sandbox: Any
) -> None:
    stranger = {
        "account": "111122223333", "source": "shop.orders", "detail-type": "Order Paid",
        "detail": {"a": 1},
    }  # fmt: skip

    def hear(caller: Any) -> Any:
        def job(batch: Any) -> None:
            ctx = Context(batch, batch.entered[sandbox.pk], caller)
            listen = listener_of(ctx, bus())
            assert listen is not None
            listen(ctx, stranger, 1)

        executor.run_sync(job, (sandbox.pk,))

    api.create_discoverer(SourceArn=bus(), CrossAccount=False)
    hear(None)
    assert refusal(api.describe_schema, **NAMED) == ("NotFoundException", 404)
    api.update_discoverer(DiscovererId=ID, CrossAccount=True)
    hear(None)
    assert numbers(api) == ["1"]


def test_P12_what_is_nested_too_deeply_is_ignored(api: Any, put: Put) -> None:
    api.create_discoverer(SourceArn=bus())
    deep: Any = 1
    for _ in range(70):
        deep = {"a": deep}
    put(deep)
    assert refusal(api.describe_schema, **NAMED) == ("NotFoundException", 404)


def test_a_bus_to_which_nobody_listens_is_asked_for_once(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def find(ctx: Context, arn: str) -> None:
        asked.append(arn)

    monkeypatch.setattr(listening, "FINDERS", [find])
    for number in range(3):
        put({"a": number})
    assert asked == [bus()]
