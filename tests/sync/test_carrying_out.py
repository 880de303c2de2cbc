"""Carrying out: confirmed when the last trace is gone, together once a day, tried again after a failure."""

from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.domain.orders import OrderKind
from app.services.restored import NotAgreedError
from app.storage.errors import StoreBusyError
from app.storage.store import SqlStore
from sync.recovery.restore import restore
from sync.workplace import Workplace
from tests.audit.vault import database_key
from tests.support.backups import PASSPHRASE, decrypted, decrypted_log, quietly
from tests.support.brought_back import back_up
from tests.support.district import District, edit_case, open_case, stored

WORD = "Quittenmarmelade"


@pytest.fixture
def ordered(district: District) -> tuple[District, bytes]:
    """An erasure that anna and sina have signed; anna's computer has not heard of the second signature."""
    case = open_case(district["anna"], WORD)
    district.round("anna", "sina")
    order = district["anna"].orders.issue(OrderKind.ERASE, "client_wish", case)
    district.round("anna", "sina")
    district["sina"].orders.sign(order)
    district.round("sina")
    return district, order


def confirmed(place: Workplace, order: bytes) -> int:
    return next(item.confirmed for item in place.orders.overview() if item.id == order)


def test_an_open_reader_keeps_it_unconfirmed_and_the_next_try_does_it(
    ordered: tuple[District, bytes],
) -> None:
    district, order = ordered
    anna = district["anna"]
    store = anna.session.store
    assert isinstance(store, SqlStore)
    store._writer.execute("PRAGMA busy_timeout = 100")  # not the five seconds that readers are given in life
    reading = store.queries._connection.execute("SELECT value FROM change")
    reading.fetchone()
    district.round("anna")
    with pytest.raises(StoreBusyError):
        anna.orders.carry_out()
    assert confirmed(anna, order) == 0
    reading.close()
    assert anna.orders.carry_out()
    assert confirmed(anna, order) == 1
    assert not anna.orders.carry_out()


def test_the_erasures_of_a_day_are_carried_out_together(district: District) -> None:
    def erased() -> Dot:
        case = open_case(district["anna"], WORD)
        order = district["anna"].orders.issue(OrderKind.ERASE, "client_wish", case)
        district.round("anna", "sina")
        district["sina"].orders.sign(order)
        district.round("sina", "anna")
        return case

    open_orders = "SELECT count(*) FROM standing_order WHERE done_ms IS NULL"
    erased()
    assert stored(district["anna"], open_orders) == [(0,)]
    erased()
    assert stored(district["anna"], open_orders) == [(1,)]
    district.people["anna"].clock.move(hours=21)
    district.round("anna")
    assert stored(district["anna"], open_orders) == [(0,)]


def test_a_backup_made_before_is_gone_once_it_is_confirmed(
    ordered: tuple[District, bytes], tmp_path: Path
) -> None:
    district, order = ordered
    anna = district["anna"]
    (tmp_path / "stick").mkdir()
    anna.backups.set_folder(tmp_path / "stick")
    before = anna.backups.make(quietly, lambda: False)
    district.people["anna"].clock.move(hours=1)
    district.round("anna")
    assert confirmed(anna, order) == 1
    assert not before.path.exists()
    assert len(anna.backups.entries()) == 1


def test_a_store_that_a_restore_put_aside_is_gone_once_it_is_confirmed(
    ordered: tuple[District, bytes], tmp_path: Path
) -> None:
    district, order = ordered
    person = district.people["anna"]
    backup = back_up(district, "anna", tmp_path / "stick")
    person.lock()
    anna = person.place = restore(
        person.home, backup.path, PASSPHRASE, clock=person.clock, entropy=person.entropy
    )
    (aside,) = person.home.glob("before-restore-*")
    assert WORD.encode() in pages(aside)
    with pytest.raises(NotAgreedError):
        anna.backups.remake()
    assert aside.exists()  # a person may still want it back
    anna.backups.agree()
    district.round("anna", "sina", "anna")
    assert confirmed(anna, order) == 2
    assert list(person.home.glob("before-restore-*")) == []


def test_an_erasure_that_was_cut_off_goes_on_after_opening(ordered: tuple[District, bytes]) -> None:
    district, order = ordered
    anna = district["anna"]
    with anna._engine.office.transaction() as post:
        post.rounds.put_state("scrubbed_ms", anna._engine.now_ms().to_bytes(8, "big"))
    district.round("anna")
    assert confirmed(anna, order) == 0
    district.people["anna"].lock()
    district["anna"].resume_orders()
    assert confirmed(district["anna"], order) == 1


def test_a_redacted_word_is_in_no_page(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, WORD)
    wrong = anna.session.store.queries.record("CaseFile", case)
    assert wrong is not None
    edit_case(anna, case, concern="Richtig")
    district.round("anna", "sina")
    order = anna.orders.issue(OrderKind.REDACT, "wrong_value", case, dots=wrong.shown["concern"])
    district.round("anna", "sina")
    sina.orders.sign(order)
    district.round("sina", "anna", "sina")
    for name in ("anna", "sina"):
        assert WORD.encode() not in readable(district, name)
        assert b"Richtig" in readable(district, name)


def readable(district: District, name: str) -> bytes:
    return pages(district.people[name].home)


def pages(home: Path) -> bytes:
    path, key = next(home.glob("*.db")), database_key(home / "vault.kim", PASSPHRASE)
    return decrypted(path, key) + decrypted_log(path.with_name(path.name + "-wal"), key)
