"""One invocation in a process of its own: started, listened to, ended with all it has started."""

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import IO, Any, Final, NamedTuple

from messaging.awslambda.code import unpacking
from messaging.awslambda.domain import answers
from messaging.awslambda.domain.answers import OUT_OF_MEMORY, Ran
from messaging.awslambda.domain.destinations import written
from messaging.awslambda.limits import LOG_BYTES_MAX, SYNC_BYTES_MAX
from messaging.kernel.clock import wall_ms

HARNESS: Final = Path(__file__).with_name("harness.py")
_PATIENCE_S: Final = 0.1
_HEAD_BYTES: Final = 4
_CHUNK: Final = 1 << 16
# What the harness adds to an answer, and how JSON may swell in JSON.
_ANSWER_BYTES_MAX: Final = 4 * SYNC_BYTES_MAX


class Order(NamedTuple):
    """What is to be run. ``context`` are the attributes of the handler's second argument."""

    archive: bytes
    handler: str
    event: str
    request: str
    timeout_s: int
    memory_mb: int
    variables: Mapping[str, str]
    context: Mapping[str, str]


def run(order: Order, stopping: threading.Event) -> Ran | None:
    """Run an order and return how it has ended; None where it was stopped before."""
    with TemporaryDirectory(prefix="signalbox-run-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        code, scratch = folder / "task", folder / "tmp"
        code.mkdir()
        scratch.mkdir()
        try:
            unpacking.unpack(order.archive, code)
        except ValueError as error:
            text = f"Unable to unzip the code: {error}"
            told = {"errorMessage": text, "errorType": "Runtime.ImportModuleError"}
            return answers.failed({**told, "stackTrace": []}, order.request)
        began = monotonic()
        process = _start(order, code, scratch)
        try:
            heard = _Exchange(process, _asked(order, folder, code)).listen(
                began + order.timeout_s, stopping
            )
        finally:
            _end(process)
        if stopping.is_set() and heard.answer is None:
            return None
        return _judge(order, heard, process.returncode, ms=(monotonic() - began) * 1000)


class Heard(NamedTuple):
    """What came of a process: its answer, if any, what it printed last, and whether it was late."""

    answer: dict[str, Any] | None
    printed: str
    is_late: bool


class _Exchange:
    """Writes a request to a process and reads what it prints, until it has answered or ended."""

    def __init__(self, process: subprocess.Popen[bytes], request: bytes) -> None:
        self._process = process
        self._rest = memoryview(request)
        self._answer = bytearray()
        self._printed = bytearray()
        self._selector = selectors.DefaultSelector()
        for stream, event, act in (
            (process.stdin, selectors.EVENT_WRITE, self._write),
            (process.stdout, selectors.EVENT_READ, self._read_answer),
            (process.stderr, selectors.EVENT_READ, self._read_printed),
        ):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
                self._selector.register(stream, event, act)

    def listen(self, ends: float, stopping: threading.Event) -> Heard:
        is_late = False
        while not self._is_complete() and not stopping.is_set():
            left = ends - monotonic()
            if left <= 0:
                is_late = True
                break
            has_ended = self._process.poll() is not None
            ready = self._selector.select(0 if has_ended else min(left, _PATIENCE_S))
            for key, _ in ready:
                key.data(key.fileobj)
            if has_ended and not ready:
                break
        self._drain()
        self._selector.close()
        printed = bytes(self._printed).decode(errors="replace")
        return Heard(self._read() if self._is_complete() else None, printed, is_late)

    def _drain(self) -> None:
        """Take what was printed last; more than a few reads only comes from who prints on."""
        for _ in range(_HEAD_BYTES):
            if self._process.stderr is not None:
                self._read_printed(self._process.stderr)

    def _is_complete(self) -> bool:
        size = int.from_bytes(self._answer[:_HEAD_BYTES], "big")
        has_head = len(self._answer) >= _HEAD_BYTES
        return has_head and (len(self._answer) >= size + _HEAD_BYTES or size > _ANSWER_BYTES_MAX)

    def _read(self) -> dict[str, Any] | None:
        size = int.from_bytes(self._answer[:_HEAD_BYTES], "big")
        try:
            found = json.loads(bytes(self._answer[_HEAD_BYTES : size + _HEAD_BYTES]))
            return found if _is_sound(found) else None
        except (RecursionError, ValueError):
            return None

    def _write(self, stream: IO[bytes]) -> None:
        with suppress(BlockingIOError):
            try:
                self._rest = self._rest[os.write(stream.fileno(), self._rest[:_CHUNK]) :]
            except BrokenPipeError:
                self._rest = self._rest[:0]
        if not self._rest:
            # It stays open: that it ends is how the process learns that we have.
            self._selector.unregister(stream)

    def _read_answer(self, stream: IO[bytes]) -> None:
        self._answer += self._part(stream)

    def _read_printed(self, stream: IO[bytes]) -> None:
        self._printed += self._part(stream)
        del self._printed[:-LOG_BYTES_MAX]

    def _part(self, stream: IO[bytes]) -> bytes:
        try:
            part = os.read(stream.fileno(), _CHUNK)
        except BlockingIOError:
            return b""
        if not part and stream in self._selector.get_map():
            self._selector.unregister(stream)
        return part


def _is_sound(answer: Any) -> bool:
    """Tell whether an answer has the harness's form: the handler can write where answers go.

    Raises ValueError where the result is no JSON.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("memory_mb"), int):
        return False
    if "result" in answer:
        json.loads(str(answer["result"]))
        return isinstance(answer["result"], str)
    error = answer.get("error", {"errorMessage": "", "errorType": "", "stackTrace": ""})
    return isinstance(error, dict) and {"errorMessage", "errorType", "stackTrace"} <= error.keys()


def _asked(order: Order, folder: Path, code: Path) -> bytes:
    asked = {
        "answer_bytes": SYNC_BYTES_MAX, "code": str(code), "context": dict(order.context),
        "event": order.event, "folder": str(folder), "handler": order.handler,
        "memory_mb": order.memory_mb, "timeout_s": order.timeout_s,
    }  # fmt: skip
    body = json.dumps(asked).encode()
    return len(body).to_bytes(_HEAD_BYTES, "big") + body


def _start(order: Order, code: Path, scratch: Path) -> subprocess.Popen[bytes]:
    """Start the process: nothing of our environment, no open file, a session of its own."""
    places = {"HOME": str(scratch), "LAMBDA_TASK_ROOT": str(code), "TMPDIR": str(scratch)}
    return subprocess.Popen(
        [sys.executable, "-I", "-B", str(HARNESS)], cwd=code, env={**order.variables, **places},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
        start_new_session=True,
    )  # fmt: skip


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with everything that it has started and that has not left its group."""
    if sys.platform != "win32":
        # Its number is its group's as long as nobody has waited for it, or some of it is left.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _judge(order: Order, heard: Heard, code: int, *, ms: float) -> Ran:
    answer = heard.answer or {}
    ran, status = _ended(order, heard, code), ""
    if ran.why == "timeout":
        ms, status = order.timeout_s * 1000.0, "\tStatus: timeout"
    elif ran.why:
        kind = ran.why if ran.why == OUT_OF_MEMORY else json.loads(ran.payload)["errorType"]
        status = f"\tStatus: error\tError Type: {kind}"
    log = answers.log_tail(
        heard.printed, order.request, ms=ms, memory_mb=order.memory_mb,
        used_mb=answer.get("memory_mb", 0), status=status,
    )  # fmt: skip
    return ran._replace(log=log)


def _ended(order: Order, heard: Heard, code: int) -> Ran:
    answer = heard.answer
    is_slow = sys.platform != "win32" and code == -signal.SIGXCPU
    if heard.is_late or (answer is None and is_slow):
        return answers.timed_out(order.request, order.timeout_s, written(wall_ms()))
    if answer is None:
        how = f"exit status {code}" if code > 0 else ""
        how = "signal: killed" if code < 0 else how
        return answers.exited(how, order.request)
    if "result" in answer:
        return answers.succeeded(answer["result"].encode(errors="replace").decode())
    if "error" in answer:
        return answers.failed(answer["error"], order.request)
    is_memory = bool(answer.get("memory"))
    return answers.exited(str(answer.get("exit", "")), order.request, is_memory=is_memory)
