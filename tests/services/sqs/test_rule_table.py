"""README.md's table of rules: no rule is missing, and each names tests that exist."""

import re
from pathlib import Path

import messaging.sqs

README = Path(messaging.sqs.__file__).with_name("README.md")
TESTS = Path(__file__).resolve().parents[2]
COUNTS = {"S": 7, "R": 7, "F": 7, "D": 7, "H": 4, "M": 5, "B": 1, "Q": 7, "L": 7, "Q-F": 4}
RULES = [f"{letter}{number}" for letter, most in COUNTS.items() for number in range(1, most + 1)]


def rows() -> dict[str, str]:
    """Return the cell with the tests of each rule."""
    found = re.findall(r"^\| ([A-Z](?:-F)?\d) \| .+ \| (.+) \|$", README.read_text(), re.MULTILINE)
    return dict(found)


def test_every_rule_has_a_line() -> None:
    assert list(rows()) == RULES


def test_every_line_names_tests_that_exist_and_carry_its_id() -> None:
    for rule, cell in rows().items():
        named = 0
        for part in cell.split("<br>"):
            file, _, names = part.partition(": ")
            text = (TESTS / file).read_text()
            for name in re.findall(r"`(\w+)`", names):
                assert f"def {name}(" in text, f"{rule}: {file} has no {name}"
                assert name.startswith(f"test_{rule.replace('-', '')}_")
                named += 1
        assert named, f"{rule} has no test"
