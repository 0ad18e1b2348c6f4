"""README.md is two screens long and says what is true."""

import re

from django.core.management import get_commands, load_command_class

from tests.quality.sources import ROOT, program_files

README = (ROOT / "README.md").read_text(encoding="utf-8")
TWO_SCREENS = 130


def test_it_is_two_screens() -> None:
    assert len(README.splitlines()) <= TWO_SCREENS


def test_it_begins_with_the_two_commands() -> None:
    blocks = re.findall(r"```\w*\n(.*?)```", README, re.DOTALL)
    assert blocks[0].strip() == "pip install uv && uv run manage.py start"
    assert blocks[1].strip().startswith("uv run pytest")


def test_its_commands_exist() -> None:
    known = get_commands()
    named = set(re.findall(r"manage\.py ([a-z]+)", README))
    assert named <= set(known)
    assert "start" in named


def test_its_options_exist() -> None:
    options = load_command_class("dashboard", "start").create_parser("manage.py", "start")
    known = set(re.findall(r"--[a-z-]+", options.format_help()))
    section = README.partition("## Run")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(--[a-z-]+)`", section))
    assert named <= known
    assert {"--port", "--host", "--no-demo", "--database-url", "--server"} <= named


def test_its_variables_are_the_ones_that_are_read() -> None:
    read = set()
    for path in program_files():
        text = path.read_text(encoding="utf-8")
        read |= set(re.findall(r"environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"", text))
        read |= set(re.findall(r"environment\.(?:flag|names|choice)\(\s*\"([A-Z_]+)\"", text))
    named = set(re.findall(r"^\| `([A-Z_]+)`", README, re.MULTILINE))
    # Clients of AWS know their own variables.
    assert named == {name for name in read if not name.startswith("AWS_")}


def test_its_map_names_places_that_exist() -> None:
    section = README.partition("## Map")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.*?`) \|", section, re.MULTILINE)
    named = [place for cell in cells for place in re.findall(r"`([^`]+)`", cell)]
    assert named
    assert [place for place in named if not (ROOT / place).exists()] == []
