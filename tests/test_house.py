"""The house itself: its folders, sizes, promises of the README, and that every error is explained."""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import KimError
from app.error_messages import ENTRIES

ROOT = Path(__file__).resolve().parent.parent
TOP = {
    *("app", "ui", "locales", "resources", "sync", "tests", "packaging", "docs", "requirements"),
    *("Makefile", "pyproject.toml", "LICENSE"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"),
}
TEXT = {".py", ".md", ".toml", ".txt", ".in", ".sh", ".sql", ".po", ".pot", ".json", ".cfg", ""}
# Import name of each requirement whose name differs from it.
IMPORT_NAMES = {
    **{"pyside6_essentials": "PySide6", "pyside6_addons": "PySide6", "pyside6_pdf": "PySide6"},
    **{"pillow": "PIL", "python-stdnum": "stdnum", "zxing-cpp": "zxingcpp", "sqlalchemy": "sqlalchemy"},
}


def tracked() -> list[Path]:
    """Files that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def code(*folders: str) -> Iterator[Path]:
    """Python files below some folders."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def error_classes() -> set[type[KimError]]:
    """Every error class of the program; importing each module makes it known."""
    for name in ("app", "sync", "ui"):
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    found, open_ones = set(), [KimError]
    while open_ones:
        current = open_ones.pop()
        found.add(current)
        open_ones.extend(current.__subclasses__())
    return {item for item in found if item.__module__.startswith(("app.", "sync.", "ui."))}


def test_top_folder_holds_only_what_is_agreed() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} == TOP


def test_every_module_is_short_enough() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): count
        for path in code("app", "sync", "ui", "tests", "packaging")
        if (count := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert long == {}


def test_every_error_has_its_own_id_and_explanation() -> None:
    classes = error_classes()
    identities = [item.error_id for item in classes]
    assert sorted(identities) == sorted(set(identities))
    assert {item.__name__ for item in classes if item.error_id not in ENTRIES} == set()


def test_every_explanation_belongs_to_an_error() -> None:
    assert set(ENTRIES) - {item.error_id for item in error_classes()} == set()


@pytest.mark.parametrize(
    "pattern",
    [
        r"/opt/" + "(wheels|pypi)",
        r"/wor" + "k/",
        r"/home/" + r"\w",
        r"/root/" + r"\w",
        r"(--index-url|--find-links|--extra-index-url)[ =]\S",
        r"https?://[^\s\"']*(pypi|files\.pythonhosted|simple/)",
    ],
)
def test_no_tracked_file_names_a_machine_or_a_registry(pattern: str) -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        if path.suffix in TEXT and path != Path(__file__).resolve() and path.is_file()
        if re.search(pattern, path.read_text("utf-8", errors="ignore"))
    ]
    assert found == []


def test_licence_is_the_eupl() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.splitlines()[0] == "EUROPEAN UNION PUBLIC LICENCE v. 1.2"
    assert re.findall(r"^(\d+)\.[A-Z]", text, re.MULTILINE) == [str(number) for number in range(1, 16)]


def test_readme_names_only_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"`make ([a-z]+)", (ROOT / name).read_text("utf-8")))
        assert named - targets == set()
        assert {"demo", "test"} - named == set()


def test_markdown_links_lead_somewhere() -> None:
    dead = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in tracked()
        if path.suffix == ".md" and path.is_file()
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text("utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]
    assert dead == []


def test_commands_lead_to_functions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for target in project["scripts"].values():
        module, name = target.split(":")
        assert callable(getattr(importlib.import_module(module), name))


def requirement_names(path: Path) -> set[str]:
    """Import names of the libraries that a requirements file names itself."""
    lines = [line.split("#")[0].strip().lower() for line in path.read_text("utf-8").splitlines()]
    names = {re.split(r"[=<>~\[; ]", line)[0] for line in lines if line and not line.startswith("-")}
    found = {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in names}
    return found | {"shiboken6"} if "PySide6" in found else found


def imported_libraries(*folders: str) -> set[str]:
    """Top names that modules import and that are neither ours nor Python's."""
    names = set()
    for path in code(*folders):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {item.name.split(".")[0] for item in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"app", "sync", "ui", "tests"}


def test_every_imported_library_is_required() -> None:
    runtime = requirement_names(ROOT / "requirements/runtime.in")
    relay = requirement_names(ROOT / "requirements/relay.in")
    assert imported_libraries("app", "ui", "sync") - runtime - relay == set()
    assert imported_libraries("sync/relay") - relay == set()


def test_hashed_requirements_pin_everything() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text("utf-8").replace("\\\n", " ")
        pins = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
        assert [line for line in pins if "==" not in line or "--hash=sha256:" not in line] == []


def test_relay_needs_neither_qt_nor_sqlcipher() -> None:
    text = (ROOT / "requirements/relay.txt").read_text("utf-8").lower()
    assert re.findall(r"^(pyside6|shiboken6|sqlcipher)\S*", text, re.MULTILINE) == []
