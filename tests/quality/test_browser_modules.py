"""The tests of the browser's modules, run by Node."""

import subprocess

import pytest

from tests.quality.sources import ROOT, files, shown


@pytest.mark.needs("node")
def test_node_finds_nothing() -> None:
    modules = [shown(path) for path in files("tests", suffixes=(".mjs",))
               if path.name.endswith(".test.mjs")]  # fmt: skip
    assert modules
    done = subprocess.run(
        ["node", "--test", *modules],
        cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
