"""Files of other projects are the ones that we took, with their licences."""

import hashlib
import re
from pathlib import Path

import pytest

from tests.quality.sources import ROOT, project_files, shown

FOLDERS = (ROOT / "static" / "vendor", ROOT / "tests" / "vendor")
VERSIONED = re.compile(r"^[a-z0-9.-]+@\d+(\.\d+)+$")


@pytest.fixture(params=FOLDERS, ids=shown)
def folder(request: pytest.FixtureRequest) -> Path:
    chosen: Path = request.param
    return chosen


def test_sums_hold_and_name_every_file(folder: Path) -> None:
    listed = {}
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, _, name = line.partition("  ")
        listed[folder / name] = digest
    kept = {path for path in project_files() if path.is_relative_to(folder)}
    assert set(listed) == kept - {folder / "SHA256SUMS"}
    actual = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in listed}
    assert actual == listed


def test_every_package_has_its_version_and_licence(folder: Path) -> None:
    packages = [path for path in folder.iterdir() if path.is_dir()]
    assert packages
    assert [path.name for path in packages if not VERSIONED.match(path.name)] == []
    assert [path.name for path in packages if not list(path.glob("LICENSE*"))] == []
