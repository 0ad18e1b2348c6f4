"""Other websites in the same browser reach nothing; test suites may begin anew."""

import pytest

from tests.wire.fakes import FORM, ISSUED, JSON_HEADERS, MESSAGE, FakeEngine, ask


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example:8000"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9000"},
        {"origin": "http://["},
        {"referer": "https://evil.example/page"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("single_user", [True, False])
@pytest.mark.parametrize(
    ("target", "form", "body"),
    [
        ("/", JSON_HEADERS, MESSAGE),
        ("/", FORM, b"Action=ListQueues&Version=2012-11-05"),
        ("/?Action=ListQueues&Version=2012-11-05", {}, b""),
        ("/_signalbox/reset", {"x-signalbox": "1"}, b""),
    ],
)
async def test_other_websites_reach_nothing(
    headers: dict[str, str], single_user: bool, target: str, form: dict[str, str], body: bytes
) -> None:
    engine = FakeEngine(single_user=single_user)

    reply = await ask(engine, target=target, headers={**form, **headers}, body=body)

    assert reply.status == 403
    assert b"AccessDenied" in reply.body
    assert engine.calls == []
    assert engine.resets == []


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"host": "sqs.localhost:8000"},
        {"host": "EXAMPLE.org"},
        {"host": "example.org:80", "origin": "http://example.org"},
    ],
)
async def test_our_own_page_and_our_own_names_are_let_in(headers: dict[str, str]) -> None:
    engine = FakeEngine()

    reply = await ask(engine, headers={**JSON_HEADERS, **headers}, body=MESSAGE)

    assert reply.status == 200
    assert len(engine.calls) == 1


async def test_reset_empties_the_default_sandbox() -> None:
    engine = FakeEngine()

    reply = await ask(engine, target="/_signalbox/reset", headers={"x-signalbox": "1"})

    assert (reply.status, engine.resets) == (200, [None])


@pytest.mark.parametrize(
    ("method", "headers", "status"), [("POST", {}, 403), ("GET", {"x-signalbox": "1"}, 405)]
)
async def test_reset_wants_its_header_and_post(
    method: str, headers: dict[str, str], status: int
) -> None:
    engine = FakeEngine()

    reply = await ask(engine, method, "/_signalbox/reset", headers=headers)

    assert (reply.status, engine.resets) == (status, [])


async def test_reset_in_a_classroom_wants_a_signature() -> None:
    engine = FakeEngine(single_user=False)

    reply = await ask(engine, target="/_signalbox/reset", headers={"x-signalbox": "1"})

    assert (reply.status, engine.resets) == (403, [])
    assert b"MissingAuthenticationToken" in reply.body
    assert ISSUED.secret.encode() not in reply.body
