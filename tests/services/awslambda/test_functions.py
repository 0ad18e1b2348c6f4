"""Functions: made, read, changed, listed, deleted, tagged, and what is refused."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fixtures.engine import ACCOUNT, REGION
from tests.services.awslambda.conftest import BEHAVIOUR, ROLE, Make, archive, function_arn


def refusal(call: Any, **asked: Any) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as raised:
        call(**asked)
    answer = raised.value.response
    error = answer["Error"]
    return error["Code"], error["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_what_is_made_can_be_read(make: Make, api: Any) -> None:
    arn = make("seconds=0.2", Description="packs parcels", Environment={"Variables": {"A": "b"}})
    found = api.get_function(FunctionName="worker")
    told = found["Configuration"]
    assert arn == told["FunctionArn"] == function_arn()
    assert (told["State"], told["LastUpdateStatus"]) == ("Active", "Successful")
    assert (told["Timeout"], told["MemorySize"], told["Version"]) == (3, 128, "$LATEST")
    assert told["CodeSize"] == len(archive())
    assert told["CodeSha256"] == b64encode(sha256(archive()).digest()).decode()
    assert told["Environment"] == {"Variables": {"A": "b"}}
    assert found["Tags"] == {BEHAVIOUR: "seconds=0.2"}
    same = api.get_function_configuration(FunctionName=arn)
    assert same["RevisionId"] == told["RevisionId"]
    api.get_waiter("function_active_v2").wait(FunctionName="worker")
    api.get_waiter("function_updated_v2").wait(FunctionName="worker")


def test_a_name_is_taken_once(make: Make, api: Any) -> None:
    make()
    asked = {"Role": ROLE, "Runtime": "python3.13", "Handler": "a.b"}
    told = refusal(api.create_function, FunctionName="worker", Code={"ZipFile": archive()}, **asked)
    assert told == ("ResourceConflictException", "Function already exist: worker", 409)


@pytest.mark.parametrize(
    ("asked", "code", "text"),
    [
        ({"Timeout": 901}, "ValidationException", "less than or equal to 900"),
        ({"MemorySize": 65536}, "ValidationException", "less than or equal to 10240"),
        ({"Role": "arn:aws:iam::1:role/x"}, "ValidationException", "at 'role'"),
        ({"Runtime": "cobol85"}, "InvalidParameterValueException", "cobol85"),
        ({"Handler": ""}, "InvalidParameterValueException", "Runtime and Handler"),
        ({"FunctionName": "no spaces"}, "ValidationException", "at 'functionName'"),
        ({"Code": {"ZipFile": b"plain"}}, "InvalidParameterValueException", "Could not unzip"),
        ({"Code": {}}, "InvalidParameterValueException", "source for function code"),
        ({"Tags": {"aws:x": "y"}}, "InvalidParameterValueException", "reserved prefix"),
        (
            {"Environment": {"Variables": {"A": "x" * 4096}}},
            "InvalidParameterValueException", "4KB limit",
        ),
        (
            {"DeadLetterConfig": {"TargetArn": "arn:aws:s3:::bucket"}},
            "ValidationException", "deadLetterConfig.targetArn",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(
    make: Make, api: Any, asked: dict[str, Any], code: str, text: str
) -> None:
    told = refusal(make, **asked)
    assert told[0] == code
    assert text in told[1]
    assert api.list_functions()["Functions"] == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sleepy", "'sleepy' says nothing"),
        ("seconds=soon", "seconds=soon is no number"),
        ("seconds=1000", "seconds=1000 is not from 0.001 to 900"),
        ("seconds=0.5-0.1", "seconds=0.1 is not from 0.5 to 900"),
        ("errors=2", "errors=2 is not from 0 to 1"),
        ("errors=0.1 errors=0.2", "'errors=0.2' says nothing"),
        ("poison=", "'poison=' says nothing"),
    ],
)
def test_nonsense_about_behaviour_is_refused(make: Make, api: Any, text: str, why: str) -> None:
    arn = make("seconds=0.1-0.5 errors=0.1 poison=bad result=done")
    code, message, status = refusal(api.tag_resource, Resource=arn, Tags={BEHAVIOUR: text})
    assert (code, status) == ("InvalidParameterValueException", 400)
    assert message.startswith(f"Tag {BEHAVIOUR}: {why}")
    assert "Use seconds=0.2" in message


def test_tags_are_added_and_taken_away(make: Make, api: Any) -> None:
    arn = make(Tags={"team": "parcels"})
    api.tag_resource(Resource=arn, Tags={BEHAVIOUR: "result=packed", "cost": "7"})
    assert api.invoke(FunctionName="worker")["Payload"].read() == b'"packed"'
    api.untag_resource(Resource=arn, TagKeys=[BEHAVIOUR, "cost"])
    assert api.list_tags(Resource=arn)["Tags"] == {"team": "parcels"}
    assert api.invoke(FunctionName="worker")["Payload"].read() == b"null"


def test_configuration_and_code_change_apart(make: Make, api: Any) -> None:
    make()
    before = api.get_function_configuration(FunctionName="worker")
    changed = api.update_function_configuration(FunctionName="worker", Timeout=30)
    assert (changed["Timeout"], changed["MemorySize"]) == (30, 128)
    assert changed["RevisionId"] != before["RevisionId"]
    other = api.update_function_code(FunctionName="worker", ZipFile=archive("pass"))
    assert other["CodeSha256"] != before["CodeSha256"]
    assert other["Timeout"] == 30
    told = refusal(
        api.update_function_code, FunctionName="worker", ZipFile=archive(),
        RevisionId=before["RevisionId"],
    )  # fmt: skip
    assert told[0::2] == ("PreconditionFailedException", 412)


def test_names_have_many_forms(make: Make, api: Any) -> None:
    arn = make()
    for name in (arn, f"{ACCOUNT}:function:worker", "function:worker", "worker:$LATEST"):
        assert api.get_function_configuration(FunctionName=name)["FunctionArn"] == arn
    told = refusal(api.get_function, FunctionName="worker", Qualifier="live")
    assert told == ("ResourceNotFoundException", f"Function not found: {arn}:live", 404)


def test_what_is_deleted_is_gone(make: Make, api: Any) -> None:
    arn = make()
    api.delete_function(FunctionName="worker")
    told = refusal(api.get_function, FunctionName="worker")
    assert told == ("ResourceNotFoundException", f"Function not found: {arn}", 404)
    assert refusal(api.invoke, FunctionName="worker")[0] == "ResourceNotFoundException"


def test_a_list_has_pages(make: Make, api: Any) -> None:
    for name in ("c", "a", "b"):
        make(name=name)
    first = api.list_functions(MaxItems=2)
    rest = api.list_functions(Marker=first["NextMarker"])
    names = [each["FunctionName"] for each in first["Functions"] + rest["Functions"]]
    assert names == ["a", "b", "c"]
    assert "NextMarker" not in rest
    told = refusal(api.list_functions, Marker="nonsense")
    assert told[0] == "InvalidParameterValueException"
    assert api.get_function_code_signing_config(FunctionName="a")["CodeSigningConfigArn"] == ""
    versions = api.list_versions_by_function(FunctionName="a")["Versions"]
    assert [each["FunctionArn"] for each in versions] == [f"{function_arn('a')}:$LATEST"]


def test_concurrency_is_reserved_from_what_the_account_has(make: Make, api: Any) -> None:
    make()
    assert "ReservedConcurrentExecutions" not in api.get_function_concurrency(FunctionName="worker")
    api.put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=900)
    limits = api.get_account_settings()["AccountLimit"]
    assert limits["UnreservedConcurrentExecutions"] == 100
    found = api.get_function(FunctionName="worker")
    assert found["Concurrency"] == {"ReservedConcurrentExecutions": 900}
    code, text, _ = refusal(
        api.put_function_concurrency, FunctionName="worker", ReservedConcurrentExecutions=901
    )
    assert (code, "minimum value of [100]" in text) == ("InvalidParameterValueException", True)
    api.delete_function_concurrency(FunctionName="worker")
    assert "Concurrency" not in api.get_function(FunctionName="worker")


def test_other_operations_say_that_they_are_not_modelled(make: Make, api: Any) -> None:
    make()
    told = refusal(api.publish_version, FunctionName="worker")
    text = "Signalbox does not model lambda:PublishVersion. Nothing was changed."
    assert told == ("NotImplemented", text, 501)
    asked = {"Role": ROLE, "Runtime": "python3.13", "Handler": "a.b", "Publish": True}
    told = refusal(api.create_function, FunctionName="v", Code={"ZipFile": archive()}, **asked)
    assert told[0::2] == ("NotImplemented", 501)


def test_an_s3_object_or_an_image_is_kept_by_name(make: Make, api: Any) -> None:
    make(Code={"S3Bucket": "builds", "S3Key": "worker.zip"})
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/worker:1"
    api.create_function(
        FunctionName="boxed", Role=ROLE, PackageType="Image", Code={"ImageUri": image}
    )
    assert api.get_function(FunctionName="boxed")["Code"]["ImageUri"] == image
    assert api.get_function(FunctionName="worker")["Configuration"]["CodeSize"] == 0
