"""Celery with its SQS transport: a worker process and tasks that go there and back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fixtures.server import ROOT, RunningServer
from tests.live.clients.connect import client, counters, environment, eventually, flows

MODULE = "tests.live.clients.celery_shop"
WORKER = ("celery", "--app", MODULE, "worker", "--pool", "solo", "--loglevel", "WARNING")

pytestmark = pytest.mark.needs("celery")


@contextmanager
def worker(variables: dict[str, str], log: Path) -> Iterator[None]:
    """Run a worker until the end of the block."""
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *WORKER],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def test_tasks_go_to_a_worker_and_back(live_server_process: RunningServer, tmp_path: Path) -> None:
    results = tmp_path / "results"
    results.mkdir()
    variables = {**os.environ, **environment(live_server_process), "RESULTS": str(results)}
    log = tmp_path / "worker.log"
    with worker(variables, log):
        done = subprocess.run(
            [sys.executable, "-m", MODULE],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, f"{done.stderr}\n{log.read_text()}"
        assert done.stdout == "[0, 2, 4, 6, 8, 'włóż']"
        with client(live_server_process.url) as sqs:
            url = sqs.get_queue_url(QueueName="celery-shop")["QueueUrl"]
            eventually(lambda: counters(sqs, url) == (0, 0, 0))
    # Celery sends by boto3 and receives by curl.
    assert flows(live_server_process) >= {
        ("boto3 · python", "send", "celery-shop"),
        ("celery-shop", "receive", "celery · python"),
    }
    assert "Traceback" not in log.read_text()
