"""The program that runs one invocation: limits, handler, answer. It imports nothing of ours.

A frame is four bytes of length and JSON. One comes on standard input, with what is to be run; one
goes to standard output. What the handler prints goes to standard error. When standard input ends,
so does everything: nobody waits for the answer any more.
"""

import contextlib
import importlib
import json
import os
import shutil
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from types import SimpleNamespace
from typing import Any

if sys.platform != "win32":
    import resource

TASK_ROOT = "/var/task"
SPARE_ADDRESSES = 1 << 30
FILE_BYTES_MAX = 512 << 20
HEAD_BYTES = 4
PROCESSES_MAX = 256


def main() -> None:
    """Run what standard input says, answer and end, whatever threads the handler has left."""
    asked = json.loads(_read(0, int.from_bytes(_read(0, HEAD_BYTES), "big")))
    ends = time.monotonic() + asked["timeout_s"]
    answers = _part_streams(asked["folder"])
    _limit(asked)
    answer = _run(asked, ends)
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    body = json.dumps({**answer, "memory_mb": _memory_mb()}).encode()
    _write(answers, len(body).to_bytes(HEAD_BYTES, "big") + body)
    os._exit(0)


def _run(asked: dict[str, Any], ends: float) -> dict[str, Any]:
    try:
        handler = _find(asked)
        if isinstance(handler, dict):
            return handler
        return _answer(handler(json.loads(asked["event"]), _context(asked, ends)), asked)
    except MemoryError:
        return {"exit": "signal: killed", "memory": True}
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
        return {"exit": f"exit status {code}" if code else ""}
    except BaseException as error:
        return _raised(error, asked["code"])


def _find(asked: dict[str, Any]) -> Any:
    """Return the handler, or what is wrong with it."""
    module, dot, name = asked["handler"].rpartition(".")
    if not dot:
        text = f"Bad handler '{asked['handler']}': not enough values to unpack (expected 2, got 1)"
        return _wrong("Runtime.MalformedHandlerName", text)
    sys.path.insert(0, asked["code"])
    try:
        found = importlib.import_module(module.replace("/", "."))
    except ImportError as error:
        text = f"Unable to import module '{module}': {error}"
        return _wrong("Runtime.ImportModuleError", text)
    except SyntaxError as error:
        place = f'  File "{TASK_ROOT}/{module}.py" Line {error.lineno}\n    {error.text}'
        text = f"Syntax error in module '{module}': {error.msg} ({module}.py, line {error.lineno})"
        return _wrong("Runtime.UserCodeSyntaxError", text, [place])
    try:
        return getattr(found, name)
    except AttributeError:
        text = f"Handler '{name}' missing on module '{module}'"
        return _wrong("Runtime.HandlerNotFound", text)


def _answer(result: Any, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        text = json.dumps(result, ensure_ascii=False)
    except (RecursionError, TypeError, ValueError) as error:
        return _wrong("Runtime.MarshalError", f"Unable to marshal response: {error}")
    if len(text.encode(errors="surrogatepass")) > asked["answer_bytes"]:
        return _wrong(
            "Function.ResponseSizeTooLarge",
            "Response payload size exceeded maximum allowed payload size"
            f" ({asked['answer_bytes']} bytes).",
        )
    return {"result": text}


def _raised(error: BaseException, folder: str) -> dict[str, Any]:
    """Return an exception as the answer; of the trace what the handler has to do with it."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith(folder)]
    trace = [line.replace(folder, TASK_ROOT) for line in traceback.format_list(own)]
    name, text = type(error).__name__, _text(error)
    sys.stderr.write(f"[ERROR] {name}: {text}\nTraceback (most recent call last):\n")
    sys.stderr.write("".join(trace))
    return _wrong(name, text, trace, is_said=True)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""


def _wrong(
    kind: str, text: str, trace: list[str] | None = None, *, is_said: bool = False
) -> dict[str, Any]:
    if not is_said:
        sys.stderr.write(f"[ERROR] {kind}: {text}\n")
    return {"error": {"errorMessage": text, "errorType": kind, "stackTrace": trace or []}}


def _context(asked: dict[str, Any], ends: float) -> SimpleNamespace:
    def remaining() -> int:
        return max(0, int((ends - time.monotonic()) * 1000))

    return SimpleNamespace(
        **asked["context"], identity=None, client_context=None,
        get_remaining_time_in_millis=remaining,
    )  # fmt: skip


def _part_streams(folder: str) -> int:
    """Take the streams for ourselves, give the handler others, and return where answers go."""
    asking, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    threading.Thread(target=_watch, args=(asking, folder), daemon=True).start()
    return answers


def _watch(asking: int, folder: str) -> None:
    """End with who has asked: with the folder and all processes that the handler has started."""
    os.read(asking, 1)
    shutil.rmtree(folder, ignore_errors=True)
    if sys.platform != "win32":
        os.killpg(0, signal.SIGKILL)


def _limit(asked: dict[str, Any]) -> None:
    if sys.platform == "win32":
        return
    memory = asked["memory_mb"] << 20
    seconds = int(asked["timeout_s"]) + 1
    for kind, limit in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_AS, memory + SPARE_ADDRESSES),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, FILE_BYTES_MAX),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, limit))
    _limit_processes()


def _limit_processes() -> None:
    """Let the handler start so many processes and threads beside those that its owner has now."""
    if sys.platform != "linux":
        return
    count = 0
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdecimal() and process.stat().st_uid == os.getuid():
                # A folder for each thread, beside its own two links.
                count += (process / "task").stat().st_nlink - 2
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NPROC, (count + PROCESSES_MAX,) * 2)


def _memory_mb() -> int:
    if sys.platform == "win32":
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak >> (20 if sys.platform == "darwin" else 10))


def _read(stream: int, count: int) -> bytes:
    """Read exactly so much; ends the process where there is no more."""
    parts = []
    while count:
        part = os.read(stream, min(count, 1 << 20))
        if not part:
            os._exit(1)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _write(stream: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(stream, rest) :]


if __name__ == "__main__":
    main()
