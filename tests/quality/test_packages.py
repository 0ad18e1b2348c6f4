"""The shape of the tree: top level, packages, and what is never kept."""

import ast

from tests.quality.sources import PROGRAM, ROOT, files, project_files, shown, tree

TOP_LEVEL = {
    "README.md", "config", "dashboard", "manage.py", "messaging", "pyproject.toml", "static",
    "templates", "tests",
}  # fmt: skip
LOCK_FILES = {
    "Pipfile.lock", "package-lock.json", "pdm.lock", "pnpm-lock.yaml", "poetry.lock", "uv.lock",
    "yarn.lock",
}  # fmt: skip
TEXT = (".css", ".html", ".js", ".json", ".md", ".mjs", ".py", ".sh", ".svg", ".toml", ".txt")
# Put together here, so that this file does not hold what it looks for.
PLACES = tuple("/".join(("", *parts, "")) for parts in (("work",), ("root",), ("home", "user")))
DOWNLOAD_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("registry", "npmjs", "org"),
        ("files", "pythonhosted", "org"),
        ("deb", "debian", "org"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("fonts", "googleapis", "com"),
    )
)


def test_top_level_is_fixed() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in project_files()}
    assert {name for name in found if not name.startswith(".")} <= TOP_LEVEL


def test_no_lock_file_is_kept() -> None:
    assert [shown(path) for path in project_files() if path.name in LOCK_FILES] == []


def test_every_package_says_what_it_is_and_imports_nothing() -> None:
    wrong = []
    for path in files(*PROGRAM):
        if path.name != "__init__.py":
            continue
        body = tree(path).body
        if len(body) != 1 or not ast.get_docstring(tree(path)):
            wrong.append(shown(path))
    assert wrong == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        shown(path)
        for path in files(*PROGRAM)
        if path.parent.name != "migrations" and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for path in files(*PROGRAM)}
    assert [shown(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_nothing_names_a_place_on_one_machine() -> None:
    found = [
        f"{shown(path)}: {words}"
        for path in project_files()
        if path.suffix in (*TEXT, "") and "vendor" not in path.parts
        for words in (*PLACES, *DOWNLOAD_HOSTS)
        if words in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []
