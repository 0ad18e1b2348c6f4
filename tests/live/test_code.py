"""Code of functions on a server that was started with --run-code, as boto3 meets it."""

import io
import json
import signal
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tests.fixtures.server import RunningServer, drop_database, server
from tests.live.clients.connect import ACCOUNT, REGION, client, eventually
from tests.live.test_start import refusal

ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
UPPER = """
def handler(event, context):
    print("handling", event["word"])
    return {"word": event["word"].upper(), "by": context.function_name}
"""
ECHO = """
import boto3

def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=event["url"], MessageBody=event["text"])
"""
PICKY = """
def handler(event, context):
    bad = [record["messageId"] for record in event["Records"] if "bad" in record["body"]]
    return {"batchItemFailures": [{"itemIdentifier": name} for name in bad]}
"""
SLOW = """
import os, time

def handler(event, context):
    with open(event["note"], "a") as note:
        note.write(f"{os.getpid()}\\n")
    while not os.path.exists(event["go"]):
        time.sleep(0.05)
    with open(event["note"], "a") as note:
        note.write("done\\n")
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("home")
    with server(folder, "--run-code", "--no-demo", "--server", "uvicorn") as started:
        yield started
    drop_database(folder)
    assert "Traceback" not in started.output, started.output


@pytest.fixture
def api(running: RunningServer) -> Iterator[Any]:
    with client(running.url, "lambda") as made:
        yield made


@pytest.fixture
def queues(running: RunningServer) -> Iterator[Any]:
    with client(running.url, "sqs") as made:
        yield made


def make(api: Any, name: str, text: str, **more: Any) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("app.py", text)
    asked = {
        "FunctionName": name, "Role": ROLE, "Runtime": "python3.13", "Handler": "app.handler",
        "Code": {"ZipFile": file.getvalue()}, "Timeout": 20,
    }  # fmt: skip
    api.create_function(**{**asked, **more})


def invoke(api: Any, name: str, event: Any, **more: Any) -> dict[str, Any]:
    answer = api.invoke(FunctionName=name, Payload=json.dumps(event).encode(), **more)
    return {**answer, "Payload": json.loads(answer["Payload"].read() or b"null")}


def bodies(queues: Any, url: str) -> list[str]:
    answer = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return sorted(message["Body"] for message in answer.get("Messages", []))


def test_a_caller_has_what_the_handler_returns(running: RunningServer, api: Any) -> None:
    assert "The Python code of Lambda functions runs here" in running.output
    make(api, "upper", UPPER)
    answer = invoke(api, "upper", {"word": "straw"}, LogType="Tail")
    assert answer["Payload"] == {"word": "STRAW", "by": "upper"}
    assert "FunctionError" not in answer
    log = b64decode(answer["LogResult"]).decode()
    assert log.startswith("START RequestId: ")
    assert "\nhandling straw\nEND RequestId: " in log
    failed = invoke(api, "upper", {})
    assert failed["FunctionError"] == "Unhandled"
    assert (failed["Payload"]["errorType"], failed["Payload"]["errorMessage"]) == (
        "KeyError", "'word'",
    )  # fmt: skip
    assert '"/var/task/app.py"' in failed["Payload"]["stackTrace"][0]


def test_new_code_is_run_and_a_tag_says_otherwise(api: Any) -> None:
    make(api, "changing", "def handler(*_): return 1")
    assert invoke(api, "changing", {})["Payload"] == 1
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("app.py", "def handler(*_): return 2")
    api.update_function_code(FunctionName="changing", ZipFile=file.getvalue())
    assert invoke(api, "changing", {})["Payload"] == 2
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:changing"
    api.tag_resource(Resource=arn, Tags={"signalbox:behaviour": "result=told"})
    assert invoke(api, "changing", {})["Payload"] == "told"


def test_an_event_runs_code_that_reaches_its_own_sandbox(api: Any, queues: Any) -> None:
    url = queues.create_queue(QueueName="echoes")["QueueUrl"]
    make(api, "echo", ECHO)
    event = {"url": url, "text": "from inside"}
    assert invoke(api, "echo", event, InvocationType="Event")["StatusCode"] == 202
    eventually(lambda: bodies(queues, url) == ["from inside"])


def test_what_an_event_has_come_to_goes_to_its_destination(api: Any, queues: Any) -> None:
    url = queues.create_queue(QueueName="results")["QueueUrl"]
    make(api, "recorded", "def handler(event, _): return 1 / event['by']")
    to = {"Destination": f"arn:aws:sqs:{REGION}:{ACCOUNT}:results"}
    api.put_function_event_invoke_config(
        FunctionName="recorded", MaximumRetryAttempts=0,
        DestinationConfig={"OnSuccess": to, "OnFailure": to},
    )  # fmt: skip
    for by in (2, 0):
        invoke(api, "recorded", {"by": by}, InvocationType="Event")
    eventually(lambda: len(bodies(queues, url)) == 2)
    told = [json.loads(text)["responsePayload"] for text in bodies(queues, url)]
    assert 0.5 in told
    told.remove(0.5)
    assert told[0]["errorType"] == "ZeroDivisionError"


def test_a_batch_gives_back_the_messages_that_failed(api: Any, queues: Any) -> None:
    url = queues.create_queue(QueueName="picked", Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
    dead = queues.create_queue(QueueName="picked-dead")["QueueUrl"]
    redrive = {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:picked-dead",
               "maxReceiveCount": 2}  # fmt: skip
    queues.set_queue_attributes(
        QueueUrl=url,
        Attributes={"VisibilityTimeout": "2", "RedrivePolicy": json.dumps(redrive)},
    )
    make(api, "picky", PICKY)
    api.create_event_source_mapping(
        FunctionName="picky", EventSourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:picked",
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )  # fmt: skip
    entries = [
        {"Id": str(n), "MessageBody": text} for n, text in enumerate(["good", "bad", "fine"])
    ]
    queues.send_message_batch(QueueUrl=url, Entries=entries)
    eventually(lambda: bodies(queues, dead) == ["bad"])
    assert bodies(queues, url) == []


def test_a_time_out_is_told(api: Any) -> None:
    make(api, "late", "import time\ndef handler(*_): time.sleep(60)", Timeout=1)
    answer = invoke(api, "late", {})
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"]["errorMessage"].endswith("Task timed out after 1.00 seconds")


def test_an_archive_that_leads_out_is_refused(api: Any) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("../app.py", UPPER)
    with pytest.raises(api.exceptions.InvalidParameterValueException, match="Could not unzip"):
        make(api, "sly", "", Code={"ZipFile": file.getvalue()})


# Where processes share a database it is run again too, but only when its time is over.
@pytest.mark.needs("sqlite")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_what_ran_when_the_server_ended_is_run_again(
    home: Path, tmp_path: Path, number: int
) -> None:
    note, go = tmp_path / "note", tmp_path / "go"
    event = {"note": str(note), "go": str(go)}
    with server(home, "--run-code", "--no-demo", "--server", "uvicorn") as first:
        with client(first.url, "lambda") as api:
            make(api, "slow", SLOW)
            invoke(api, "slow", event, InvocationType="Event")
            eventually(note.exists)
        first.stop(number)
    [ran] = note.read_text().split()
    eventually(lambda: not _lives(int(ran)))
    go.touch()
    with server(home, "--no-demo", "--server", "uvicorn", SIGNALBOX_RUN_CODE="1"):
        eventually(lambda: note.read_text().split()[-1] == "done")
    assert len(note.read_text().split()) == 3


def test_a_caller_is_told_when_the_server_stops(home: Path, tmp_path: Path) -> None:
    event = {"note": str(tmp_path / "note"), "go": str(tmp_path / "go")}
    with (
        server(home, "--run-code", "--no-demo", "--server", "uvicorn") as started,
        client(started.url, "lambda") as api,
        ThreadPoolExecutor(1) as pool,
    ):
        make(api, "slow", SLOW)
        waiting = pool.submit(invoke, api, "slow", event)
        eventually((tmp_path / "note").exists)
        assert started.stop() == 0
        with pytest.raises((BotoCoreError, ClientError)):
            waiting.result(20)
    assert "Traceback" not in started.output


def test_code_does_not_run_by_itself(home: Path) -> None:
    with server(home, "--no-demo", "--server", "uvicorn") as started:
        assert "code of Lambda functions" not in started.output
        with client(started.url, "lambda") as api:
            make(api, "upper", UPPER)
            assert invoke(api, "upper", {"word": "straw"})["Payload"] is None


def test_it_is_refused_where_others_reach_the_server(home: Path) -> None:
    said = refusal(home, "--run-code", "--host", "0.0.0.0")
    assert said.startswith("The code of functions runs only where nobody else can reach the server")
    said = refusal(home, "--host", "0.0.0.0", SIGNALBOX_RUN_CODE="1")
    assert said.startswith("The code of functions runs only where nobody else can reach the server")
    said = refusal(home, "--run-code", SIGNALBOX_MODE="classroom")
    assert said.startswith("In a class room the code of functions does not run")


def _lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
