"""The page of access keys: every key of the sandbox, a snippet for each language, no secret."""

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings

from dashboard.keys.forms import KEYS_MAX
from dashboard.keys.snippets import Access, snippets
from dashboard.people import own
from messaging import sandboxes
from messaging.kernel import access
from messaging.kernel.access import secret_of
from messaging.kernel.models import AccessKey, Sandbox
from tests.dashboard.conftest import Desk, text_of
from tests.fixtures.engine import REGION

LANGUAGES = ("env", "boto3", "cli", "javascript", "java", "go", "terraform", "compose")


def test_every_language_has_a_snippet_with_address_key_and_region(desk: Desk) -> None:
    page = text_of(desk.get("keys/"))
    key = AccessKey.objects.get(account__sandbox=desk.sandbox)
    found = snippets(Access("http://testserver", key.key_id, REGION))
    assert [snippet.slug for snippet in found] == list(LANGUAGES)
    for snippet in found:
        assert "http://testserver" in snippet.before + snippet.after
        assert key.key_id in snippet.before + snippet.after
        assert REGION in snippet.before + snippet.after
        assert " ".join(snippet.before.split()) in page


def test_a_container_finds_the_host_under_its_own_name() -> None:
    compose = snippets(Access("http://127.0.0.1:8000", "AKIA", REGION))[-1]
    assert 'AWS_ENDPOINT_URL: "http://host.docker.internal:8000"' in compose.before


def test_the_python_snippet_is_python() -> None:
    for snippet in snippets(Access("http://127.0.0.1:8000", "AKIA", REGION)):
        if snippet.slug == "boto3":
            compile(f"{snippet.before}x{snippet.after}", "hello.py", "exec")


def test_all_keys_are_listed_and_one_is_chosen(desk: Desk) -> None:
    sandboxes.add_account(desk.sandbox, "111122223333", regions=("eu-west-1",))
    second = AccessKey.objects.get(account__number="111122223333")
    page = text_of(desk.get("keys/"))
    assert second.key_id in page
    assert f'aws_access_key_id="{second.key_id}"' not in page
    chosen = text_of(desk.get("keys/", key=second.key_id))
    assert f'aws_access_key_id="{second.key_id}"' in chosen
    assert 'region_name="eu-west-1"' in chosen


def test_the_page_holds_no_secret_and_each_is_told_when_asked_for(desk: Desk) -> None:
    key = AccessKey.objects.get(account__sandbox=desk.sandbox)
    assert secret_of(key.key_id) not in desk.get("keys/").content.decode()
    told = desk.post(f"keys/{key.key_id}/secret/")
    assert told.content.decode() == secret_of(key.key_id)
    assert "no-store" in told.headers["Cache-Control"]
    assert desk.get(f"keys/{key.key_id}/secret/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/s/desk/keys/{key.key_id}/secret/").status_code == 403


def test_keys_of_other_sandboxes_are_not_told(desk: Desk) -> None:
    other = sandboxes.create("other")
    key = AccessKey.objects.get(account__sandbox=other)
    assert desk.post(f"keys/{key.key_id}/secret/").status_code == 404


def test_the_default_sandbox_takes_the_usual_key(desk: Desk) -> None:
    Sandbox.objects.filter(pk=desk.sandbox.pk).update(is_default=True)
    page = text_of(desk.get("keys/"))
    assert 'aws_access_key_id="test", aws_secret_access_key="test"' in page


@pytest.mark.parametrize("path", ["keys/", "scenario.json"])
@override_settings(MODE="classroom")
def test_others_see_nothing_of_a_sandbox(desk: Desk, path: str) -> None:
    ana, ben = (User.objects.create_user(name, password="x") for name in ("ana", "ben"))
    own(ana, desk.sandbox)
    assert desk.get(path).status_code == 302
    desk.client.force_login(ben)
    assert desk.get(path).status_code == 404
    desk.client.force_login(ana)
    assert desk.get(path).status_code == 200


def test_the_document_of_a_sandbox_holds_no_key(desk: Desk) -> None:
    desk.create("orders", VisibilityTimeout="12")
    desk.send("hello")
    exported = desk.get("scenario.json")
    assert 'filename="desk.scenario.json"' in exported.headers["Content-Disposition"]
    document = json.loads(exported.content)
    assert document["queues"] == [{"name": "orders", "attributes": {"VisibilityTimeout": 12}}]
    assert "messages" not in document
    key = AccessKey.objects.get(account__sandbox=desk.sandbox)
    assert key.key_id not in exported.content.decode()
    with_messages = json.loads(desk.get("scenario.json", messages="1").content)
    assert with_messages["messages"] == [{"queue": "orders", "body": "hello"}]


def test_a_fresh_secret_is_in_the_answer_only_and_the_log_holds_none(desk: Desk) -> None:
    answer = desk.post("keys/issue/", label="night batch", account="123456789012")
    assert answer.status_code == 422  # that account is another sandbox's
    account = desk.sandbox.accounts.get().number
    answer = desk.post("keys/issue/", label="night batch", account=account)
    made = AccessKey.objects.get(label="night batch")
    assert secret_of(made.key_id) in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret_of(made.key_id) not in answer.headers["HX-Trigger"]
    assert secret_of(made.key_id) not in desk.get("keys/").content.decode()


def test_keys_have_a_limit_and_withdrawn_ones_do_not_count(desk: Desk) -> None:
    account = desk.sandbox.accounts.get()
    for number in range(KEYS_MAX - 1):
        access.issue(account, label=str(number))
    refused = desk.post("keys/issue/", label="one more", account=account.number)
    assert refused.status_code == 422
    assert "20 keys at most" in text_of(refused)
    gone = AccessKey.objects.get(label="3")
    assert gone.key_id in text_of(desk.post(f"keys/{gone.key_id}/withdraw/"))
    assert desk.post("keys/issue/", label="again", account=account.number).status_code == 200
    assert desk.post(f"keys/{gone.key_id}/secret/").status_code == 404
    assert desk.post(f"keys/{gone.key_id}/withdraw/").status_code == 404
