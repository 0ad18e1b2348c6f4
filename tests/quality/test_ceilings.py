"""No fat tail: how long a file and a function may be (complexity is ruff's C901)."""

import ast
from pathlib import Path
from statistics import median

from tests.quality.sources import files, program_files, shown, tree

FILE_LINES = 250
TEST_FILE_LINES = 400
FUNCTION_LINES = 40
MEDIAN_FUNCTION_LINES = 12
BANNED_NAMES = ("utils", "helpers", "common", "misc")


def test_files_are_short() -> None:
    long = {shown(path): count for path in program_files() if (count := lines(path)) > FILE_LINES}
    assert long == {}


def test_browser_modules_are_short() -> None:
    scripts = files("static", suffixes=(".js", ".mjs"))
    long = {shown(path): count for path in scripts if (count := lines(path)) > FILE_LINES}
    assert long == {}


def test_test_files_are_short() -> None:
    tests = files("tests", suffixes=(".py", ".mjs"))
    long = {shown(path): count for path in tests if (count := lines(path)) > TEST_FILE_LINES}
    assert long == {}


def test_functions_are_short() -> None:
    long = {
        f"{shown(path)}:{function.lineno} {function.name}": length
        for path in program_files()
        for function in functions(path)
        if (length := function_lines(function)) > FUNCTION_LINES
    }
    assert long == {}


def test_most_functions_are_small() -> None:
    lengths = [function_lines(one) for path in program_files() for one in functions(path)]
    assert median(lengths) <= MEDIAN_FUNCTION_LINES


def test_no_module_is_a_drawer() -> None:
    named = [shown(path) for path in files("config", "dashboard", "messaging", "tests")
             if path.stem in BANNED_NAMES]  # fmt: skip
    assert named == []


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    nodes = ast.walk(tree(path))
    return [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def function_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1
