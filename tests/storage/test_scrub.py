"""What was taken out lies in no page, not even between the rows of one that was filled anew."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.domain.records import Record
from app.services import cases
from app.services.ports import Session
from app.storage.mailbox import SqlPostOffice
from tests.support.backups import decrypted, decrypted_log
from tests.support.stores import KEY, make_session, make_store

CASES = 12
EDITS = 150
WORD = "sonnenblumenkern"
SEEDS = (7, 31)
"""Two of forty in which rows moved and left their bytes behind: found by a history of the simulation."""


def opened(session: Session) -> Record:
    form = cases.new_case_file(session).edited(municipality="Lindau", speaks=("uk",))
    return cases.open_case_file(session, form).record


def edit_at_random(session: Session, files: list[Record], chance: random.Random) -> None:
    """Edit case files with texts of any length, the word in every second: rows move between pages."""
    for _ in range(EDITS):
        at = chance.randrange(len(files))
        text = f"{'' if at % 2 else WORD}{chance.randbytes(chance.randrange(1, 400)).hex()}"
        files[at] = cases.save_record(session, files[at], files[at].edited(municipality=text)).record


@pytest.mark.parametrize("seed", SEEDS)
def test_no_page_holds_a_word_of_a_case_file_that_was_taken_out(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "anna.db"
    store = make_store(path, seed=seed)
    session, office = make_session(store), SqlPostOffice(store)
    files = [opened(session) for _ in range(CASES)]
    edit_at_random(session, files, random.Random(seed))
    with office.transaction() as post:
        for gone in (item.id for item in files[::2]):
            assert gone is not None
            post.orders.give_up(gone)
    office.scrub()
    pages = decrypted(path, KEY) + decrypted_log(path.with_name("anna.db-wal"), KEY)
    assert pages.count(WORD.encode()) == 0
    assert [store.queries.record("CaseFile", item.id) for item in files[1::2] if item.id] == files[1::2]
    store.close()
