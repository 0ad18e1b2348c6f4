"""Who moves a world's time: leases."""

from collections.abc import Callable

import pytest

from messaging.executor import Executor
from messaging.kernel.models import Lease, Sandbox
from messaging.simulation import leases
from messaging.simulation.leases import LEASE_MS, Claims

Claim = Callable[..., Claims]


@pytest.fixture
def claim(executor: Executor, sandbox: Sandbox) -> Claim:
    def ask(owner: str, wall: int, *more: int) -> Claims:
        claims: Claims = executor.run_sync(
            lambda batch: leases.claim(batch.db, (sandbox.pk, *more), owner=owner, wall=wall)
        )
        return claims

    return ask


def test_the_first_who_asks_gets_it(claim: Claim, sandbox: Sandbox) -> None:
    assert claim("a", 1_000).ours == {sandbox.pk: 1_000 + LEASE_MS}
    assert Lease.objects.get().owner == "a"


def test_another_is_told_until_when_it_is_held(claim: Claim, sandbox: Sandbox) -> None:
    claim("a", 1_000)
    refused = claim("b", 1_000 + LEASE_MS - 1)
    assert (refused.ours, refused.others) == ({}, {sandbox.pk: 1_000 + LEASE_MS})
    assert Lease.objects.get().owner == "a"


def test_its_owner_renews_it(claim: Claim, sandbox: Sandbox) -> None:
    claim("a", 1_000)
    assert claim("a", 2_500).ours == {sandbox.pk: 2_500 + LEASE_MS}


def test_a_lapsed_lease_is_taken_over(claim: Claim, sandbox: Sandbox) -> None:
    claim("a", 1_000)
    assert claim("b", 1_000 + LEASE_MS).ours == {sandbox.pk: 1_000 + 2 * LEASE_MS}
    assert claim("a", 1_001 + LEASE_MS).others == {sandbox.pk: 1_000 + 2 * LEASE_MS}


def test_a_sandbox_that_is_gone_is_left_out(claim: Claim, sandbox: Sandbox) -> None:
    claims = claim("a", 1_000, 999_999)
    assert list(claims.ours) == [sandbox.pk]
    assert claims.others == {}


def test_release_leaves_the_leases_of_others(
    executor: Executor, claim: Claim, sandbox: Sandbox
) -> None:
    claim("a", 1_000)
    executor.run_sync(lambda batch: leases.release(batch.db, owner="b"))
    assert Lease.objects.count() == 1
    executor.run_sync(lambda batch: leases.release(batch.db, owner="a"))
    assert Lease.objects.count() == 0


def test_playing_worlds_are_listed_with_the_end_of_their_lease(
    executor: Executor, claim: Claim, sandbox: Sandbox
) -> None:
    def playing() -> list[tuple[int, int, int]]:
        found: list[tuple[int, int, int]] = executor.run_sync(
            lambda batch: leases.playing(batch.db)
        )
        return found

    assert playing() == [], "it is paused"
    Sandbox.objects.filter(pk=sandbox.pk).update(paused=False, last_seq=12)
    assert playing() == [(sandbox.pk, 12, 0)]
    claim("a", 1_000)
    assert playing() == [(sandbox.pk, 12, 1_000 + LEASE_MS)]
