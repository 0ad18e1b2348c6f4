"""README.md's table of rules: no rule is missing, and each names tests that exist."""

import re
from pathlib import Path

import messaging.events

README = Path(messaging.events.__file__).with_name("README.md")
TESTS = Path(__file__).resolve().parents[2]
COUNTS = {"E": 6, "P": 11}
RULES = [f"{letter}{number}" for letter, most in COUNTS.items() for number in range(1, most + 1)]


def rows() -> dict[str, str]:
    """Return the cell with the tests of each rule."""
    found = re.findall(r"^\| ([A-Z]\d+) \| .+ \| (.+) \|$", README.read_text(), re.MULTILINE)
    return dict(found)


def test_every_rule_has_a_line() -> None:
    assert list(rows()) == RULES


def test_every_line_names_tests_that_exist() -> None:
    for rule, cell in rows().items():
        named = 0
        for part in cell.split("<br>"):
            file, _, names = part.partition(": ")
            text = (TESTS / file).read_text()
            for name in re.findall(r"`(\w+)`", names):
                assert f"def {name}(" in text, f"{rule}: {file} has no {name}"
                is_ours = file.startswith("services/events/")
                assert not is_ours or name.startswith(f"test_{rule}_")
                named += 1
        assert named, f"{rule} has no test"


def test_every_test_with_a_rules_name_is_in_the_table() -> None:
    named = set(re.findall(r"`(test_\w+)`", README.read_text()))
    written = {
        name
        for path in Path(__file__).parent.glob("test_*.py")
        for name in re.findall(r"def (test_[EP]\d+_\w+)\(", path.read_text())
    }
    assert written - named == set()
