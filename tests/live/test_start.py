"""``manage.py start`` as a person meets it: a real process, real signals, real refusals."""

import asyncio
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import boto3
import pytest
from websockets.asyncio.client import connect

from tests.fixtures.server import ROOT, RunningServer, launch, server

SERVERS = ("daphne", "uvicorn")


def sqs(running: RunningServer) -> Any:
    """Return a boto3 client that knows nothing but the printed lines."""
    return boto3.client(
        "sqs",
        endpoint_url=running.aws["AWS_ENDPOINT_URL"],
        aws_access_key_id=running.aws["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=running.aws["AWS_SECRET_ACCESS_KEY"],
        region_name=running.aws["AWS_DEFAULT_REGION"],
    )


def refusal(home: Path, *options: str, **environment: str) -> str:
    """Start, expect a refusal with exit code 1, and return its one sentence."""
    running = launch(home, *options, **environment)
    output = running.process.communicate(timeout=60)[0]
    assert running.process.returncode == 1, output
    assert "Traceback" not in output
    said = [line for line in output.splitlines() if not line.startswith(("Signalbox\n", "  "))]
    said = [line for line in said if line != "Signalbox"]
    assert len(said) == 1, output
    return said[0]


@pytest.mark.parametrize("name", SERVERS)
def test_printed_lines_work_and_the_page_is_live(home: Path, name: str) -> None:
    with server(home, "--server", name) as running:
        with urllib.request.urlopen(running.url, timeout=30) as page:
            assert page.status == 200
            assert "nonce-" in page.headers["Content-Security-Policy"]
        client = sqs(running)
        url = client.create_queue(QueueName="printed")["QueueUrl"]
        client.send_message(QueueUrl=url, MessageBody="hello")
        received = client.receive_message(QueueUrl=url)["Messages"]
        assert [message["Body"] for message in received] == ["hello"]
    assert running.process.returncode == 0
    assert "Traceback" not in running.output


def test_starting_again_finds_everything_as_it_was(home: Path) -> None:
    with server(home, "--server", "uvicorn") as first:
        client = sqs(first)
        url = client.create_queue(QueueName="kept")["QueueUrl"]
        client.send_message(QueueUrl=url, MessageBody="still here")
    with server(home, "--server", "daphne") as second:
        client = sqs(second)
        url = client.get_queue_url(QueueName="kept")["QueueUrl"]
        received = client.receive_message(QueueUrl=url)["Messages"]
        assert [message["Body"] for message in received] == ["still here"]
    assert "migrations applied" in first.output
    assert "up to date" in second.output
    assert "made" in re.findall(r"demo .*", first.output)[0]
    assert "is there" in re.findall(r"demo .*", second.output)[0]
    keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    assert [first.aws[key] for key in keys] == [second.aws[key] for key in keys]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", SERVERS)
async def test_signals_stop_it_with_websocket_and_long_poll_open(
    home: Path, name: str, number: int
) -> None:
    with server(home, "--server", name) as running:
        client = sqs(running)
        url = client.create_queue(QueueName="polled")["QueueUrl"]
        poll = asyncio.create_task(
            asyncio.to_thread(client.receive_message, QueueUrl=url, WaitTimeSeconds=20)
        )
        slug = re.findall(r'href="/s/([\w-]+)/"', _page(running.url))[0]
        address = f"{running.url.replace('http', 'ws', 1)}/stream/{slug}/"
        async with connect(address) as websocket:
            await websocket.send('{"t":"hello","v":1}')
            assert await websocket.recv()
            began = perf_counter()
            code = await asyncio.to_thread(running.stop, number)
            took = perf_counter() - began
        answer = await asyncio.gather(poll, return_exceptions=True)
        if isinstance(answer[0], dict):
            assert "Messages" not in answer[0]
    assert code == 0
    assert took < 15, "it waited for the poll's 20 s"
    assert "Stopped." in running.output
    assert "Traceback" not in running.output


def test_no_demo_leaves_the_playground_only(home: Path) -> None:
    with server(home, "--server", "uvicorn", "--no-demo") as running:
        assert "  demo  " not in running.output
        assert sqs(running).list_queues().get("QueueUrls") is None


def test_an_address_of_the_network_is_warned_about(home: Path) -> None:
    with server(home, "--server", "uvicorn", "--no-demo", "--host", "0.0.0.0") as running:
        assert "everyone on the network can reach this address" in running.output
        assert running.url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("name", SERVERS)
def test_it_serves_on_ipv6(home: Path, name: str) -> None:
    with server(home, "--server", name, "--no-demo", "--host", "::1") as running:
        assert running.url.startswith("http://[::1]:")
        assert _page(running.url)


def test_a_taken_port_is_refused_before_any_work(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refusal(home, "--port", port)
    assert said == f"Port {port} is taken by another program: choose another with --port."
    assert not (home / "signalbox.sqlite3").exists()


@pytest.mark.parametrize("port", ["70000", "-1", "http"])
def test_a_port_that_is_none_is_a_usage_error(home: Path, port: str) -> None:
    running = launch(home, "--port", port)
    output = running.process.communicate(timeout=60)[0]
    assert running.process.returncode == 2
    assert "use a number from 0 to 65535" in output
    assert "Traceback" not in output


def test_a_host_of_another_machine_is_refused(home: Path) -> None:
    assert refusal(home, "--host", "192.0.2.1") == "'192.0.2.1' is no address of this machine."
    assert refusal(home, "--host", "no such host") == (
        "'no such host' is no address of this machine."
    )


@pytest.mark.needs("sqlite")
def test_a_second_start_on_one_database_is_refused(home: Path) -> None:
    with server(home, "--server", "uvicorn", "--no-demo") as running:
        said = refusal(home)
    database = home / "signalbox.sqlite3"
    assert said.startswith(
        f"Signalbox already runs on the database {database} (process {running.process.pid}): "
    )


def test_a_home_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    said = refusal(blocker / "home", DATABASE_URL="")
    assert said.startswith(f"The folder {blocker / 'home'} cannot be used (")


def test_a_database_address_that_leads_nowhere_is_refused(home: Path) -> None:
    assert refusal(home, "--database-url", "mysql://localhost/x").startswith(
        "The database address 'mysql://localhost/x' is not understood: use "
    )
    said = refusal(home, "--database-url", "postgres://me:secret@127.0.0.1:1/x")
    assert said == (
        "The database (PostgreSQL, x at 127.0.0.1:1) cannot be reached: Connection refused."
    )


def _lock(path: Path) -> sqlite3.Connection:
    held = sqlite3.connect(path)
    held.execute("CREATE TABLE other (id)")
    held.execute("BEGIN EXCLUSIVE")
    return held


def _scribble(path: Path) -> None:
    path.write_bytes(b"This is a letter and no database. " * 200)


def _make_folder(path: Path) -> None:
    path.mkdir()


def _make_newer(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app, name, applied)"
        )
        database.execute(
            "INSERT INTO django_migrations VALUES (1, 'kernel', '9999_later', '2030-01-01')"
        )
    database.close()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_lock, "is locked by another program: close that program and start again."),
        (_scribble, "is not an SQLite database: choose another file with --database-url."),
        (_make_folder, "cannot be opened: make its folder, or make it readable and writable."),
    ],
)
def test_a_database_that_cannot_be_used_is_refused(
    home: Path, spoil: Callable[[Path], object], reason: str
) -> None:
    home.mkdir()
    path = home / "signalbox.sqlite3"
    held = spoil(path)
    assert refusal(home, DATABASE_URL="") == f"The database {path} {reason}"
    if isinstance(held, sqlite3.Connection):
        held.close()


def test_a_database_folder_that_is_gone_is_not_made_anew(home: Path) -> None:
    said = refusal(home, "--database-url", f"sqlite:///{home / 'gone' / 'box.sqlite3'}")
    assert said.startswith(
        f"The folder {home / 'gone'} of the database cannot be written (No such file or directory)"
    )
    assert not (home / "gone").exists()


def test_a_database_of_a_newer_version_is_refused(home: Path) -> None:
    home.mkdir()
    _make_newer(home / "signalbox.sqlite3")
    said = refusal(home, DATABASE_URL="")
    assert (
        "was written by a newer version of Signalbox (kernel.9999_later is not known here)" in said
    )


def test_without_its_packages_it_says_how_to_install_them() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "manage.py", "start"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "Django is not installed for this Python. "
        "Install and start it by:  pip install uv && uv run manage.py start"
    )


def test_help_says_what_each_option_does(home: Path) -> None:
    running = launch(home, "--help")
    output = running.process.communicate(timeout=60)[0]
    assert running.process.returncode == 0
    for option in ("--port", "--host", "--no-demo", "--database-url", "--run-code", "--server"):
        assert option in output
    assert "--verbosity" not in output


def _page(url: str) -> str:
    with urllib.request.urlopen(url) as page:
        text: str = page.read().decode()
    return text
