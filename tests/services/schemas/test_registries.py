"""Registries: made, read, changed, listed, tagged, given policies, deleted."""

import json
from typing import Any

from tests.fixtures.engine import ACCOUNT
from tests.services.schemas.conftest import OPENAPI, arn, refusal

POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "schemas:*", "Resource": "*"
        },
    }
)  # fmt: skip


def test_what_is_made_can_be_read_changed_and_deleted(api: Any, events: Any) -> None:
    made = api.create_registry(RegistryName="shop", Description="first", Tags={"team": "a"})
    assert made["RegistryArn"] == arn("registry/shop")
    found = api.describe_registry(RegistryName="shop")
    assert (found["Description"], found["Tags"]) == ("first", {"team": "a"})
    api.update_registry(RegistryName="shop", Description="second")
    assert api.describe_registry(RegistryName="shop")["Description"] == "second"
    api.delete_registry(RegistryName="shop")
    assert refusal(api.describe_registry, RegistryName="shop") == ("NotFoundException", 404)
    told = [each["kind"] for each in events() if each["kind"].startswith("schemas.")]
    assert told == [
        "schemas.RegistryCreated", "schemas.RegistryUpdated", "schemas.RegistryDeleted",
    ]  # fmt: skip


def test_a_name_is_taken_once_and_some_are_reserved(api: Any) -> None:
    api.create_registry(RegistryName="shop")
    assert refusal(api.create_registry, RegistryName="shop") == ("ConflictException", 409)
    for name in ("aws.mine", "discovered-schemas", "a b", "x" * 65):
        assert refusal(api.create_registry, RegistryName=name) == ("BadRequestException", 400)


def test_registries_are_listed_in_pages_and_by_scope(api: Any) -> None:
    for number in range(3):
        api.create_registry(RegistryName=f"shop-{number}")
    first = api.list_registries(Limit=2)
    names = [each["RegistryName"] for each in first["Registries"]]
    rest = api.list_registries(Limit=2, NextToken=first["NextToken"])
    names += [each["RegistryName"] for each in rest["Registries"]]
    assert names == ["aws.events", "shop-0", "shop-1", "shop-2"]
    assert "NextToken" not in rest
    (aws,) = api.list_registries(Scope="AWS")["Registries"]
    assert aws["RegistryName"] == "aws.events"
    assert len(api.list_registries(Scope="LOCAL")["Registries"]) == 3
    assert len(api.list_registries(RegistryNamePrefix="shop-1")["Registries"]) == 1
    for asked in ({"NextToken": "bogus"}, {"Limit": 0}, {"Limit": 101}, {"Scope": "WORLD"}):
        assert refusal(api.list_registries, **asked) == ("BadRequestException", 400)


def test_a_registry_with_schemas_stays(shop: Any) -> None:
    assert refusal(shop.delete_registry, RegistryName="shop") == ("BadRequestException", 400)
    shop.delete_schema(RegistryName="shop", SchemaName="order")
    shop.delete_registry(RegistryName="shop")
    assert refusal(shop.list_schemas, RegistryName="shop") == ("NotFoundException", 404)


def test_the_registry_of_aws_can_only_be_read(api: Any) -> None:
    found = api.list_schemas(RegistryName="aws.events", SchemaNamePrefix="aws.s3")["Schemas"]
    assert [each["SchemaName"] for each in found] == ["aws.s3@ObjectCreated"]
    asked = {"RegistryName": "aws.events", "SchemaName": "aws.s3@ObjectCreated"}
    document = json.loads(api.describe_schema(**asked)["Content"])
    event = document["components"]["schemas"]["AWSEvent"]
    assert event["x-amazon-events-detail-type"] == "Object Created"
    forbidden = ("ForbiddenException", 403)
    assert refusal(api.delete_schema, **asked) == forbidden
    assert refusal(api.create_schema, **asked, Type="OpenApi3", Content=OPENAPI) == forbidden
    assert refusal(api.delete_registry, RegistryName="aws.events") == forbidden
    api.put_code_binding(**asked, Language="Python36")
    assert api.get_code_binding_source(**asked, Language="Python36")["Body"].read()[:2] == b"PK"


def test_tags_come_and_go_on_all_that_has_an_arn(shop: Any) -> None:
    for named in (arn("registry/shop"), arn("schema/shop/order")):
        for _ in range(2):
            shop.tag_resource(ResourceArn=named, Tags={"a": "1", "b": "2"})
        for _ in range(2):
            shop.untag_resource(ResourceArn=named, TagKeys=["a"])
        assert shop.list_tags_for_resource(ResourceArn=named)["Tags"] == {"b": "2"}
    assert shop.describe_schema(RegistryName="shop", SchemaName="order")["Tags"] == {"b": "2"}
    nowhere = arn("registry/nowhere")
    assert refusal(shop.list_tags_for_resource, ResourceArn=nowhere) == ("NotFoundException", 404)
    bad = {"ResourceArn": arn("registry/shop"), "Tags": {"aws:x": "1"}}
    assert refusal(shop.tag_resource, **bad) == ("BadRequestException", 400)


def test_a_policy_is_kept_by_revision(shop: Any) -> None:
    named = {"RegistryName": "shop"}
    assert refusal(shop.get_resource_policy, **named) == ("NotFoundException", 404)
    made = shop.put_resource_policy(**named, Policy=POLICY)
    found = shop.get_resource_policy(**named)
    assert (json.loads(found["Policy"]), found["RevisionId"]) == (
        json.loads(POLICY), made["RevisionId"],
    )  # fmt: skip
    again = shop.put_resource_policy(**named, Policy=POLICY, RevisionId=made["RevisionId"])
    assert again["RevisionId"] != made["RevisionId"]
    stale = {**named, "Policy": POLICY, "RevisionId": made["RevisionId"]}
    assert refusal(shop.put_resource_policy, **stale) == ("PreconditionFailedException", 412)
    for policy in ("{", "{}", "[]"):
        told = refusal(shop.put_resource_policy, **named, Policy=policy)
        assert told == ("BadRequestException", 400)
    assert refusal(shop.get_resource_policy) == ("BadRequestException", 400)
    shop.delete_resource_policy(**named)
    assert refusal(shop.delete_resource_policy, **named) == ("NotFoundException", 404)
