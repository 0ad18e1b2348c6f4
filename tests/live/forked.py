"""Forks from the past, held beside what the map showed at their moments."""

from collections.abc import Iterable

from dashboard.history import forking
from dashboard.history.chronicle import Chronicle
from dashboard.topology.snapshot import read_head
from messaging import sandboxes
from messaging.executor import Executor
from messaging.kernel.models import Sandbox
from tests.live.test_equality import fresh_look
from tests.live.twin import Canonical


def bare(look: Canonical) -> Canonical:
    """Leave out what names the sandbox itself."""
    for node in look["nodes"]:
        node["cfg"].pop("url", None)
    return look


class Album:
    """Pictures of a sandbox, each by the number of the last event before it."""

    def __init__(self, sandbox: Sandbox, executor: Executor) -> None:
        self.sandbox = sandbox
        self.executor = executor
        self.looks: dict[int, Canonical] = {}

    def take(self) -> None:
        """Keep what a fresh look at the sandbox shows now."""
        self.looks[Sandbox.objects.get(pk=self.sandbox.pk).last_seq] = bare(
            fresh_look(self.sandbox)
        )

    @property
    def seqs(self) -> list[int]:
        """The numbers of the events after which a picture was taken, oldest first."""
        return sorted(self.looks)

    def fork(self, seq: int) -> Sandbox:
        """Fork the sandbox at the moment after an event, without losing more than was said."""
        head = read_head(self.sandbox.pk)
        assert head is not None
        told = Chronicle(head)
        told.follow(head)
        plan = forking.plan(told, head, seq)
        copy, lost = self.executor.run_sync(
            lambda batch: sandboxes.fork(batch, self.sandbox.pk, "fork", plan.moment, plan.parts),
            (self.sandbox.pk,),
        )
        assert lost == plan.losses()
        assert copy.last_seq == seq
        return copy

    def compare(self, seqs: Iterable[int] | None = None) -> None:
        """Fork at moments with a picture, every one unless told, and hold each fork beside it."""
        chosen = self.seqs if seqs is None else list(seqs)
        assert chosen, "no picture was taken"
        for seq in chosen:
            copy = self.fork(seq)
            assert bare(fresh_look(copy)) == self.looks[seq], f"at event {seq}"
            self.executor.run_sync(
                lambda batch, pk=copy.pk: sandboxes.delete(batch, pk), (copy.pk,)
            )
