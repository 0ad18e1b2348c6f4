"""The moment before the first event: its picture is empty, and it tells nothing of other worlds."""

from messaging.sandboxes import create
from tests.dashboard.conftest import Desk


def test_it_is_of_its_own_sandbox_and_at_the_time_of_its_first_event(desk: Desk) -> None:
    desk.create("secret-of-another")
    desk.sandbox = create("Later")
    desk.create("orders")
    shown = desk.client.get(f"/s/{desk.sandbox.slug}/at/", {"seq": 0}).json()["past"]
    first = desk.client.get(f"/s/{desk.sandbox.slug}/at/", {"seq": 1}).json()["past"]
    assert (shown["seq"], shown["what"], shown["node"]) == (0, "before the first event", "")
    assert shown["at"] == first["at"] > 0
    assert "orders" in first["what"]
