"""What a browser may say on the stream, and who may listen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import override_settings

from tests.live.conftest import Browser, World

Open = Callable[..., Any]


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "not json",
        "[]",
        "7",
        '{"t":"dance"}',
        '{"t":"hello","v":2}',
        '{"t":"hello","v":1,"have":7}',
        '{"t":"hello","v":1,"have":{"epoch":"x","q":"1"}}',
        '{"t":"hello","v":1,"caps":[]}',
        '{"t":"ack","q":null}',
        '{"t":"tune","hz":"fast"}',
        '{"t":"hb","pad":"' + "x" * 20_000 + '"}',
    ],
)
async def test_a_bad_frame_closes_the_socket(world: World, browser: Open, frame: str) -> None:
    one: Browser = await browser()
    await one.socket.send_to(text_data=frame or " ")
    assert await one.closed() == 4400


async def test_bytes_are_a_bad_frame(world: World, browser: Open) -> None:
    one: Browser = await browser()
    await one.socket.send_to(bytes_data=b"\x00")
    assert await one.closed() == 4400


async def test_an_unknown_sandbox_is_told_apart(world: World, browser: Open) -> None:
    one: Browser = await browser("nowhere")
    assert await one.closed() == 4404


@override_settings(MODE="classroom")
async def test_in_a_classroom_the_stream_needs_a_person(world: World, browser: Open) -> None:
    one: Browser = await browser()
    assert await one.closed() == 4401
