"""How functions look on the map: plain data, read without side effects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from messaging.awslambda import facts, rewinding
from messaging.awslambda.models import Function, Invocation
from messaging.awslambda.models import Mapping as Source
from messaging.awslambda.store.invocations import RUNNING
from messaging.kernel.batch import Batch
from messaging.kernel.moment import Losses, Moment
from messaging.kernel.topology import Contents, Edge, Held, Node
from messaging.kernel.world import World

# What the log tells of a function or a mapping.
Facts = Mapping[str, Any]
# The slots of a function whose concurrency nothing limits: as many as a mapping begins with.
SLOTS: Final = 5
_BEGINS: Final = "lambda.Invoked"
_ENDS: Final = frozenset({"lambda.Failed", "lambda.Succeeded"})
_MAPPED: Final = frozenset({"lambda.MappingCreated", "lambda.MappingUpdated"})
_UNMAPPED: Final = "lambda.MappingDeleted"
_CHANGES: Final = frozenset(
    {"lambda.FunctionCreated", "lambda.FunctionUpdated", "lambda.PolicyChanged"}
)
_DELETED: Final = "lambda.FunctionDeleted"
_SHOWN: Final = ("Runtime", "Timeout", "MemorySize")


def nodes(sandbox: int) -> list[Node]:
    """Return a node for each function."""
    return Replay.now(sandbox).nodes()


def workers(sandbox: int) -> list[Node]:
    """Return the nodes that show how much runs in them."""
    return nodes(sandbox)


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


def policies(sandbox: int) -> dict[str, dict[str, Any]]:
    """Return who may invoke which function, of those that have a policy."""
    found = Function.objects.filter(sandbox=sandbox)
    return {function.arn: function.policy for function in found if function.policy}


class Replay:
    """The functions of the past, folded from the log event by event."""

    kinds: Final = _CHANGES | _ENDS | _MAPPED | {_BEGINS, _DELETED, _UNMAPPED}
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
        if kind == _BEGINS:
            self._busy[arn] = self._busy.get(arn, 0) + 1
        elif kind in _ENDS:
            self._busy[arn] = max(0, self._busy.get(arn, 0) - 1)
        elif kind in _MAPPED:
            self._mappings[data["id"]] = (arn, data)
        elif kind == _UNMAPPED:
            self._mappings.pop(data["id"], None)
        elif kind in _CHANGES:
            self._functions[arn] = data
        elif kind == _DELETED:
            self._functions.pop(arn, None)
            self._busy.pop(arn, None)
        else:
            return False
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
            targets = facts.targets(told)
            if "success" in targets:
                found.append(Edge(arn, targets["success"], "target", "on success"))
            for name, label in (("failure", "on failure"), ("dead", "dead letters")):
                if name in targets:
                    found.append(Edge(arn, targets[name], "dlq", label))
        return found

    def settings(self, node: str) -> dict[str, str]:
        """Return a function's settings, and what its tags say."""
        told = self._functions.get(node)
        if told is None:
            return {}
        shown = {name: told["settings"].get(name) for name in _SHOWN} | told["tags"]
        shown["ReservedConcurrentExecutions"] = told["reserved"]
        return {name: str(value) for name, value in shown.items() if value is not None}

    def restore(self, batch: Batch, world: World, moment: Moment) -> Losses:
        """Put the functions and mappings of a copy back."""
        rewinding.restore(world, self._functions, self._mappings, moment)
        return Losses()

    def _node(self, arn: str, told: Facts) -> Node:
        busy, reserved = self._busy.get(arn, 0), told["reserved"]
        slots = max(SLOTS, *self._limits(arn)) if reserved is None else reserved
        cfg = {
            "meta": f"{busy} running" if reserved is None else f"{busy} of {reserved} running",
            "busy": busy,
            "slots": slots,
            "state": "stopped" if reserved == 0 else "running",
        }
        return Node(arn, "function", arn.rpartition(":")[2], "consumers", cfg)

    def _limits(self, arn: str) -> list[int]:
        """Return how many batches at once each mapping of a function may have."""
        scaling = [
            told["settings"].get("ScalingConfig", {})
            for to, told in self._mappings.values()
            if to == arn
        ]
        return [0, *(each.get("MaximumConcurrency") or 0 for each in scaling)]


def _label(told: Facts) -> str:
    size = told["settings"]["BatchSize"]
    is_off = told["state"] in ("Deleting", "Disabled", "Disabling")
    return f"batch {size}" + (", off" if is_off else "")
