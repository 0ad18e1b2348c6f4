"""The sandbox that everybody finds at the first start, and the templates it comes from."""

from collections import Counter
from functools import partial

import pytest

from messaging import sandboxes
from messaging.engine import engine
from messaging.executor import Executor
from messaging.kernel.batch import Batch
from messaging.kernel.models import Account, Event, Sandbox
from messaging.simulation import catalogue, control, demo, topology
from messaging.simulation.engine import advance_to
from messaging.simulation.models import Actor
from messaging.sqs import topology as queues
from tests.simulation.conftest import Theatre

HOUR_MS = 3_600_000


@pytest.fixture
def pipeline(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> Theatre:
    monkeypatch.setattr(engine(), "executor", executor)
    made = demo.create_demo()
    control.pause(made.pk)
    return Theatre(executor, made.pk)


def forward(theatre: Theatre, ms: int) -> None:
    until = theatre.job(lambda batch, world: world.now) + ms
    while not theatre.job(lambda batch, world: advance_to(batch, world, until)):
        pass


def counts(theatre: Theatre) -> dict[str, tuple[int, int]]:
    held = queues.contents(theatre.sandbox)
    return {arn.rsplit(":", 1)[1]: (c.visible, c.in_flight) for arn, c in held.items()}


def test_it_is_made_once(pipeline: Theatre) -> None:
    again = demo.create_demo()
    assert again.pk == pipeline.sandbox
    assert Actor.objects.count() == 5
    assert (again.slug, again.template) == ("order-pipeline", "order-pipeline")
    account = Account.objects.get(sandbox=again)
    assert (account.number, account.home_region) == ("402177851930", sandboxes.HOME_REGION)
    assert account.keys.count() == 1


def test_what_a_person_has_changed_stays(pipeline: Theatre) -> None:
    control.remove_actor(pipeline.sandbox, "packer")
    demo.create_demo()
    assert not Actor.objects.filter(key="packer").exists()


def test_a_failure_on_the_way_leaves_nothing(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine(), "executor", executor)

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("out of actors")

    with monkeypatch.context() as patched:
        patched.setattr("messaging.simulation.actors.add", fail)
        with pytest.raises(RuntimeError, match="out of actors"):
            demo.create_demo()
    assert not Sandbox.objects.filter(slug=demo.SLUG).exists()
    assert demo.create_demo().slug == demo.SLUG


def test_the_picture_has_every_edge(pipeline: Theatre) -> None:
    columns = Counter(node.column for node in topology.nodes(pipeline.sandbox))
    assert columns == {"sources": 2, "consumers": 3}
    assert Counter(edge.kind for edge in topology.edges(pipeline.sandbox)) == {
        "send": 2, "receive": 3,
    }  # fmt: skip
    assert {edge.label for edge in queues.edges(pipeline.sandbox)} == {
        "after 3 receives", "after 5 receives",
    }  # fmt: skip


def test_within_a_minute_a_poison_message_is_dead(pipeline: Theatre) -> None:
    forward(pipeline, 60_000)
    kinds = Counter(Event.objects.of_sandbox(pipeline.sandbox).values_list("kind", flat=True))
    assert kinds["sqs.MessageMoved"] >= 1
    assert kinds["sqs.MessageVisible"] >= 3
    assert kinds["sqs.MessageDeleted"] >= 50
    assert "api.Failed" not in kinds


@pytest.mark.slow
def test_nothing_piles_up(pipeline: Theatre) -> None:
    """Workers keep up with producers, and dead letters go after an hour."""
    most = Counter[str]()
    for _ in range(4):
        forward(pipeline, 75_000)
        for name, (visible, _flying) in counts(pipeline).items():
            most[name] = max(most[name], visible)
    assert most["orders"] < 60
    assert most["shipments.fifo"] < 60
    assert most["shipments-dlq.fifo"] < 5
    assert 8 < most["orders-dlq"] < 60
    for actor in Actor.objects.all():
        control.stop_actor(pipeline.sandbox, actor.key)
    forward(pipeline, HOUR_MS)
    assert counts(pipeline)["orders-dlq"] == (0, 0)


class TestTemplates:
    def test_each_can_be_built(self, executor: Executor) -> None:
        for slug, template in catalogue.TEMPLATES.items():
            made = executor.run_sync(partial(self.make, template))
            assert template.slug == slug
            assert Actor.objects.filter(sandbox=made.pk).exists() == (slug != "empty")

    @staticmethod
    def make(template: catalogue.Template, batch: Batch) -> Sandbox:
        sandbox = sandboxes.create(template.name, template=template.slug)
        catalogue.fill(batch, sandbox, template)
        return sandbox

    def test_an_unknown_one_is_none(self) -> None:
        assert catalogue.template_named("nothing") is None
        empty = catalogue.template_named("empty")
        assert empty is not None
        assert empty.name == "Empty"


class TestSandboxes:
    """Actors live and die with their sandbox."""

    def test_reset_takes_them_away(self, pipeline: Theatre) -> None:
        forward(pipeline, 5_000)
        pipeline.job(lambda batch, world: sandboxes.reset(batch, world.id))
        assert not Actor.objects.exists()
        forward(pipeline, 60_000)
        assert pipeline.log() == []

    def test_a_reset_sandbox_can_be_filled_again(self, pipeline: Theatre) -> None:
        home = Sandbox.objects.get(pk=pipeline.sandbox)
        template = catalogue.TEMPLATES["order-pipeline"]
        pipeline.job(lambda batch, world: sandboxes.reset(batch, world.id))
        pipeline.job(lambda batch, world: catalogue.fill(batch, home, template))
        forward(pipeline, 10_000)
        assert pipeline.log_of("sqs.MessageDeleted")

    def test_a_copy_goes_on_by_itself(self, pipeline: Theatre) -> None:
        forward(pipeline, 20_000)
        copy = pipeline.job(lambda batch, world: sandboxes.duplicate(batch, world.id, "copy"))
        twin = Theatre(pipeline.executor, copy.pk)
        before = len(twin.log())
        assert before == len(pipeline.log())
        forward(twin, 20_000)
        assert len(twin.log()) > before + 50
        assert len(pipeline.log()) == before, "the original stands still"
