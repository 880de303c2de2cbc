"""A process that opens a store for which it knows further migrations, and waits to be killed."""

from __future__ import annotations

import sys
from pathlib import Path
from unittest.mock import patch

from app.storage import backup, migrate
from sync import compose
from sync.system import SystemClock
from tests.support.backups import PASSPHRASE
from tests.support.killing import say
from tests.support.ports import SeededEntropy


def with_further(count: int) -> tuple[str, ...]:
    """Give the program's migrations and so many invented ones, each with something to do."""
    step = (
        "CREATE TABLE further_@ (id INTEGER PRIMARY KEY, value BLOB);\n"
        "INSERT INTO further_@ (value) SELECT zeroblob(500) FROM change;\n"
        "UPDATE change SET schema = schema;\n"
    )
    steps = [step.replace("@", str(number)) for number in range(count)]
    return (*migrate.migrations(), *steps)


def open_with(home: Path, seed: str, count: int) -> None:
    """Open the store with further migrations and close it again."""
    known = with_further(count)
    with (
        patch.object(migrate, "migrations", lambda: known),
        patch.object(backup, "migrations", lambda: known),
    ):
        compose.unlock(home, PASSPHRASE, clock=SystemClock(), entropy=SeededEntropy(seed)).close()


def main() -> None:
    """Open the home of the first argument (seed: the second) with as many further ones as the third says."""
    say("begun")
    open_with(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    say("migrated")


if __name__ == "__main__":
    main()
