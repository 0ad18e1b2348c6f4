"""What to paste: one text a language, with a mark where the secret goes. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_SECRET: Final = "\0"


@dataclass(frozen=True, slots=True)
class Access:
    """What a client has to know; an empty secret is one that only a click brings."""

    endpoint: str
    key_id: str
    region: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text to copy: the secret stands between ``before`` and ``after``."""

    slug: str
    title: str
    file: str
    before: str
    after: str


def snippets(access: Access) -> list[Snippet]:
    """Return the snippets of an access key."""
    return [_cut(access, slug, title, file, write) for slug, title, file, write in _ALL]


def _cut(
    access: Access, slug: str, title: str, file: str, write: Callable[[Access], str]
) -> Snippet:
    before, _, after = write(access).partition(_SECRET)
    return Snippet(slug, title, file, before, after)


def _env(access: Access) -> str:
    return (
        f"AWS_ENDPOINT_URL={access.endpoint}\n"
        f"AWS_ACCESS_KEY_ID={access.key_id}\n"
        f"AWS_SECRET_ACCESS_KEY={_SECRET}\n"
        f"AWS_DEFAULT_REGION={access.region}\n"
        f"AWS_REGION={access.region}\n"
    )


def _boto3(access: Access) -> str:
    return f"""import boto3

sqs = boto3.client(
    "sqs",
    endpoint_url="{access.endpoint}",
    region_name="{access.region}",
    aws_access_key_id="{access.key_id}",
    aws_secret_access_key="{_SECRET}",
)
queue_url = sqs.create_queue(QueueName="orders")["QueueUrl"]
sqs.send_message(QueueUrl=queue_url, MessageBody="hello")
"""


def _cli(access: Access) -> str:
    return f"""export AWS_ACCESS_KEY_ID={access.key_id}
export AWS_SECRET_ACCESS_KEY={_SECRET}
export AWS_DEFAULT_REGION={access.region}

aws --endpoint-url {access.endpoint} sqs create-queue --queue-name orders
aws --endpoint-url {access.endpoint} sqs list-queues
"""


def _javascript(access: Access) -> str:
    return f"""import {{SQSClient, CreateQueueCommand, SendMessageCommand}}
  from "@aws-sdk/client-sqs";

const sqs = new SQSClient({{
  endpoint: "{access.endpoint}",
  region: "{access.region}",
  credentials: {{
    accessKeyId: "{access.key_id}",
    secretAccessKey: "{_SECRET}",
  }},
}});
const {{QueueUrl}} = await sqs.send(new CreateQueueCommand({{QueueName: "orders"}}));
await sqs.send(new SendMessageCommand({{QueueUrl, MessageBody: "hello"}}));
"""


def _java(access: Access) -> str:
    return f"""import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

class Hello {{
  public static void main(String[] args) {{
    try (SqsClient sqs = SqsClient.builder()
        .endpointOverride(URI.create("{access.endpoint}"))
        .region(Region.of("{access.region}"))
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
            "{access.key_id}",
            "{_SECRET}")))
        .build()) {{
      String url = sqs.createQueue(b -> b.queueName("orders")).queueUrl();
      sqs.sendMessage(b -> b.queueUrl(url).messageBody("hello"));
    }}
  }}
}}
"""


def _go(access: Access) -> str:
    return f"""package main

import (
	"context"
	"log"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func main() {{
	client := sqs.New(sqs.Options{{
		BaseEndpoint: aws.String("{access.endpoint}"),
		Region:       "{access.region}",
		Credentials: credentials.NewStaticCredentialsProvider(
			"{access.key_id}", "{_SECRET}", ""),
	}})
	made, err := client.CreateQueue(context.Background(), &sqs.CreateQueueInput{{
		QueueName: aws.String("orders"),
	}})
	if err != nil {{
		log.Fatal(err)
	}}
	log.Println(*made.QueueUrl)
}}
"""


def _terraform(access: Access) -> str:
    return f"""provider "aws" {{
  region                      = "{access.region}"
  access_key                  = "{access.key_id}"
  secret_key                  = "{_SECRET}"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  endpoints {{
    sqs = "{access.endpoint}"
    sts = "{access.endpoint}"
  }}
}}

resource "aws_sqs_queue" "orders" {{
  name                       = "orders"
  visibility_timeout_seconds = 30
}}
"""


def _compose(access: Access) -> str:
    """A container reaches its host under a name of its own."""
    endpoint = access.endpoint
    for name in ("//127.0.0.1", "//localhost", "//[::1]"):
        endpoint = endpoint.replace(name, "//host.docker.internal")
    return f"""services:
  worker:
    image: amazon/aws-cli
    command: sqs list-queues
    environment:
      AWS_ENDPOINT_URL: "{endpoint}"
      AWS_ACCESS_KEY_ID: "{access.key_id}"
      AWS_SECRET_ACCESS_KEY: "{_SECRET}"
      AWS_DEFAULT_REGION: "{access.region}"
    extra_hosts:
      - "host.docker.internal:host-gateway"
"""


_ALL: Final[tuple[tuple[str, str, str, Callable[[Access], str]], ...]] = (
    ("env", ".env", ".env", _env),
    ("boto3", "Python (boto3)", "hello.py", _boto3),
    ("cli", "AWS CLI", "terminal", _cli),
    ("javascript", "JavaScript (SDK v3)", "hello.mjs", _javascript),
    ("java", "Java (SDK v2)", "Hello.java", _java),
    ("go", "Go (SDK v2)", "main.go", _go),
    ("terraform", "Terraform", "main.tf", _terraform),
    ("compose", "Docker Compose", "compose.yaml", _compose),
)
