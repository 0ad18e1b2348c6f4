"""Who is calling."""

from typing import Any

from messaging.kernel.context import Context


def get_caller_identity(ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
    """Return the account and principal behind the caller's access key."""
    return {"UserId": ctx.account, "Account": ctx.account, "Arn": ctx.caller.principal}
