"""One invocation in a process of its own: what it answers, what it may, and how it ends."""

import io
import json
import os
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest

from messaging.awslambda.code import process, unpacking
from messaging.awslambda.code.process import Order
from messaging.awslambda.domain.answers import Ran
from tests.live.clients.connect import eventually
from tests.services.awslambda.conftest import archive

REQUEST = "0c2a4f5e-1111-4222-8333-444455556666"


def run(text: str, event: Any = None, **more: Any) -> Ran:
    asked = {
        "archive": archive(text), "handler": "app.handler", "event": json.dumps(event or {}),
        "request": REQUEST, "timeout_s": 10, "memory_mb": 128, "variables": {},
        "context": {"function_name": "worker", "memory_limit_in_mb": "128",
                    "aws_request_id": REQUEST},
    }  # fmt: skip
    ran = process.run(Order(**{**asked, **more}), threading.Event())
    assert ran is not None
    return ran


def zipped(name: str, mode: int = 0) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        opened.writestr(entry, "text")
    return file.getvalue()


def test_it_returns_what_the_handler_returns_and_keeps_what_it_prints() -> None:
    ran = run(
        "def handler(event, context):\n"
        "    print('seen', event['n'])\n"
        "    left = context.get_remaining_time_in_millis()\n"
        "    return [event['n'] + 1, context.function_name, context.memory_limit_in_mb,\n"
        "            context.aws_request_id, 0 < left <= 10_000]\n",
        {"n": 41},
    )
    assert json.loads(ran.payload) == [42, "worker", "128", REQUEST, True]
    assert ran.why == ""
    lines = ran.log.splitlines()
    assert lines[:3] == [
        f"START RequestId: {REQUEST} Version: $LATEST", "seen 41", f"END RequestId: {REQUEST}",
    ]  # fmt: skip
    assert lines[3].startswith(f"REPORT RequestId: {REQUEST}\tDuration: ")
    assert "Memory Size: 128 MB\tMax Memory Used: " in lines[3]


def test_an_exception_is_told_as_aws_tells_it() -> None:
    ran = run("def handler(event, context):\n    raise ValueError('no such order')\n")
    told = json.loads(ran.payload)
    assert (told["errorMessage"], told["errorType"]) == ("no such order", "ValueError")
    assert told["requestId"] == REQUEST
    assert told["stackTrace"] == [
        "  File \"/var/task/app.py\", line 2, in handler\n    raise ValueError('no such order')\n"
    ]
    assert ran.why == "ValueError"
    assert "[ERROR] ValueError: no such order" in ran.log


@pytest.mark.parametrize(
    ("text", "handler", "kind", "message"),
    [
        ("", "other.handler", "Runtime.ImportModuleError",
         "Unable to import module 'other': No module named 'other'"),
        ("", "app.nothing", "Runtime.HandlerNotFound", "Handler 'nothing' missing on module 'app'"),
        ("", "app", "Runtime.MalformedHandlerName", "Bad handler 'app': "),
        ("def (", "app.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app': "),
        ("def handler(*_): return {1, 2}", "app.handler", "Runtime.MarshalError",
         "Unable to marshal response: Object of type set is not JSON serializable"),
        ("def handler(*_): return 'x' * (6 << 20)", "app.handler",
         "Function.ResponseSizeTooLarge", "Response payload size exceeded maximum"),
        ("import os\ndef handler(*_): os._exit(3)", "app.handler", "Runtime.ExitError",
         f"RequestId: {REQUEST} Error: Runtime exited with error: exit status 3"),
        ("import sys\ndef handler(*_): sys.exit()", "app.handler", "Runtime.ExitError",
         f"RequestId: {REQUEST} Error: Runtime exited without providing a reason"),
    ],
)  # fmt: skip
def test_what_cannot_be_run_says_why(text: str, handler: str, kind: str, message: str) -> None:
    told = json.loads(run(text, handler=handler).payload)
    assert told["errorType"] == kind
    assert told["errorMessage"].startswith(message)


def test_more_memory_than_it_has_ends_it() -> None:
    ran = run("def handler(*_): return len(bytearray(300 << 20))")
    told = json.loads(ran.payload)
    assert told["errorType"] == "Runtime.ExitError"
    assert told["errorMessage"].endswith("Runtime exited with error: signal: killed")
    assert ran.why == "Runtime.OutOfMemory"
    assert "Status: error\tError Type: Runtime.OutOfMemory" in ran.log
    assert run("def handler(*_): return len(bytearray(300 << 20))", memory_mb=512).why == ""


def test_what_takes_too_long_is_ended_with_all_it_has_started(tmp_path: Path) -> None:
    note = tmp_path / "children"
    ran = run(
        "import os, time\n"
        "def handler(event, context):\n"
        "    for _ in range(5):\n"
        "        if not os.fork():\n"
        "            with open(event['note'], 'a') as note:\n"
        "                note.write(f'{os.getpid()}\\n')\n"
        "            break\n"
        "    time.sleep(60)\n",
        {"note": str(note)},
        timeout_s=1,
    )
    told = json.loads(ran.payload)
    assert told["errorMessage"].endswith(f"{REQUEST} Task timed out after 1.00 seconds")
    assert "Status: timeout" in ran.log
    children = note.read_text().split()
    assert len(children) == 5
    eventually(lambda: not any(_lives(child) for child in children))


def test_a_child_that_prints_on_keeps_nobody_waiting() -> None:
    ran = run(
        "import os\n"
        "def handler(event, context):\n"
        "    if not os.fork():\n"
        "        while True: print('on and on')\n"
        "    return 'done'\n"
    )
    assert ran.payload == '"done"'


def test_it_has_nothing_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNALBOX_SECRET_KEY", "s3cret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a real one")
    with Path(os.devnull).open() as opened:
        os.set_inheritable(opened.fileno(), True)
        ran = run(
            "import os, sys\n"
            "def handler(event, context):\n"
            "    files = [n for n in range(3, 256) if _is_open(n)]\n"
            "    return [dict(os.environ), len(files), os.getsid(0) == os.getpid(), sys.path]\n"
            "def _is_open(n):\n"
            "    try: os.fstat(n)\n"
            "    except OSError: return False\n"
            "    return True\n",
            variables={"OWN": "value"},
        )
    variables, files, leads, paths = json.loads(ran.payload)
    assert variables.pop("OWN") == "value"
    assert set(variables) <= {"HOME", "LAMBDA_TASK_ROOT", "LC_CTYPE", "TMPDIR"}
    # Its two ends of the talk with the server.
    assert files == 2
    assert leads
    assert not {"", str(Path.cwd())} & set(paths)


def test_what_it_writes_where_answers_go_harms_nobody() -> None:
    ran = run(
        "import os\n"
        "def handler(event, context):\n"
        "    for n in range(3, 9):\n"
        "        try: os.write(n, b'\\0\\0\\0\\2[]')\n"
        "        except OSError: pass\n"
    )
    assert json.loads(ran.payload)["errorType"] == "Runtime.ExitError"


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("../out.py", 0),
        ("/out.py", 0),
        ("a/../../out.py", 0),
        ("..\\out.py", 0),
        ("link", 0o120777),
    ],
)
def test_an_archive_that_leads_out_of_itself_is_not_unpacked(
    tmp_path: Path, name: str, mode: int
) -> None:
    with pytest.raises(ValueError, match=r"leads out|no file"):
        unpacking.unpack(zipped(name, mode), tmp_path)
    assert list(tmp_path.iterdir()) == []
    told = json.loads(run("", archive=zipped(name, mode)).payload)
    assert told["errorType"] == "Runtime.ImportModuleError"


def test_an_archive_that_grows_too_large_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "UNZIPPED_BYTES_MAX", 3)
    with pytest.raises(ValueError, match="smaller than 3 bytes"):
        unpacking.unpack(zipped("app.py"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def _lives(number: str) -> bool:
    """Tell whether a process is there and is no zombie, which only its parent could bury."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
