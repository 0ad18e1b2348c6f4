"""How functions look on the map: plain data, read without side effects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from messaging.awslambda import facts
from messaging.awslambda.models import Function, Invocation
from messaging.awslambda.models import Mapping as Source
from messaging.awslambda.store.invocations import RUNNING
from messaging.kernel.batch import Batch
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.topology import Contents, Edge, Held, Node
from messaging.kernel.world import World

# What the map knows of a function or a mapping, as ``facts`` tells it.
Facts = Mapping[str, Any]
# How many slots a function shows whose concurrency nothing limits [model].
SLOTS: Final = 10
_STATES: Final = {"Disabled": "disabled", "Disabling": "disabled", "Deleting": "disabled"}


def nodes(sandbox: int) -> list[Node]:
    """Return a node for each function."""
    return Replay.now(sandbox).nodes()


def edges(sandbox: int) -> list[Edge]:
    """Return an edge from each queue to its function, and from a function to its destinations."""
    return Replay.now(sandbox).edges()


def contents(
    sandbox: int, arns: Sequence[str] | None = None, limit: int = 32
) -> dict[str, Contents]:
    """Return nothing: what a function works on still lies in its queue."""
    return {}


def resting(sandbox: int) -> Iterator[tuple[str, Held]]:
    """Yield nothing: no message lies in a function."""
    return iter(())


class Replay:
    """The functions of the past, folded from the log event by event."""

    kinds: Final = frozenset(
        {
            "lambda.Failed",
            "lambda.FunctionCreated",
            "lambda.FunctionDeleted",
            "lambda.FunctionUpdated",
            "lambda.Invoked",
            "lambda.MappingCreated",
            "lambda.MappingDeleted",
            "lambda.MappingUpdated",
            "lambda.PolicyChanged",
            "lambda.Succeeded",
        }
    )
    emptied: Final = frozenset[str]()

    def __init__(
        self,
        functions: Mapping[str, Facts] | None = None,
        mappings: Mapping[str, tuple[str, Facts]] | None = None,
        busy: Mapping[str, int] | None = None,
    ) -> None:
        self._functions = dict(functions or {})
        self._mappings = dict(mappings or {})
        self._busy = dict(busy or {})

    @classmethod
    def now(cls, sandbox: int) -> "Replay":
        """Start with the functions as they are."""
        functions = list(Function.objects.filter(sandbox=sandbox).order_by("id"))
        mappings = Source.objects.filter(sandbox=sandbox).order_by("id")
        arns = {function.pk: function.arn for function in functions}
        running = Invocation.objects.filter(sandbox=sandbox, state=RUNNING)
        busy: dict[str, int] = {}
        for function_id in running.values_list("function_id", flat=True):
            busy[arns[function_id]] = busy.get(arns[function_id], 0) + 1
        return cls(
            {function.arn: facts.of_function(function) for function in functions},
            {each.uuid: (each.function, facts.of_mapping(each)) for each in mappings},
            busy,
        )

    def copy(self) -> "Replay":
        return Replay(self._functions, self._mappings, self._busy)

    def drop(self, node: str) -> None:
        """Forget a function that was not there yet, with its mappings."""
        self._functions.pop(node, None)
        self._busy.pop(node, None)
        self._mappings = {key: one for key, one in self._mappings.items() if one[0] != node}

    def assume(self, node: str) -> None:
        """Take in nothing: of a function that is gone the log tells no more."""

    def take(self, at: int, kind: str, arn: str, data: Mapping[str, Any]) -> bool:
        """Fold one event; return whether nodes or edges may look different now."""
        if kind not in self.kinds:
            return False
        if kind == "lambda.Invoked":
            self._busy[arn] = self._busy.get(arn, 0) + 1
        elif kind in ("lambda.Succeeded", "lambda.Failed"):
            self._busy[arn] = max(0, self._busy.get(arn, 0) - 1)
        elif kind == "lambda.MappingDeleted":
            self._mappings.pop(data["id"], None)
        elif kind.startswith("lambda.Mapping"):
            self._mappings[data["id"]] = (arn, data)
        elif kind == "lambda.FunctionDeleted":
            self._functions.pop(arn, None)
            self._busy.pop(arn, None)
        else:
            self._functions[arn] = data
        return True

    def nodes(self) -> list[Node]:
        return [self._node(arn, told) for arn, told in self._functions.items()]

    def edges(self) -> list[Edge]:
        found = [
            Edge(told["source"], arn, "receive", _label(told))
            for arn, told in self._mappings.values()
            if arn in self._functions
        ]
        for arn, told in self._functions.items():
            targets = told.get("targets", {})
            if targets.get("success"):
                found.append(Edge(arn, targets["success"], "target", "on success"))
            dead = {targets.get("failure"): "on failure", targets.get("dead"): "dead letters"}
            found += [Edge(arn, to, "dlq", label) for to, label in dead.items() if to]
        return found

    def settings(self, node: str) -> dict[str, str]:
        """Return a function's settings."""
        told = self._functions.get(node, {})
        shown = {name: told[name] for name in ("MemorySize", "Runtime", "Timeout") if name in told}
        if told.get("reserved") is not None:
            shown["ReservedConcurrentExecutions"] = told["reserved"]
        return {name: str(value) for name, value in shown.items()}

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Let a copy have the functions and mappings of now that were there by then.

        What ran is in no log: the messages of its batches come back to their queues.
        """
        Function.objects.filter(sandbox=world.id).exclude(arn__in=list(self._functions)).delete()
        Source.objects.filter(sandbox=world.id).exclude(uuid__in=list(self._mappings)).delete()
        Invocation.objects.filter(sandbox=world.id).delete()
        return Losses()

    def _node(self, arn: str, told: Facts) -> Node:
        busy, reserved = self._busy.get(arn, 0), told.get("reserved")
        limits = [
            facts["most"]
            for to, facts in self._mappings.values()
            if to == arn and facts.get("most")
        ]
        slots = reserved if reserved is not None else max([SLOTS, *limits])
        cfg = {
            "meta": f"{busy} running" + (f" of {slots}" if reserved is not None else ""),
            "busy": busy,
            "slots": slots,
            "state": "stopped" if reserved == 0 else "running",
        }
        return Node(arn, "function", arn.rpartition(":")[2], "consumers", cfg)


def _label(told: Facts) -> str:
    size = told["batch"]
    state = _STATES.get(told["state"], "")
    return f"batch {size}" + (f", {state}" if state else "")
