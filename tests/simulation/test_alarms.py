"""When to move which world."""

from messaging.simulation.alarms import RENEW_MS, STUCK_MS, TICK_MS, Alarms


def heard(alarms: Alarms, at: int | None, *, seq: int = 1, progress: object = 0) -> None:
    alarms.set(5, at, seq=seq, progress=(progress,))


def moved(alarms: Alarms, wall: int) -> None:
    """Let an alarm ring and be answered."""
    assert alarms.take_due(wall) == ([], [5])
    alarms.free(5)


def test_nothing_rings_before_its_time() -> None:
    alarms = Alarms()
    heard(alarms, 100)
    assert alarms.take_due(99) == ([], [])
    assert alarms.next_at() == 100
    assert alarms.take_due(100) == ([], [5])
    assert alarms.take_due(200) == ([], []), "it is being moved"


def test_a_lease_that_holds_for_a_while_is_not_asked_for_again() -> None:
    alarms = Alarms()
    alarms[5].lease_until = 100 + RENEW_MS + 1
    heard(alarms, 100)
    assert alarms.take_due(100) == ([5], [])
    alarms.free(5)
    heard(alarms, 110, progress=1)
    assert alarms.take_due(110) == ([], [5])


def test_a_world_that_acts_all_the_time_is_moved_in_ticks() -> None:
    alarms = Alarms()
    heard(alarms, 100)
    moved(alarms, 100)
    heard(alarms, 101, progress=1)
    assert alarms.next_at() == 100 + TICK_MS


def test_a_world_that_is_behind_is_moved_at_once() -> None:
    alarms = Alarms()
    heard(alarms, 100)
    moved(alarms, 500)
    heard(alarms, 300, progress=1)
    assert alarms.next_at() == 300


def test_a_world_that_moving_does_not_change_is_left_alone_for_a_while() -> None:
    alarms = Alarms()
    heard(alarms, 100, progress="same")
    moved(alarms, 500)
    heard(alarms, 100, progress="same")
    assert alarms.next_at() == 500 + STUCK_MS


def test_a_world_that_is_gone_sets_no_alarm_again() -> None:
    alarms = Alarms()
    heard(alarms, 100)
    moved(alarms, 100)
    assert alarms.next_at() is None


def test_what_is_refused_is_asked_for_again_later() -> None:
    alarms = Alarms()
    heard(alarms, 100)
    alarms.take_due(100)
    alarms.free(5, again_at=4_000)
    assert alarms.next_at() == 4_000


def test_worlds_of_others_are_looked_at_when_their_lease_ends() -> None:
    alarms = Alarms()
    alarms.notice(5, seq=7, until=100)
    assert alarms.next_at() == 100
    moved(alarms, 100)
    heard(alarms, None, seq=7)
    alarms.notice(5, seq=7, until=200)
    assert alarms.next_at() is None, "nothing has happened since we looked"
    alarms.notice(5, seq=8, until=300)
    assert alarms.next_at() == 300


def test_an_earlier_alarm_of_our_own_stands() -> None:
    alarms = Alarms()
    heard(alarms, 100)
    alarms.notice(5, seq=9, until=5_000)
    assert alarms.next_at() == 100
