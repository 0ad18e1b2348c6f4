"""What a failure of the database means: it is away, two processes met, or a change was refused."""

from typing import Any, Final

from django.db import Error, InterfaceError, OperationalError, connection

from messaging.kernel.errors import ServiceUnavailable

# PostgreSQL's deadlock_detected and serialization_failure: whoever tries again gets through.
_CLASHES: Final = frozenset(("40P01", "40001"))
# PostgreSQL's classes of errors that end a connection: whether a commit went through is not known.
_LOST: Final = ("08", "57")


def is_outage(error: BaseException) -> bool:
    """Tell whether the database itself failed, as opposed to one statement."""
    driver: Any = connection.Database  # type: ignore[attr-defined]
    outages = (OperationalError, InterfaceError, driver.OperationalError, driver.InterfaceError)
    return isinstance(error, outages)


def is_clash(error: BaseException) -> bool:
    """Tell whether two processes stood in each other's way, and this one was sent back."""
    return _sqlstate(error) in _CLASHES


def refusal(error: Error) -> ServiceUnavailable:
    """Return what callers are told of a transaction that failed."""
    reason = str(error).strip().partition("\n")[0].rstrip(".")
    if _is_lost(error):
        return ServiceUnavailable(
            f"The database does not answer: {reason}. Whether the change was kept is not known."
        )
    return ServiceUnavailable(
        f"The database refused the change: {reason}. Nothing was kept; try again."
    )


def _is_lost(error: BaseException) -> bool:
    if connection.vendor != "postgresql" or not is_outage(error):
        return False
    state = _sqlstate(error)
    return state is None or state.startswith(_LOST)


def _sqlstate(error: BaseException) -> str | None:
    """Return PostgreSQL's code of an error; Django's errors carry the driver's as their cause."""
    for one in (error, error.__cause__):
        state = getattr(one, "sqlstate", None)
        if state is not None:
            return str(state)
    return None
