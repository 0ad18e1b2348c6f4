"""Templates of message bodies."""

import json
import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.simulation.bodies import Moment, read_template
from messaging.simulation.fields import SettingsError


def moment(*, counter: int = 4, group: str = "c-01", seed: int = 1) -> Moment:
    return Moment(counter, group, 1_790_000_000_123, Random(seed))


def test_marks_are_filled_in() -> None:
    text = '{"n":${counter},"g":"${group}","at":"${now}"}'
    assert json.loads(read_template(text, field="body").render(moment())) == {
        "n": 4,
        "g": "c-01",
        "at": "2026-09-21T14:13:20.123+00:00",
    }


def test_dice_stay_within_what_is_asked() -> None:
    template = read_template(
        "${integer:1,6} ${decimal:5,250} ${choice:card,invoice} ${letters:6}", field="body"
    )
    dice = Random(1)
    for counter in range(200):
        text = template.render(Moment(counter, "", 0, dice))
        assert re.fullmatch(r"[1-6] \d{1,3}\.\d\d (card|invoice) [a-z]{6}", text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("${nothing}", "is unknown"),
        ("${integer:1}", "two numbers"),
        ("${integer:6,1}", "smaller number first"),
        ("${integer:nan,nan}", "smaller number first"),
        ("${decimal:a,b}", "two numbers"),
        ("${choice:one}", "commas"),
        ("${letters:0}", "length"),
        ("${letters:99999}", "length"),
    ],
)
def test_what_cannot_be_filled_in_is_named(text: str, complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint) as caught:
        read_template(text, field="poison_body")
    assert caught.value.field == "poison_body"


@given(st.text())
def test_text_without_marks_is_left_alone(text: str) -> None:
    plain = text.replace("$", "")
    assert read_template(plain, field="body").render(moment()) == plain
