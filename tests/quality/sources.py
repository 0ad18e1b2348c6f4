"""The project's own files, as git knows them and as Python parses them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ("config", "dashboard", "messaging")


@cache
def project_files() -> tuple[Path, ...]:
    """Return every file that is kept, or would be: tracked or not ignored, and there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return tuple(sorted(ROOT / name for name in listed.split("\0") if (ROOT / name).is_file()))


def files(*folders: str, suffixes: tuple[str, ...] = (".py",)) -> list[Path]:
    """Return the kept files below ``folders`` with one of ``suffixes``, vendored ones left out."""
    return [
        path
        for path in project_files()
        if path.relative_to(ROOT).parts[0] in folders
        and path.suffix in suffixes
        and "vendor" not in path.relative_to(ROOT).parts
    ]


def program_files() -> list[Path]:
    """Return the Python files of the program, without migrations (Django writes those)."""
    return [path for path in files(*PROGRAM) if path.parent.name != "migrations"]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def shown(path: Path) -> str:
    """Return a path as messages show it."""
    return path.relative_to(ROOT).as_posix()
