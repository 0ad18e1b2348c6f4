"""The secret of an access key: in no page, told to who may see the sandbox, and kept by nobody."""

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings

from dashboard.people import own
from messaging.kernel.access import secret_of
from messaging.kernel.models import AccessKey, Sandbox
from tests.dashboard.conftest import Desk, text_of

PAGES = ("/", "/s/desk/", "/s/desk/about/")


@pytest.fixture
def secret(desk: Desk) -> str:
    """Return the secret of the desk's key."""
    return secret_of(AccessKey.objects.get(account__sandbox=desk.sandbox).key_id)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_holds_it(desk: Desk, secret: str, page: str) -> None:
    shown = desk.client.get(page)
    assert "export AWS_SECRET_ACCESS_KEY=" in text_of(shown)
    assert secret not in text_of(shown)
    assert 'data-secret-url="/s/desk/secret/"' in shown.content.decode()


def test_it_is_told_when_asked_for_and_kept_by_nobody(desk: Desk, secret: str) -> None:
    told = desk.post("secret/")
    assert told.content.decode() == secret
    assert "no-store" in told.headers["Cache-Control"]
    assert told.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_the_usual_key_has_no_secret(desk: Desk) -> None:
    Sandbox.objects.filter(pk=desk.sandbox.pk).update(is_default=True)
    page = desk.get("")
    assert "export AWS_SECRET_ACCESS_KEY=test" in text_of(page)
    assert "data-reveals" not in page.content.decode()
    assert desk.post("secret/").status_code == 404


@override_settings(MODE="classroom")
def test_it_is_told_only_to_who_may_see_the_sandbox(desk: Desk, secret: str) -> None:
    stranger = Client()
    asked = stranger.post("/s/desk/secret/", headers={"HX-Request": "true"})
    assert (asked.status_code, asked.headers["HX-Redirect"]) == (401, "/login/")
    stranger.force_login(User.objects.create(username="stranger"))
    refused = stranger.post("/s/desk/secret/")
    assert refused.status_code == 404
    assert secret not in refused.content.decode()
    owner = User.objects.create(username="owner")
    own(owner, desk.sandbox)
    desk.client.force_login(owner)
    assert desk.post("secret/").content.decode() == secret
