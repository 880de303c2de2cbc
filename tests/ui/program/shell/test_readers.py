"""Each thread reads by a connection of its own: who shares one waits for the other, with the whole screen."""

from __future__ import annotations

from threading import get_ident

import pytest
from PySide6.QtTest import QTest

from app.storage.queries import StoreQueries
from tests.support.invented.people import ANNA
from tests.support.screen import Screen
from ui.pages.case_list import CaseListPage
from ui.windows.places import CASE, CASES, DESK, HANDOVERS, NEW_CASE, ORDERS, PARCELS, SYNC, Place

PAGES = (DESK, CASES, NEW_CASE, HANDOVERS, ORDERS, PARCELS, SYNC)


class Watched(StoreQueries):
    """Notes what another thread than its own asks of it."""

    foreign: set[str]
    mine: int

    def __getattribute__(self, name: str) -> object:
        own = object.__getattribute__(self, "__dict__").setdefault("mine", get_ident())
        if own != get_ident():
            Watched.foreign.add(name)
        return object.__getattribute__(self, name)


def test_no_lane_reads_by_the_connection_of_another_thread(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    Watched.foreign = set()
    monkeypatch.setattr("app.storage.store.StoreQueries", Watched)
    screen.unlock(ANNA)
    for page in PAGES:
        screen.window.go(Place(page))
        screen.settle()
    screen.window.go(Place(CASES))
    screen.settle()
    listed = screen.window.frame.page
    assert isinstance(listed, CaseListPage)
    (case, *_others) = (row.id for row in screen.session.store.queries.case_page(None, 5).rows)
    QTest.keyClicks(listed.search, "a")
    screen.settle()
    screen.window.go(Place(CASE, case))
    screen.settle()
    assert Watched.foreign == set()
