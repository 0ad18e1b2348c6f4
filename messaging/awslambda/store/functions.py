"""Functions in memory: what it takes to run them, read once per configuration."""

from dataclasses import dataclass
from typing import Any, Final

import orjson

from messaging.awslambda.domain.behaviour import Behaviour
from messaging.awslambda.domain.settings import dead_letters
from messaging.awslambda.limits import ACCOUNT_CONCURRENCY, AGE_S, RETRIES_DEFAULT
from messaging.awslambda.tagging import behaviour_of, may_run
from messaging.kernel.context import Context

_COLUMNS: Final = (
    "id, account, region, name, arn, settings, tags, policy, reserved, asynchronous,"
    " (SELECT count(*) FROM awslambda_code c WHERE c.id = awslambda_function.id)"
)
_BY_ARN: Final = f"SELECT {_COLUMNS} FROM awslambda_function WHERE sandbox=%s AND arn=%s"
_ARN: Final = "SELECT arn FROM awslambda_function WHERE id=%s"
_RESERVED: Final = (
    "SELECT coalesce(sum(reserved), 0) FROM awslambda_function"
    " WHERE sandbox=%s AND account=%s AND region=%s"
)


@dataclass(frozen=True, slots=True)
class FunctionRecord:
    """A function's identity, and how it runs. ``reserved`` is None where nothing is reserved.

    ``runs_code`` tells whether its own code runs, and no configured behaviour.
    """

    id: int
    account: str
    region: str
    name: str
    arn: str
    role: str
    timeout_s: int
    behaviour: Behaviour
    policy: dict[str, Any] | None
    reserved: int | None
    retries: int
    age_ms: int
    on_success: str
    on_failure: str
    dead_letters: str
    runs_code: bool

    @property
    def latest(self) -> str:
        return f"{self.arn}:$LATEST"


def by_arn(ctx: Context, arn: str) -> FunctionRecord | None:
    """Return a function of the sandbox by its ARN."""
    cache: dict[str, FunctionRecord] = ctx.world.caches.setdefault("lambda.functions", {})
    found = cache.get(arn)
    if found is None and "\x00" not in arn:
        ctx.write()
        rows = ctx.db.read(_BY_ARN, (ctx.sandbox, arn))
        if rows:
            found = cache[arn] = _record(*rows[0])
    return found


def by_id(ctx: Context, function_id: int) -> FunctionRecord | None:
    """Return a function by its row."""
    rows = ctx.db.read(_ARN, (function_id,))
    return by_arn(ctx, rows[0][0]) if rows else None


def known(ctx: Context, arn: str) -> bool:
    """Tell whether a function is in memory; nothing is read."""
    return arn in ctx.world.caches.get("lambda.functions", ())


def unreserved(ctx: Context, account: str, region: str) -> int:
    """Return the concurrency of an account that no function has for itself."""
    reserved = ctx.db.read(_RESERVED, (ctx.sandbox, account, region))[0][0]
    return ACCOUNT_CONCURRENCY - int(reserved)


def _record(
    function_id: int, account: str, region: str, name: str, arn: str, *stored: Any
) -> FunctionRecord:
    settings, tags, policy, reserved, asynchronous = map(_read_json, stored[:-1])
    asked = asynchronous or {}
    age_s = asked.get("MaximumEventAgeInSeconds") or AGE_S.stop - 1
    retries = asked.get("MaximumRetryAttempts")
    return FunctionRecord(
        function_id, account, region, name, arn, settings["Role"], settings["Timeout"],
        behaviour_of(tags), policy, reserved, RETRIES_DEFAULT if retries is None else retries,
        age_s * 1000, _destination(asked, "OnSuccess"), _destination(asked, "OnFailure"),
        dead_letters(settings), bool(stored[-1]) and may_run(settings, tags),
    )  # fmt: skip


def _destination(asked: dict[str, Any], when: str) -> str:
    return str(asked.get("DestinationConfig", {}).get(when, {}).get("Destination") or "")


def _read_json(stored: Any) -> Any:
    return orjson.loads(stored) if isinstance(stored, str | bytes) else stored
