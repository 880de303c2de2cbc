"""Fixed tables by numbered migrations; a newer database is refused, untouched."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path

from app.domain.errors import KimError
from app.storage.connection import Connection

SCHEMA_FILE = Path(__file__).parent / "schema.sql"


class NewerDatabaseError(KimError):
    """The database was written by a newer program (`found`, `known`: schema numbers)."""

    error_id = "newer_database"


@cache
def migrations() -> tuple[str, ...]:
    """Give the SQL of every migration, in order; the first is number 1. The files are read once."""
    folder = files("app.storage") / "migrations"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".sql"))
    return tuple((folder / name).read_text("utf-8") for name in names)


def migrate(connection: Connection) -> bool:
    """Bring the fixed tables up to date, each step in one transaction; tells whether anything was done.

    Raises NewerDatabaseError, before anything is written, when the number in the
    database is higher than this program knows.
    """
    steps = migrations()
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > len(steps):
        raise NewerDatabaseError(found=found, known=len(steps))
    for number, script in enumerate(steps[found:], start=found + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    return found < len(steps)


@cache
def statements(script: str) -> tuple[str, ...]:
    """Split a script into statements, so that they run inside one transaction."""
    found: list[str] = []
    current = ""
    for line in script.splitlines():
        current += line + "\n"
        if sqlite3.complete_statement(current):
            found.append(current.strip())
            current = ""
    return tuple(found)


def schema_text() -> str:
    """Give the fixed tables as they stand after all migrations: the content of `schema.sql`."""
    database = sqlite3.connect(":memory:")
    for script in migrations():
        database.executescript(script)
    rows = database.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'search\\_%' ESCAPE '\\'"
        " OR name = 'search_text' ORDER BY type DESC, name"
    )
    return "-- Made by `make schema` from app/storage/migrations; do not edit.\n\n" + "".join(
        f"{sql};\n\n" for (sql,) in rows if sql
    )


def main() -> int:
    """Write `schema.sql`, or check with --check-schema that it is fresh."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--check-schema", action="store_true")
    if not parser.parse_args().check_schema:
        SCHEMA_FILE.write_text(schema_text(), "utf-8")
        return 0
    fresh = SCHEMA_FILE.exists() and SCHEMA_FILE.read_text("utf-8") == schema_text()
    if not fresh:
        sys.stderr.write("app/storage/schema.sql is stale: run `make schema`\n")
    return 0 if fresh else 1


if __name__ == "__main__":
    raise SystemExit(main())
