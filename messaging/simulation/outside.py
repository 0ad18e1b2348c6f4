"""What a fault on a queue does to programs outside: a model of ours, AWS injects no faults.

throttle   the call is answered with AWS's throttling error, and does nothing
latency    the call is held for as long, in sandbox time, and then done
drop       a delete is answered as done, and is not

A crash and poison are for simulated actors only.
"""

from typing import Any, Final

from messaging import dispatch
from messaging.kernel.context import Context
from messaging.kernel.waiting import Wait
from messaging.simulation.faults import DROP, LATENCY, THROTTLE
from messaging.simulation.tray import Faults, Tray
from messaging.sqs.errors import RequestThrottled

# Where held calls wait: nothing ever wakes them but the clock.
_HELD: Final = "chaos:held"
# A long poll that is held up may wait as long as SQS allows after that.
_POLL_S: Final = 20
_PERSON: Final = "client:"


class Outside:
    """Stands between outside programs and the operations while faults are on."""

    __slots__ = ("_tray",)

    def __init__(self, tray: Tray) -> None:
        self._tray = tray

    def __call__(self, ctx: Context, call: dispatch.Call) -> Any:
        """Return an answer in the operation's place or a Wait; None lets the call go on."""
        if call.held_until:
            is_late = call.impatient or ctx.now >= call.held_until
            return None if is_late else _hold(call, call.held_until - ctx.now)
        if not self._tray.is_on or not call.caller.actor.startswith(_PERSON):
            return None
        arn = _resource_of(ctx, call)
        felt = self._tray.felt_by(ctx.world.secret, node="", resource=arn, kind="fleet")
        answer = _answer(ctx, call, felt, arn)
        self._tray.save(ctx.batch.db)
        if isinstance(answer, RequestThrottled):
            raise answer
        return answer


def _resource_of(ctx: Context, call: dispatch.Call) -> str:
    """Return the ARN that a call is about; the first call of all to a queue names it by its URL."""
    known = dispatch.target_of(ctx, call)
    if known or "QueueUrl" not in call.params:
        return known
    account, _, name = str(call.params["QueueUrl"]).rpartition("/")
    account = account.rpartition("/")[2] or ctx.account
    return f"arn:aws:{call.service}:{ctx.region}:{account}:{name}"


def _answer(ctx: Context, call: dispatch.Call, felt: Faults, arn: str) -> Any:
    name = call.operation.name
    told = {"by": call.caller.actor, "op": f"{call.service}:{name}"}
    if felt.hits(THROTTLE):
        error = RequestThrottled()
        ctx.emit(dispatch.FAILED, arn, told | {"code": error.code})
        return error
    if name in ("DeleteMessage", "DeleteMessageBatch") and felt.hits(DROP):
        ctx.emit(dispatch.CALLED, arn, told)
        entries = call.params.get("Entries", ())
        done = {"Successful": [{"Id": entry["Id"]} for entry in entries], "Failed": []}
        return {} if name == "DeleteMessage" else done
    latency = felt.latency_ms() if felt.until(LATENCY) else 0
    if not latency:
        return None
    call.held_until = ctx.now + latency
    return _hold(call, latency)


def _hold(call: dispatch.Call, ms: int) -> Wait:
    return Wait(_HELD, call.held_until, ms / 1000 + _POLL_S)
