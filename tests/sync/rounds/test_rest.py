"""A round in which nothing happened looks for nothing again: it costs hardly anything on a battery."""

from __future__ import annotations

from app.storage.mailbox import SqlPostOffice
from sync.workplace import Workplace
from tests.support.district import District, edit_case, open_case, run_round

MOST = 38
"""Statements of a quiet round (32), transactions too; 44 on a new day, 130 when something was written."""


def statements(place: Workplace) -> int:
    """Make a round, and count what it asks of the store."""
    office = place._engine.office
    assert isinstance(office, SqlPostOffice)
    told: list[str] = []
    writer = office._store._writer
    writer.set_trace_callback(told.append)
    run_round(place)
    writer.set_trace_callback(None)
    return len(told)


def test_a_round_in_which_nothing_happened_asks_little(district: District) -> None:
    case = open_case(district["anna"])
    for _ in range(3):
        district.round("anna", "sina")
    assert statements(district["anna"]) < MOST
    edit_case(district["anna"], case, concern="another")
    assert statements(district["anna"]) > MOST


def test_a_new_day_is_looked_at_though_nothing_was_written(district: District) -> None:
    open_case(district["anna"])
    for _ in range(3):
        district.round("anna", "sina")
    district.people["anna"].clock.move(days=1)
    assert statements(district["anna"]) > MOST
