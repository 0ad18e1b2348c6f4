"""Registries in a duplicate, in a fork from the past, and after a reset."""

from collections.abc import Callable
from typing import Any

from messaging import sandboxes
from messaging.executor import Executor
from messaging.kernel.models import Sandbox
from messaging.schemas.models import CodeBinding, Discoverer, Registry, Schema, Version
from tests.live.forked import Album
from tests.services.schemas.conftest import bus

TABLES = (CodeBinding, Discoverer, Registry, Schema, Version)
ID = "events-event-bus-default"


def counts(sandbox: Sandbox) -> list[int]:
    return [table._default_manager.filter(sandbox=sandbox.pk).count() for table in TABLES]


def fill(api: Any, put: Callable[..., None]) -> None:
    api.put_code_binding(RegistryName="shop", SchemaName="order", Language="Go1")
    api.create_discoverer(SourceArn=bus())
    put({"a": 1})


def test_a_duplicate_has_all_of_it_and_a_reset_none(
    shop: Any, put: Callable[..., None], sandbox: Sandbox, executor: Executor
) -> None:
    fill(shop, put)
    before = counts(sandbox)
    assert before == [1, 1, 2, 2, 2]
    copy = executor.run_sync(
        lambda batch: sandboxes.duplicate(batch, sandbox.pk, "copy"), (sandbox.pk,)
    )
    assert counts(copy) == before
    executor.run_sync(lambda batch: sandboxes.reset(batch, sandbox.pk), (sandbox.pk,))
    assert (counts(sandbox), counts(copy)) == ([0] * 5, before)


def test_a_fork_leaves_out_what_came_later(
    shop: Any, put: Callable[..., None], sandbox: Sandbox, executor: Executor
) -> None:
    album = Album(sandbox, executor)
    album.take()
    fill(shop, put)
    album.take()
    put({"b": 1})
    shop.stop_discoverer(DiscovererId=ID)
    shop.create_registry(RegistryName="later")
    album.take()
    first, second, third = (album.fork(seq) for seq in album.seqs)
    assert [counts(each) for each in (first, second, third)] == [
        [0, 0, 1, 1, 1], [1, 1, 2, 2, 2], [1, 1, 3, 2, 3],
    ]  # fmt: skip
    found = Schema.objects.filter(registry="discovered-schemas").order_by("id")
    known = {each.sandbox: each.last_version for each in found}
    assert known == {sandbox.pk: 2, second.pk: 1, third.pk: 2}
    states = [Discoverer.objects.get(sandbox=each.pk).state for each in (second, third)]
    assert states == ["STARTED", "STOPPED"]


def test_the_same_seed_tells_the_same_story(
    shop: Any, put: Callable[..., None], sandbox: Sandbox, events: Any
) -> None:
    fill(shop, put)
    told = [each for each in events() if each["kind"].startswith("schemas.")]
    rows = [*Registry.objects.all(), *Schema.objects.all(), *Version.objects.all()]
    rows += [*Discoverer.objects.all(), *CodeBinding.objects.all()]
    assert len(told) == len(rows)
    assert [each["kind"] for each in told] == [
        "schemas.RegistryCreated", "schemas.SchemaCreated", "schemas.VersionCreated",
        "schemas.CodeBindingPut", "schemas.RegistryCreated", "schemas.DiscovererCreated",
        "schemas.SchemaCreated", "schemas.VersionCreated",
    ]  # fmt: skip
