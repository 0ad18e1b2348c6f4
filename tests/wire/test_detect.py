"""What a request is: the forms that tools use beside the ones that botocore sends."""

import pytest

from messaging.wire import aws_json, hosts
from messaging.wire.agents import agent
from messaging.wire.detect import claims_aws, detect, may_be_form
from messaging.wire.request import Request

FORM = {"content-type": "application/x-www-form-urlencoded"}
SDK = {"amz-sdk-invocation-id": "1"}


def scoped(service: str, **more: str) -> dict[str, str]:
    return {
        "authorization": f"AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/{service}"
        "/aws4_request, SignedHeaders=host, Signature=0",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }


@pytest.mark.parametrize(
    ("request_", "service", "operation", "protocol"),
    [
        (
            Request("POST", "/123456789012/q", headers=FORM, body=b"Action=DeleteQueue"),
            "sqs",
            "DeleteQueue",
            "query",
        ),
        # Amazon SNS has an operation of this name, too: the address decides.
        (
            Request("POST", "/123456789012/q", headers=FORM, body=b"Action=AddPermission"),
            "sqs",
            "AddPermission",
            "query",
        ),
        (
            Request("GET", "/123456789012/q", "Action=SendMessage&MessageBody=a"),
            "sqs",
            "SendMessage",
            "query",
        ),
        (
            Request("GET", "/", "Action=ListTopics&Version=2010-03-31"),
            "sns",
            "ListTopics",
            "query",
        ),
        (
            Request("POST", "/", headers=FORM, body=b"Action=GetCallerIdentity&Version=2011-06-15"),
            "sts",
            "GetCallerIdentity",
            "query",
        ),
        # Both have an operation of this name: the credential's scope decides.
        (
            Request("POST", "/", headers={**FORM, **scoped("sns")}, body=b"Action=TagResource"),
            "sns",
            "TagResource",
            "query",
        ),
        (
            Request(
                "POST",
                "/123456789012/q",
                headers={"x-amz-target": "AmazonSQS.SendMessage"},
            ),
            "sqs",
            "SendMessage",
            "json",
        ),
        (
            Request(
                "POST",
                "/",
                headers={
                    "x-amz-target": "Kinesis_20131202.PutRecord",
                    "content-type": "application/x-amz-cbor-1.1",
                },
            ),
            "kinesis",
            "PutRecord",
            "json-cbor",
        ),
        (
            Request(
                "POST",
                "/service/GraniteServiceVersion20100801/operation/ListMetrics",
                headers={"smithy-protocol": "rpc-v2-cbor"},
            ),
            "cloudwatch",
            "ListMetrics",
            "smithy-rpc-v2-cbor",
        ),
        (
            Request("GET", "/2015-03-31/functions", headers=SDK),
            "lambda",
            "ListFunctions",
            "rest-json",
        ),
        (
            Request("GET", "/2013-04-01/hostedzone", headers=SDK),
            "route53",
            "ListHostedZones",
            "rest-xml",
        ),
        (
            Request("GET", "/a-bucket/a/key", headers=SDK),
            "s3",
            "GetObject",
            "rest-xml",
        ),
        (
            Request(
                "GET",
                "/bucket/key",
                "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0&X-Amz-Credential="
                "test%2F20261121%2Fus-east-1%2Fs3%2Faws4_request",
            ),
            "s3",
            "GetObject",
            "rest-xml",
        ),
        (
            Request("GET", "/", headers={**scoped("s3express")}),
            "s3",
            "ListDirectoryBuckets",
            "rest-xml",
        ),
        (Request("PUT", "/b/", headers=scoped("s3")), "s3", "CreateBucket", "rest-xml"),
        (
            Request("PUT", "/b/k", headers=scoped("s3", x_amz_copy_source="b/o")),
            "s3",
            "CopyObject",
            "rest-xml",
        ),
        (
            Request("PUT", "/b/k", "partNumber=1&uploadId=u", headers=scoped("s3")),
            "s3",
            "UploadPart",
            "rest-xml",
        ),
        (Request("GET", "/b", "list-type=2", headers=scoped("s3")), "s3", "ListObjectsV2", ""),
        (Request("GET", "/b", headers=scoped("s3")), "s3", "ListObjects", ""),
        (Request("POST", "/b", "delete", headers=scoped("s3")), "s3", "DeleteObjects", ""),
        (
            Request("POST", "/2020-05-31/tagging", "Operation=Tag", headers=scoped("cloudfront")),
            "cloudfront",
            "TagResource",
            "",
        ),
    ],
)
def test_forms_of_requests(request_: Request, service: str, operation: str, protocol: str) -> None:
    assert claims_aws(request_) or may_be_form(request_)

    call = detect(request_)

    assert call is not None
    assert call.problem is None
    assert call.operation is not None
    assert (call.service, call.operation.name) == (service, operation)
    assert protocol in ("", call.protocol)


@pytest.mark.parametrize(
    ("host", "path", "bucket", "key"),
    [
        ("shop.s3.localhost:8000", "/a/b", "shop", "a/b"),
        ("my.shop.s3.us-west-2.localhost:8000", "/a", "my.shop", "a"),
        ("shop.localhost:8000", "/a", "shop", "a"),
        ("s3.localhost:8000", "/shop/a%20b", "shop", "a b"),
        ("s3.us-west-2.localhost:8000", "/shop//a/", "shop", "/a/"),
        ("shop.s3.example.org", "/%C3%A9", "shop", "é"),
        ("127.0.0.1:8000", "/shop/a", "shop", "a"),
        ("[::1]:8000", "/shop/a", "shop", "a"),
    ],
)
def test_buckets_in_the_host_and_in_the_path(host: str, path: str, bucket: str, key: str) -> None:
    request = Request("GET", path, headers=scoped("s3"), host=host)

    call = detect(request)

    assert call is not None
    assert call.operation is not None
    assert call.operation.name == "GetObject"
    assert request.labels == {"Bucket": bucket, "Key": key}


def test_a_host_that_says_s3_is_for_s3_even_unsigned() -> None:
    request = Request("GET", "/logo.png", host="shop.s3.localhost:8000")

    assert claims_aws(request)
    call = detect(request)
    assert call is not None
    assert (call.service, request.labels) == ("s3", {"Bucket": "shop", "Key": "logo.png"})


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/"),
        Request("GET", "/", host="shop.localhost"),
        Request("GET", "/a/b", "Action="),
        Request("POST", "/people/sign-in", headers=FORM, body=b"Action=SignIn"),
        Request("GET", "/service/x/operation/y"),
    ],
)
def test_web_pages(request_: Request) -> None:
    assert not claims_aws(request_)
    assert not may_be_form(request_)


def test_a_form_without_an_action_is_a_page() -> None:
    request = Request("POST", "/", headers=FORM, body=b"a=1")

    assert may_be_form(request)
    assert detect(request) is None


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Request("POST", "/", headers={**FORM, **scoped("sqs")}), "MissingAction"),
        (Request("POST", "/", headers={**FORM, **scoped("dynamodb")}), "NotImplemented"),
        (Request("POST", "/", headers={"x-amz-target": "AmazonSNS.Publish"}), "NotImplemented"),
        (Request("POST", "/", headers={"x-amz-target": "."}), "NotImplemented"),
        (Request("POST", "/", headers=scoped("events")), "UnknownOperationException"),
        (Request("PATCH", "/b/k", headers=scoped("s3")), "UnknownOperationException"),
        (Request("GET", "/x/y", headers=scoped("lambda")), "UnknownOperationException"),
        (Request("GET", "/b/%FF", headers=scoped("s3")), "MalformedQueryString"),
        (Request("GET", "/", "Action=%FF&Version=1"), "MalformedQueryString"),
        (
            Request("POST", "/", headers={**FORM, **scoped("sqs")}, body=b"Action=\xff"),
            "MalformedQueryString",
        ),
    ],
)
def test_requests_for_what_is_not_there(request_: Request, code: str) -> None:
    call = detect(request_)

    assert call is not None
    assert call.operation is None
    assert call.problem is not None
    assert call.problem.code == code


def test_the_queue_of_the_path_does_not_replace_the_one_that_is_named() -> None:
    headers = {"x-amz-target": "AmazonSQS.PurgeQueue"}
    named = Request("POST", "/123456789012/a", headers=headers, body=b'{"QueueUrl": "b"}')
    not_named = Request("POST", "/123456789012/a", headers=headers, body=b"{}")

    urls = []
    for request in (named, not_named):
        call = detect(request)
        assert call is not None
        assert call.operation is not None
        urls.append(aws_json.parse(request, call.operation)["QueueUrl"])

    assert urls == ["b", "http://127.0.0.1/123456789012/a"]


@pytest.mark.parametrize(
    ("text", "label", "actor"),
    [
        (
            "Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux#5 lang/python#3.11.7",
            "boto3 · python",
            "client:boto3-python",
        ),
        ("aws-cli/1.46.2 md/Botocore#1.44.5 ua/2.1 os/linux", "aws-cli", "client:aws-cli"),
        ("aws-cli/2.31 md/awscrt#0.27 ua/2.1 exec-env/x", "aws-cli", "client:aws-cli"),
        (
            "aws-sdk-js/3.900.0 ua/2.1 os/linux lang/js md/nodejs#22.1.0 api/sqs#3.900.0",
            "aws-sdk-js · node",
            "client:aws-sdk-js-node",
        ),
        (
            "aws-sdk-js/3.9 ua/2.1 os/macOS lang/js md/browser#Chrome",
            "aws-sdk-js · browser",
            "client:aws-sdk-js-browser",
        ),
        ("aws-sdk-java/2.30 md/io#sync ua/2.1", "aws-sdk-java", "client:aws-sdk-java"),
        ("aws-sdk-go-v2/1.36 ua/2.1 os/linux", "aws-sdk-go", "client:aws-sdk-go"),
        (
            "APN/1.0 HashiCorp/1.0 Terraform/1.12 terraform-provider-aws/6.0 aws-sdk-go-v2/1.3",
            "terraform",
            "client:terraform",
        ),
        (
            "Mozilla/5.0 (compatible; pycurl)",
            "celery · python",
            "client:celery-python",
        ),
        ("curl/8.5.0", "curl", "client:curl"),
        ("", "unnamed client", "client:unnamed-client"),
        ("☃<script>", "unnamed client", "client:unnamed-client"),
        ("x" * 500, "x" * 40, "client:" + "x" * 40),
    ],
)
def test_clients_are_named_by_their_user_agent(text: str, label: str, actor: str) -> None:
    assert (agent(text).label, agent(text).actor) == (label, actor)


@pytest.mark.parametrize(
    ("host", "name"),
    [("LocalHost:80", "localhost"), ("[::1]:80", "[::1]"), ("a.example.", "a.example"), ("", "")],
)
def test_hosts_without_their_port(host: str, name: str) -> None:
    assert hosts.without_port(host) == name
