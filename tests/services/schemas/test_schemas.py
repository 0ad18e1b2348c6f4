"""Schemas and their versions: made, read, changed, searched, exported, inferred, deleted."""

import json
from typing import Any

import pytest

from tests.services.schemas.conftest import DRAFT4, OPENAPI, arn, refusal

NAMED = {"RegistryName": "shop", "SchemaName": "order"}
BAD = ("BadRequestException", 400)
GONE = ("NotFoundException", 404)


def openapi(**schemas: Any) -> str:
    return json.dumps({**json.loads(OPENAPI), "components": {"schemas": schemas}})


def test_what_is_made_can_be_read_changed_and_deleted(shop: Any) -> None:
    made = shop.describe_schema(**NAMED)
    assert (made["SchemaArn"], made["SchemaVersion"]) == (arn("schema/shop/order"), "1")
    assert (made["Type"], made["Content"]) == ("OpenApi3", OPENAPI)
    changed = shop.update_schema(**NAMED, Content=DRAFT4, Type="JSONSchemaDraft4")
    assert (changed["SchemaVersion"], changed["Type"]) == ("2", "JSONSchemaDraft4")
    assert shop.describe_schema(**NAMED)["Content"] == DRAFT4
    assert shop.describe_schema(**NAMED, SchemaVersion="1")["Content"] == OPENAPI
    shop.delete_schema(**NAMED)
    assert refusal(shop.describe_schema, **NAMED) == GONE
    assert refusal(shop.delete_schema, **NAMED) == GONE
    assert refusal(shop.update_schema, **NAMED, Content=DRAFT4) == GONE


def test_the_same_content_makes_no_version(shop: Any) -> None:
    told = shop.update_schema(**NAMED, Content=OPENAPI, Type="OpenApi3", Description="orders")
    assert (told["SchemaVersion"], told["Description"]) == ("1", "orders")
    (listed,) = shop.list_schemas(RegistryName="shop")["Schemas"]
    assert listed["VersionCount"] == 1


def test_a_name_is_taken_once_and_a_registry_must_be_there(shop: Any) -> None:
    asked = {**NAMED, "Type": "OpenApi3", "Content": OPENAPI}
    assert refusal(shop.create_schema, **asked) == ("ConflictException", 409)
    assert refusal(shop.create_schema, **{**asked, "RegistryName": "nowhere"}) == GONE
    assert refusal(shop.create_schema, **{**asked, "SchemaName": "a b"}) == BAD


def test_versions_are_listed_and_deleted_and_numbers_stay_unique(shop: Any) -> None:
    for number in (2, 3):
        content = openapi(**{f"Order{number}": {"type": "object"}})
        assert shop.update_schema(**NAMED, Content=content)["SchemaVersion"] == str(number)
    first = shop.list_schema_versions(**NAMED, Limit=2)
    rest = shop.list_schema_versions(**NAMED, NextToken=first["NextToken"])
    listed = [*first["SchemaVersions"], *rest["SchemaVersions"]]
    assert [each["SchemaVersion"] for each in listed] == ["1", "2", "3"]
    shop.delete_schema_version(**NAMED, SchemaVersion="3")
    assert shop.describe_schema(**NAMED)["SchemaVersion"] == "2"
    assert refusal(shop.describe_schema, **NAMED, SchemaVersion="3") == GONE
    assert shop.update_schema(**NAMED, Content=OPENAPI)["SchemaVersion"] == "4"
    for number in ("1", "2", "4"):
        shop.delete_schema_version(**NAMED, SchemaVersion=number)
    assert refusal(shop.describe_schema, **NAMED) == GONE


def test_schemas_are_listed_and_searched_in_pages(shop: Any) -> None:
    for name in ("invoice", "ordered"):
        asked = {"RegistryName": "shop", "SchemaName": name, "Type": "JSONSchemaDraft4"}
        shop.create_schema(**asked, Content=DRAFT4)
    listed = shop.list_schemas(RegistryName="shop", SchemaNamePrefix="order")["Schemas"]
    assert [each["SchemaName"] for each in listed] == ["order", "ordered"]
    first = shop.search_schemas(RegistryName="shop", Keywords="ORDER", Limit=2)
    rest = shop.search_schemas(RegistryName="shop", Keywords="order", NextToken=first["NextToken"])
    found = [*first["Schemas"], *rest["Schemas"]]
    assert [each["SchemaName"] for each in found] == ["invoice", "order", "ordered"]
    (hit,) = shop.search_schemas(RegistryName="shop", Keywords="sku lines")["Schemas"]
    assert (hit["SchemaName"], hit["SchemaVersions"][0]["SchemaVersion"]) == ("order", "1")
    assert refusal(shop.search_schemas, RegistryName="shop", Keywords=" ") == BAD


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("OpenApi3", "{"),
        ("OpenApi3", "[]"),
        ("OpenApi3", "{}"),
        ("OpenApi3", DRAFT4),
        ("OpenApi3", '{"openapi": "2.0"}'),
        ("OpenApi3", '{"openapi": "3.0.0", "info": {"title": "x"}, "paths": {}}'),
        ("OpenApi3", '{"openapi": "3.0.0", "info": {"title": "x", "version": "1"}}'),
        ("OpenApi3", openapi(Order={"type": "null"})),
        ("OpenApi3", openapi(Order={"type": ["string", "null"]})),
        ("OpenApi3", openapi(Order={"type": "array"})),
        ("OpenApi3", openapi(Order={"$ref": "#/components/schemas/Nobody"})),
        ("OpenApi3", openapi(Order={"$ref": 5})),
        ("OpenApi3", openapi(Order={"required": "id"})),
        ("OpenApi3", openapi(Order={"properties": {"id": 5}})),
        ("OpenApi3", openapi(**{"a b": {}})),
        ("JSONSchemaDraft4", "true"),
        ("JSONSchemaDraft4", '{"$schema": "http://json-schema.org/draft-07/schema#"}'),
        ("JSONSchemaDraft4", '{"type": "text"}'),
        ("JSONSchemaDraft4", '{"type": ["string", 5]}'),
        ("JSONSchemaDraft4", '{"anyOf": []}'),
        ("JSONSchemaDraft4", '{"enum": []}'),
        ("JSONSchemaDraft4", '{"minLength": -1}'),
        ("JSONSchemaDraft4", '{"maximum": "5"}'),
        ("JSONSchemaDraft4", '{"pattern": 5}'),
        ("JSONSchemaDraft4", '{"not": ' * 200 + "{}" + "}" * 200),
    ],
)
def test_bad_content_is_refused(shop: Any, kind: str, content: str) -> None:
    asked = {"RegistryName": "shop", "SchemaName": "bad", "Type": kind, "Content": content}
    assert refusal(shop.create_schema, **asked) == BAD
    assert refusal(shop.update_schema, **{**asked, "SchemaName": "order"}) == BAD
    assert refusal(shop.describe_schema, RegistryName="shop", SchemaName="bad") == GONE


def test_an_openapi_schema_is_exported_as_draft_4(shop: Any) -> None:
    told = shop.export_schema(**NAMED, Type="JSONSchemaDraft4")
    document = json.loads(told["Content"])
    assert (told["Type"], document["title"], document["required"]) == (
        "JSONSchemaDraft4", "Order", ["id"],
    )  # fmt: skip
    assert document["properties"]["id"] == {"type": "string"}
    assert document["properties"]["paid"]["type"] == ["string", "null"]
    assert document["properties"]["lines"]["items"] == {"$ref": "#/definitions/Line"}
    # What is exported is a schema itself.
    asked = {"RegistryName": "shop", "SchemaName": "exported", "Type": "JSONSchemaDraft4"}
    shop.create_schema(**asked, Content=told["Content"])
    assert refusal(shop.export_schema, **NAMED, Type="OpenApi3") == BAD
    asked = {"RegistryName": "shop", "SchemaName": "exported", "Type": "JSONSchemaDraft4"}
    assert refusal(shop.export_schema, **asked) == BAD


def test_events_tell_what_they_have_in_common(api: Any) -> None:
    texts = [json.dumps(each) for each in ({"id": 1, "tag": "a"}, {"id": 2.5})]
    told = json.loads(api.get_discovered_schema(Type="OpenApi3", Events=texts)["Content"])
    root = told["components"]["schemas"]["Event"]
    assert root["required"] == ["id"]
    assert root["properties"] == {"id": {"type": "number"}, "tag": {"type": "string"}}
    told = api.get_discovered_schema(Type="JSONSchemaDraft4", Events=texts)
    assert json.loads(told["Content"])["required"] == ["id"]
    assert refusal(api.get_discovered_schema, Type="OpenApi3", Events=["{"]) == BAD
    deep = "[" * 70 + "]" * 70
    assert refusal(api.get_discovered_schema, Type="OpenApi3", Events=[deep]) == BAD
