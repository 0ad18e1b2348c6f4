"""How actors and outside clients look on the map."""

from collections.abc import Callable

import pytest

from messaging.kernel import clients
from messaging.kernel.models import Client, Link
from messaging.kernel.topology import Edge, Node
from messaging.simulation import control, topology
from tests.fixtures.engine import START_MS
from tests.simulation.conftest import Theatre


def test_a_producer_is_a_source(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.producer("shop", work, rate=1.5)
    assert topology.nodes(theatre.sandbox) == [
        Node("actor:shop", "producer", "shop", "sources",
             {"state": "running", "meta": "1.5 messages/s", "sent": 0})
    ]  # fmt: skip
    assert topology.edges(theatre.sandbox) == [Edge("actor:shop", work, "send")]


def test_a_consumer_shows_how_busy_it_is(theatre: Theatre) -> None:
    work = theatre.queue("work")
    theatre.consumer("clerk", work, slots=4, work="fixed", seconds=5)
    for body in ("a", "b"):
        theatre.send(work, body)
    theatre.to(1_000)
    [node] = topology.nodes(theatre.sandbox)
    assert (node.kind, node.column) == ("consumer", "consumers")
    assert node.cfg["meta"] == "2 of 4 busy"
    assert (node.cfg["busy"], node.cfg["slots"]) == (2, 4)
    assert node.cfg["waitUntil"] == START_MS + 20_001
    assert topology.edges(theatre.sandbox) == [Edge(work, "actor:clerk", "receive")]


def test_a_stopped_actor_says_so(theatre: Theatre) -> None:
    theatre.consumer("clerk", theatre.queue("work"))
    control.stop_actor(theatre.sandbox, "clerk")
    [node] = topology.nodes(theatre.sandbox)
    assert (node.cfg["state"], node.cfg["meta"], node.cfg["busy"]) == ("stopped", "stopped", 0)


def test_an_actor_with_settings_of_another_version_is_still_shown(
    theatre: Theatre, caplog: pytest.LogCaptureFixture
) -> None:
    actor = theatre.consumer("clerk", theatre.queue("work"))
    actor.settings = {"from": "the future"}
    actor.save(update_fields=["settings"])
    theatre.executor.worlds.clear()
    theatre.to(5_000)
    [node] = topology.nodes(theatre.sandbox)
    assert node.cfg["meta"] == "source: is required"
    assert topology.edges(theatre.sandbox) == []
    assert "cannot act" in caplog.text


def test_looking_changes_nothing(theatre: Theatre) -> None:
    theatre.consumer("clerk", theatre.queue("work"))
    before = theatre.log()
    topology.nodes(theatre.sandbox)
    topology.edges(theatre.sandbox)
    assert theatre.log() == before


class TestClients:
    def link(self, theatre: Theatre, client: str, *links: tuple[str, str]) -> None:
        Client.objects.create(
            sandbox_id=theatre.sandbox, key=client, label=client.title(), first_at=1
        )
        for verb, arn in links:
            Link.objects.create(
                sandbox_id=theatre.sandbox, client=f"client:{client}", verb=verb, arn=arn
            )

    def test_one_that_only_receives_stands_with_the_consumers(self, theatre: Theatre) -> None:
        self.link(theatre, "worker", ("receive", "a"), ("call", "b"))
        [node] = clients.nodes(theatre.sandbox)
        assert node == Node("client:worker", "client", "Worker", "consumers", {"meta": "receives"})
        assert clients.edges(theatre.sandbox) == [Edge("a", "client:worker", "receive")]

    def test_one_that_sends_is_a_source(self, theatre: Theatre) -> None:
        self.link(theatre, "app", ("send", "a"), ("receive", "b"))
        [node] = clients.nodes(theatre.sandbox)
        assert (node.column, node.cfg["meta"]) == ("sources", "sends and receives")
        assert set(clients.edges(theatre.sandbox)) == {
            Edge("client:app", "a", "send"), Edge("b", "client:app", "receive"),
        }  # fmt: skip

    def test_one_that_only_looks_is_there_without_an_edge(self, theatre: Theatre) -> None:
        self.link(theatre, "cli", ("call", "a"))
        [node] = clients.nodes(theatre.sandbox)
        assert (node.column, node.cfg["meta"]) == ("sources", "looks")
        assert clients.edges(theatre.sandbox) == []

    def test_real_calls_make_them(self, theatre: Theatre) -> None:
        work = theatre.queue("work")
        theatre.send(work, "x")
        assert [node.id for node in clients.nodes(theatre.sandbox)] == ["client:test"]
        assert Edge("client:test", work, "send") in clients.edges(theatre.sandbox)

    def test_other_sandboxes_have_their_own(
        self, theatre: Theatre, new_theatre: Callable[..., Theatre]
    ) -> None:
        self.link(theatre, "cli", ("send", "a"))
        assert clients.nodes(new_theatre().sandbox) == []
        assert clients.edges(new_theatre().sandbox) == []
