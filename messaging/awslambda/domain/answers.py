"""What the code of a function has come to: its answer, error and log, as AWS words them. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from messaging.awslambda.limits import LOG_BYTES_MAX

INTERRUPTED: Final = "interrupted"
EXIT: Final = "Runtime.ExitError"
OUT_OF_MEMORY: Final = "Runtime.OutOfMemory"
_FAILURES: Final = "batchItemFailures"


class Ran(NamedTuple):
    """How an invocation has ended: ``why`` is "" where it went well, else its error's type.

    ``payload`` is JSON: what the handler returned, or AWS's account of the error.
    """

    payload: str
    why: str = ""
    log: str = ""


def succeeded(text: str) -> Ran:
    """Return the end of a handler that has returned."""
    return Ran(text)


def failed(error: Mapping[str, Any], request: str) -> Ran:
    """Return the end of a handler that has raised, or could not be called."""
    told = {
        "errorMessage": error["errorMessage"], "errorType": error["errorType"],
        "requestId": request, "stackTrace": error["stackTrace"],
    }  # fmt: skip
    return Ran(json.dumps(told), str(error["errorType"]))


def timed_out(request: str, timeout_s: int, at: str) -> Ran:
    """Return the end of an invocation that took too long."""
    text = f"{at} {request} Task timed out after {timeout_s:.2f} seconds"
    return Ran(json.dumps({"errorMessage": text, "errorType": "Sandbox.Timedout"}), "timeout")


def exited(how: str, request: str, *, is_memory: bool = False) -> Ran:
    """Return the end of a process that has ended without an answer; ``how`` is "" if by itself."""
    reason = f"exited with error: {how}" if how else "exited without providing a reason"
    text = f"RequestId: {request} Error: Runtime {reason}"
    told = {"errorMessage": text, "errorType": EXIT}
    return Ran(json.dumps(told), OUT_OF_MEMORY if is_memory else EXIT)


def interrupted(request: str) -> Ran:
    """Return the end of an invocation during which the server has ended."""
    text = f"RequestId: {request} Error: Signalbox was stopped while the code ran"
    return Ran(json.dumps({"errorMessage": text, "errorType": EXIT}), INTERRUPTED)


def log_tail(
    printed: str, request: str, *, ms: float, memory_mb: int, used_mb: int, status: str
) -> str:
    """Return what Tail shows: the lines around what was printed, and the end of that."""
    head = f"START RequestId: {request} Version: $LATEST\n"
    between = "\n" if printed and not printed.endswith("\n") else ""
    used = f"\tMax Memory Used: {used_mb} MB" if used_mb else ""
    foot = (
        f"{between}END RequestId: {request}\nREPORT RequestId: {request}\tDuration: {ms:.2f} ms"
        f"\tBilled Duration: {int(ms) + 1} ms\tMemory Size: {memory_mb} MB{used}{status}\n"
    )
    text = (head + printed + foot).encode()
    return text[-LOG_BYTES_MAX:].decode(errors="ignore")


def failed_places(payload: str, ids: Sequence[str]) -> set[int]:
    """Return which messages of a batch come back, as ``batchItemFailures`` says (LM3).

    No message where nothing is said; all where it says what cannot be.
    """
    everything = set(range(len(ids)))
    answer = json.loads(payload)
    if answer is None or answer == {}:
        return set()
    if not isinstance(answer, dict):
        return everything
    listed = answer.get(_FAILURES)
    if listed is None:
        return set()
    if not isinstance(listed, list):
        return everything
    known = set(ids)
    named = [each.get("itemIdentifier") if isinstance(each, dict) else None for each in listed]
    if not all(isinstance(name, str) and name in known for name in named):
        return everything
    return {place for place, name in enumerate(ids) if name in named}
