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
    office = engine.office
    state = (office.mark if traffic else office.works, *_besides(engine))
    if engine.at_rest.get(what) == state:
        return
    engine.at_rest.pop(what, None)
    mark = office.mark
    do()
    if office.mark == mark and state[1:] == _besides(engine):
        engine.at_rest[what] = state


def _besides(engine: Engine) -> tuple[Hashable, ...]:
    with engine.office.transaction() as post:
        day, heard = today_of(engine, post), relay_time(post) is not None
    return engine.roster.hash, engine.office.session, day, heard
