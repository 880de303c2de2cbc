"""All that `make check` looks at; every check runs, then the exit code tells whether one failed."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = ("app", "sync", "ui", "tests", "packaging")
LINES = 400
"""Lines that a module may have (design: architecture, Hand)."""

AT_ONCE = 2
"""Checks side by side: as many as the smallest machine has cores."""

Check = Callable[[], str]
"""Gives what is wrong, nothing when all is right."""


def run(*command: str) -> str:
    """Run a tool of the virtual environment; its own output says what is wrong."""
    program = Path(sys.executable).parent / command[0]
    done = subprocess.run([str(program), *command[1:]], cwd=ROOT, check=False, capture_output=True, text=True)
    return (done.stdout + done.stderr or "it says nothing\n") if done.returncode else ""


def modules() -> Iterator[Path]:
    """Every Python file of the project."""
    for folder in CODE:
        yield from sorted((ROOT / folder).rglob("*.py"))


def sizes() -> str:
    """No module is longer than it may be."""
    long = [path for path in modules() if len(path.read_text("utf-8").splitlines()) > LINES]
    return "".join(f"{path.relative_to(ROOT)} has more than {LINES} lines\n" for path in long)


def suppressions() -> str:
    """Every `noqa` and `type: ignore` has its reason beside it."""
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if is_bare_suppression(line)
    ]
    return "".join(f"{place} suppresses a check without a reason\n" for place in bare)


def is_bare_suppression(line: str) -> bool:
    """Whether a line silences a tool and gives no reason after it."""
    for mark in ("# noqa", "# type: " + "ignore"):
        code, found, rest = line.partition(mark)
        if found and not code.rstrip().endswith(('"', "(", "`")):
            return not any(sign in rest for sign in (" - ", " # ", "  #"))
    return False


def functions() -> str:
    """Tell of functions far over the limit; the limit itself is ruff's count of statements."""
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in modules()
        if path.relative_to(ROOT).parts[0] != "tests"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 40
    ]
    return "".join(f"{place} has more than 40 lines\n" for place in long)


CHECKS: dict[str, Check] = {
    "types": lambda: run("mypy", "--no-error-summary"),  # the longest first
    "style": lambda: run("ruff", "check", "--quiet", *CODE),
    "format": lambda: run("ruff", "format", "--quiet", "--check", *CODE),
    "layers": lambda: run("lint-imports", "--no-logo"),
    "catalogues": lambda: run("python", "packaging/catalogues.py", "check"),
    "schema": lambda: run("python", "-m", "app.storage.migrate", "--check-schema"),
    "sizes": sizes,
    "functions": functions,
    "suppressions": suppressions,
}


def main(names: list[str]) -> int:
    """Run the named checks, or all; 0 when every one passed."""
    asked, failed = names or list(CHECKS), False
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for name, wrong in zip(asked, pool.map(lambda name: CHECKS[name](), asked), strict=True):
            sys.stdout.write(f"{wrong}{name:<12} {'FAILED' if wrong else 'ok'}\n")
            sys.stdout.flush()
            failed = failed or bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
