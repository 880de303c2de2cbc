"""Leaving out what a state calls for when it was done for exactly this state, and changed nothing.

A laptop makes a round every few minutes, and mostly nothing has happened: looking through everything
again and again would cost battery.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from sync.engine import Engine
from sync.removal.days import relay_time, today_of


def unless_at_rest(engine: Engine, what: str, do: Callable[[], object], *, traffic: bool) -> None:
    """Do what follows from store, roster and day alone, unless that was done and changed nothing.

    `traffic`: it follows from what was sealed, sent and received too.
    """
    office, state = engine.office, _state(engine, traffic=traffic)
    if engine.at_rest.get(what) == state:
        return
    engine.at_rest.pop(what, None)
    mark = office.mark
    do()
    # Another roster or session would have been written, and so have moved the mark.
    if office.mark == mark:
        engine.at_rest[what] = state


def _state(engine: Engine, *, traffic: bool) -> Hashable:
    office = engine.office
    with office.looking() as post:
        day, heard = today_of(engine, post), relay_time(post) is not None
        moved = office.mark if traffic else office.works
    return moved, engine.roster.hash, office.session, day, heard
