"""Pages, forms about sandboxes, the clock's controls, and who may see what."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings

from dashboard.people import own
from messaging.kernel.models import AccessKey, Sandbox
from tests.dashboard.conftest import Desk, text_of, toast_of

POSTS = (
    "/s/",
    "/s/desk/actor/",
    "/s/desk/clock/",
    "/s/desk/delete/",
    "/s/desk/duplicate/",
    "/s/desk/rename/",
    "/s/desk/reset/",
    "/s/desk/secret/",
    "/s/desk/sqs/attributes/",
    "/s/desk/sqs/create/",
    "/s/desk/sqs/delete/",
    "/s/desk/sqs/purge/",
    "/s/desk/sqs/queue-delete/",
    "/s/desk/sqs/receive/",
    "/s/desk/sqs/send/",
)


def test_the_start_page_names_the_sandboxes(desk: Desk) -> None:
    page = text_of(desk.client.get("/"))
    assert "desk" in page
    assert "export AWS_ENDPOINT_URL=http://testserver" in page


def test_the_page_of_a_sandbox_points_at_its_stream_and_key(desk: Desk) -> None:
    page = desk.get("").content.decode()
    assert 'data-stream-url="/stream/desk/"' in page
    key = AccessKey.objects.get(account__sandbox=desk.sandbox)
    assert f"export AWS_ACCESS_KEY_ID={key.key_id}" in page
    assert "style=" not in page


def test_the_default_sandbox_is_reached_by_the_usual_key(desk: Desk) -> None:
    Sandbox.objects.filter(pk=desk.sandbox.pk).update(is_default=True)
    assert "export AWS_ACCESS_KEY_ID=test" in text_of(desk.get(""))


def test_a_sandbox_is_created_with_a_key(desk: Desk) -> None:
    response = desk.client.post("/s/", {"name": "Payments <b>trial</b>"})
    made = Sandbox.objects.get(name="Payments <b>trial</b>")
    assert response.headers["Location"] == f"/s/{made.slug}/"
    assert AccessKey.objects.filter(account__sandbox=made).count() == 1
    assert b"<b>trial</b>" not in desk.client.get("/").content
    assert desk.client.post("/s/", {"name": ""}).status_code == 422


def test_rename_keeps_the_address(desk: Desk) -> None:
    assert desk.post("rename/", name="Another").status_code == 302
    assert "Another" in text_of(desk.get("about/"))


def test_a_copy_has_everything_and_its_own_key(desk: Desk) -> None:
    desk.create()
    desk.send("x")
    response = desk.post("duplicate/", name="second")
    copy = Sandbox.objects.get(name="second")
    assert response.headers["Location"] == f"/s/{copy.slug}/"
    assert "x" in Desk(desk.client, copy).panel(desk.arn("orders"))


def test_reset_asks_for_the_name(desk: Desk) -> None:
    arn = desk.create()
    assert desk.post("reset/", name="dsek").status_code == 422
    assert "orders" in desk.panel(arn)
    assert desk.post("reset/", name="desk").status_code == 302
    assert "deleted" in desk.panel(arn)


def test_delete_takes_everything_but_the_default(desk: Desk) -> None:
    Sandbox.objects.filter(pk=desk.sandbox.pk).update(is_default=True)
    desk.post("delete/", name="desk")
    assert "The default sandbox stays" in text_of(desk.get("about/"))
    Sandbox.objects.filter(pk=desk.sandbox.pk).update(is_default=False)
    assert desk.post("delete/", name="another").status_code == 422
    assert desk.post("delete/", name="desk").status_code == 302
    assert desk.get("").status_code == 404


@pytest.mark.parametrize("path", ["/s/nowhere/", "/s/nowhere/node/?id=x", "/nothing/"])
def test_what_is_not_there_is_a_page(desk: Desk, path: str) -> None:
    response = desk.client.get(path)
    assert response.status_code == 404
    assert "There is no page here." in text_of(response)


def test_a_broken_view_shows_no_traceback(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("a secret of the program")

    monkeypatch.setattr("dashboard.topology.views.endpoint_of", broken)
    client = Client(raise_request_exception=False)
    response = client.get("/s/desk/")
    assert response.status_code == 500
    assert b"a secret of the program" not in response.content
    assert b"Something broke on our side." in response.content


@pytest.mark.parametrize("path", POSTS)
def test_every_post_needs_the_token(desk: Desk, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"name": "x"}).status_code == 403


def test_the_page_carries_the_token_for_htmx(desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.get("/s/desk/").content.decode()
    token = page.split('"X-CSRFToken": "')[1].split('"')[0]
    done = strict.post("/s/desk/clock/", {"action": "pause"}, headers={"X-CSRFToken": token})
    assert done.status_code == 200


@pytest.mark.parametrize("path", POSTS)
def test_nothing_is_done_by_get(desk: Desk, path: str) -> None:
    if path.endswith("/create/"):
        return
    assert desk.client.get(path).status_code == 405


def test_the_clock_obeys(desk: Desk) -> None:
    assert desk.post("clock/", action="speed", rate="60").status_code == 200
    assert desk.post("clock/", action="play").status_code == 200
    row = Sandbox.objects.get(pk=desk.sandbox.pk)
    assert (row.rate, row.paused) == (60.0, False)
    assert desk.post("clock/", action="pause").status_code == 200
    assert Sandbox.objects.get(pk=desk.sandbox.pk).paused


def test_step_goes_to_what_is_due(desk: Desk) -> None:
    desk.create()
    desk.send("later", DelaySeconds=50)
    assert desk.post("clock/", action="step").status_code == 200
    [event] = desk.events("sqs.MessageVisible")
    assert event["is"] == "v"


def test_nothing_due_is_said(desk: Desk) -> None:
    response = desk.post("clock/", action="skip")
    assert "Nothing is due" in toast_of(response)["text"]


@pytest.mark.parametrize(
    "data",
    [{"action": "melt"}, {}, {"action": "speed", "rate": "0"}, {"action": "speed", "rate": "nan"}],
)
def test_the_clock_refuses_what_it_does_not_know(desk: Desk, data: dict[str, str]) -> None:
    response = desk.post("clock/", **data)
    assert response.status_code == 400
    assert toast_of(response)["kind"] == "error"


@override_settings(MODE="classroom")
def test_in_a_classroom_pages_need_a_person(desk: Desk) -> None:
    assert desk.get("").headers["Location"].startswith("/login/?next=")
    assert desk.client.get("/").status_code == 302
    assert desk.client.get("/login/").status_code == 200
    part = desk.client.get("/s/desk/node/?id=x", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (401, "/login/")


@override_settings(MODE="classroom")
def test_a_learner_sees_their_own_sandbox_only(desk: Desk) -> None:
    ana, ben = (User.objects.create_user(name, password="x") for name in ("ana", "ben"))
    own(ana, desk.sandbox)
    desk.client.force_login(ben)
    assert desk.get("").status_code == 404
    assert "desk" not in text_of(desk.client.get("/"))
    desk.client.force_login(ana)
    assert desk.get("").status_code == 200
    desk.client.force_login(User.objects.create_user("teacher", is_staff=True))
    assert desk.get("about/").status_code == 200


@override_settings(MODE="classroom")
def test_what_a_learner_creates_is_theirs(desk: Desk) -> None:
    ana = User.objects.create_user("ana", password="x")
    desk.client.force_login(ana)
    desk.client.post("/s/", {"name": "mine"})
    assert [sandbox.name for sandbox in Sandbox.objects.filter(owner__user=ana)] == ["mine"]
