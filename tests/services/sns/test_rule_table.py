"""README.md's table of rules: no rule is missing, and each names tests that exist."""

import re
from pathlib import Path

import messaging.sns

README = Path(messaging.sns.__file__).with_name("README.md")
TESTS = Path(__file__).resolve().parents[2]
RULES = [f"N{number}" for number in range(1, 14)]


def rows() -> dict[str, str]:
    """Return the cell with the tests of each rule."""
    return dict(re.findall(r"^\| (N\d+) \| .+ \| (.+) \|$", README.read_text(), re.MULTILINE))


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
                assert name.startswith(f"test_{rule}_")
                named += 1
        assert named, f"{rule} has no test"


def test_every_test_with_a_rules_name_is_in_the_table() -> None:
    named = set(re.findall(r"`(test_\w+)`", README.read_text()))
    written = {
        name
        for path in Path(__file__).parent.glob("test_*.py")
        for name in re.findall(r"def (test_N\d+_\w+)\(", path.read_text())
    }
    assert written == named
