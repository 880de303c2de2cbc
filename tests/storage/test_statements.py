"""Statements stay compiled: what is run again with other values is not planned anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.services.mailbox import Place, Stream
from app.storage.connection import Connection
from app.storage.drafts import read_drafts
from app.storage.mailbox import SqlPost, SqlPostOffice
from app.storage.store import SqlStore
from tests.support.stores import make_store

Asked = Callable[[SqlPost, int], object]
ASKED: dict[str, Asked] = {
    "case files, page by page": lambda post, n: post.records.case_page(None, n),
    "search": lambda post, n: post.records.search_cases("musterstadt", n),
    "conflicts": lambda post, n: post.records.conflicts(n),
    "figures due": lambda post, n: post.records.figures_due(n),
    "decisions": lambda post, n: post.records.decisions(n),
    "drafts": lambda post, n: read_drafts(connection_of(post), n),
    "what waits to be sealed": lambda post, n: post.out.outbox(None, n),
    "reads not yet sealed": lambda post, n: post.read_log.waiting(n),
    "heads that moved": lambda post, n: post.into.moved_heads(0, n),
    "what was read at a place": lambda post, n: post.into.digest_at(Place(Stream(1, 1, b"channel1"), n)),
    "receipts": lambda post, n: post.handovers.receipts(Dot(1, 1, 1), n),
}
ALLOWED = 0
"""What SQLite wants of whoever is asked whether a statement may be compiled."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = make_store(tmp_path / "store.db")
    yield made
    made.close()


def connection_of(post: SqlPost) -> Connection:
    found: Connection = post.records.connection
    return found


@pytest.mark.parametrize("what", ASKED)
def test_with_another_value_nothing_is_compiled(store: SqlStore, what: str) -> None:
    compiled: list[object] = []

    def allow(*what: object) -> int:
        compiled.append(what)
        return ALLOWED

    with SqlPostOffice(store).transaction() as post:
        connection_of(post).set_authorizer(allow)
        ASKED[what](post, 1)
        assert compiled
        ASKED[what](post, 2)
        compiled.clear()
        ASKED[what](post, 3)
        assert not compiled
