"""What a run of many histories has come to, kept on disk: a run that was stopped goes on where it was."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from tests.support.simulation.tally import Tally

_ROOT = Path(__file__).parents[2]
_PACKAGES = ("app.", "sync.", "tests.support.simulation.")


def loaded_files() -> frozenset[Path]:
    """Give the files that histories run, from the project's folder: modules loaded by now, and the SQL."""
    modules = (module for name, module in tuple(sys.modules.items()) if name.startswith(_PACKAGES))
    loaded = (getattr(module, "__file__", None) for module in modules)
    sql = (_ROOT / "app" / "storage").rglob("*.sql")
    return frozenset(file.relative_to(_ROOT) for file in (*sql, *(Path(name) for name in loaded if name)))


def code_digest() -> str:
    """Give the digest of the code that histories run."""
    whole = sha256()
    for file in sorted(loaded_files()):
        whole.update(str(file).encode() + b"\0" + sha256((_ROOT / file).read_bytes()).digest())
    return whole.hexdigest()


class Journal:
    """One line each time something is noted; lines of other code or another seed count for nothing."""

    def __init__(self, path: Path, seed: int) -> None:
        """Keep it in `path`, which need not be there yet."""
        self._path, self._key = path, {"code": code_digest(), "seed": seed}

    def begun(self) -> Tally:
        """Give what the histories lived through so far came to; a line cut off counts as not written."""
        newest = Tally()
        for line in self._path.read_text().splitlines() if self._path.exists() else ():
            try:
                found = json.loads(line)
            except json.JSONDecodeError:
                continue
            if {name: found.pop(name) for name in self._key} == self._key:
                newest = Tally(**{**found, "wrong": tuple(found["wrong"])})
        return newest

    def note(self, total: Tally) -> None:
        """Write what the histories up to here came to."""
        with self._path.open("a") as file:
            line = json.dumps({**self._key, **asdict(total)})
            file.write(f"\n{line}\n")  # the line before may be cut off
