"""The AWS SDK for JavaScript, version 3."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.server import RunningServer
from tests.live.clients.connect import environment, snapshot

SCRIPT = Path(__file__).parent / "clients" / "sqs.mjs"


@pytest.mark.needs("node", "js-sdk")
def test_the_script_sees_what_it_would_see_at_aws(live_server_process: RunningServer) -> None:
    variables = environment(live_server_process)
    done = subprocess.run(
        ["node", str(SCRIPT)],
        env={**os.environ, **variables, "AWS_REGION": variables["AWS_DEFAULT_REGION"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "body": "<b>one</b> 💥",
        "receives": ["1", "2"],
        "same": True,
        "note": "żółw 🐢",
        "raw": True,
        "batch": 10,
        "poll": 10,
        "attributes": "1",
        "urls": 1,
        "error": {"isClass": True, "status": 400, "hasId": True},
    }
    labels = {node[3] for node in snapshot(live_server_process)["nodes"]}
    assert "aws-sdk-js · node" in labels
