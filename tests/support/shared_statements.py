"""What SQLAlchemy makes of the relay's statements is made once in a process, not anew for each database.

A relay has one database for as long as it runs; tests open hundreds. What is said to them is the same.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import Dialect

_MADE: dict[Any, Any] = {}
_DIALECTS: dict[type[Dialect], Dialect] = {}


@cache
def share_statements() -> None:
    """Let all databases that this process opens from now on share them."""
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    # A statement is kept by its dialect, of which every database makes one for itself.
    connection.dialect = _DIALECTS.setdefault(type(connection.dialect), connection.dialect)
    connection.execution_options(compiled_cache=_MADE)
