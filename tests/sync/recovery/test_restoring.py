"""Bringing a backup back, through compose: what a restored store is, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.errors import KimError
from app.security.errors import WrongPassphraseError
from app.services.restored import NotAgreedError, agree, restored
from app.storage.errors import (
    BackupDamagedError,
    BackupNotReadError,
    ForeignBackupError,
    NewerBackupError,
)
from sync import compose
from sync.recovery.restore import restore, restore_with_recovery_key
from sync.workplace import Workplace
from tests.support.backups import CHEAP, PASSPHRASE, Alone, back_up, forged, lone_computer, quietly
from tests.support.district import case_file, edit_case, open_case


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Alone]:
    with lone_computer(tmp_path / "alone") as made:
        yield made


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def prekeys(place: Workplace) -> set[bytes]:
    with place._engine.office.transaction() as post:
        return {prekey.id for prekey in post.keys.own_prekeys()}


def test_a_backup_comes_back_on_an_empty_computer_by_passphrase(alone: Alone, tmp_path: Path) -> None:
    case = open_case(alone.place, "Sucht eine Wohnung")
    entry = back_up(alone)
    place = restore(tmp_path / "new", entry.path, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
    assert case_file(place, case).text("concern") == "Sucht eine Wohnung"
    found = restored(place.session.store.queries)
    assert found is not None
    assert (found.made_ms, found.agreed, found.orders_taken) == (entry.made_ms, False, False)
    place.close()
    assert files(tmp_path / "new") == {"store.db", "store.db.lock", "vault.kim", "vault.kim.attempts"}


def test_a_backup_comes_back_by_the_recovery_key_under_a_new_passphrase(alone: Alone, tmp_path: Path) -> None:
    case = open_case(alone.place)
    entry = back_up(alone)
    home, phrase = tmp_path / "new", "ein neuer Satz für diese Tests"
    place = restore_with_recovery_key(
        home,
        entry.path,
        alone.recovery_key,
        phrase,
        clock=alone.clock,
        entropy=alone.entropy,
        cost=CHEAP,
    )
    place.close()
    place = compose.unlock(home, phrase, clock=alone.clock, entropy=alone.entropy)
    assert case_file(place, case).id == case
    place.close()


def test_a_restored_store_has_a_session_a_prekey_and_a_number_block_of_its_own(
    alone: Alone, tmp_path: Path
) -> None:
    open_case(alone.place)
    numbers = alone.place.session.store.queries.setting("case_numbers")
    before = prekeys(alone.place)
    entry = back_up(alone)
    place = restore(tmp_path / "new", entry.path, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
    assert place.session.store.session != alone.place.session.store.session  # type: ignore[attr-defined]  # SqlStore's own
    assert len(prekeys(place)) == 1
    assert prekeys(place) & before == set()
    after = place.session.store.queries.setting("case_numbers")
    assert numbers is not None
    assert '"block": null' not in numbers
    assert after is not None
    assert '"block": null' in after
    place.close()


def test_no_round_runs_before_a_person_agreed(alone: Alone, tmp_path: Path) -> None:
    entry = back_up(alone)
    place = restore(tmp_path / "new", entry.path, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
    with pytest.raises(NotAgreedError):
        place.run_round(quietly, lambda: False)
    with place.session.store.unit_of_work() as work:
        agree(work)
    with pytest.raises(KimError) as refused:  # this district has no relay
        place.run_round(quietly, lambda: False)
    assert refused.type is not NotAgreedError
    place.close()


def test_the_old_store_is_kept_beside_the_restored_one(alone: Alone) -> None:
    case = open_case(alone.place, "vor der Sicherung")
    entry = back_up(alone)
    edit_case(alone.place, case, concern="nach der Sicherung")
    alone.place.close()
    place = restore(alone.home, entry.path, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
    assert case_file(place, case).text("concern") == "vor der Sicherung"
    place.close()
    (aside,) = alone.home.glob("before-restore-*")
    kept = compose.unlock(aside, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
    assert case_file(kept, case).text("concern") == "nach der Sicherung"
    kept.close()


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _data: b"",
    "cut in the header": lambda data: data[:40],
    "cut in the database": lambda data: data[: len(data) // 2],
    "last byte missing": lambda data: data[:-1],
    "one byte more": lambda data: data + b"\0",
    "twice": lambda data: data * 2,
    "bit of the mark": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "bit of the header": lambda data: data[:60] + bytes([data[60] ^ 16]) + data[61:],
    "bit of the database": lambda data: data[:-9000] + bytes([data[-9000] ^ 4]) + data[-8999:],
    "oversized header": lambda data: data[:11] + b"\xff\xff\xff\xff" + data[15:],
    "header swapped for one of another key": forged,
}


@pytest.mark.parametrize("name", sorted(DAMAGE))
def test_a_damaged_backup_is_refused_and_nothing_is_left_behind(
    alone: Alone, tmp_path: Path, name: str
) -> None:
    entry = back_up(alone)
    bad = tmp_path / "bad.kimbackup"
    bad.write_bytes(DAMAGE[name](entry.path.read_bytes()))
    alone.place.close()
    before = files(alone.home)
    with pytest.raises(BackupDamagedError):
        restore(alone.home, bad, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
    assert files(alone.home) == before
    with pytest.raises(BackupDamagedError):
        restore(tmp_path / "new", bad, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
    assert compose.home_state(tmp_path / "new") is compose.HomeState.EMPTY
    compose.unlock(alone.home, PASSPHRASE, clock=alone.clock, entropy=alone.entropy).close()


def test_a_newer_programs_backup_is_refused_untouched(
    alone: Alone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = back_up(alone)
    monkeypatch.setattr("app.storage.backup_reading.migrations", lambda: ("",))
    with pytest.raises(NewerBackupError):
        restore(tmp_path / "new", entry.path, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
    data = bytearray(entry.path.read_bytes())
    assert compose.home_state(tmp_path / "new") is compose.HomeState.EMPTY
    assert bytes(data) == entry.path.read_bytes()


def test_another_stores_backup_is_refused_where_a_store_lies(alone: Alone, tmp_path: Path) -> None:
    entry = back_up(alone)
    with lone_computer(tmp_path / "other", "other") as other:
        other.place.close()
        before = files(other.home)
        with pytest.raises(ForeignBackupError):
            restore(other.home, entry.path, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
        assert files(other.home) == before


def test_a_wrong_passphrase_brings_nothing_back(alone: Alone, tmp_path: Path) -> None:
    entry = back_up(alone)
    with pytest.raises(WrongPassphraseError):
        restore(tmp_path / "new", entry.path, "ganz anders", clock=alone.clock, entropy=alone.entropy)
    assert files(tmp_path / "new") == {"store.db.lock"}


def test_a_backup_that_is_not_there_is_said(alone: Alone, tmp_path: Path) -> None:
    gone = tmp_path / "gone.kimbackup"
    with pytest.raises(BackupNotReadError):
        restore(tmp_path / "new", gone, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)


def test_a_store_that_was_put_aside_ages_out_like_a_backup_and_without_a_folder_for_any(alone: Alone) -> None:
    entry = back_up(alone)
    alone.place.close()
    alone.place = restore(alone.home, entry.path, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
    alone.place.backups.set_folder(alone.stick / "taken away")
    alone.clock.move(days=34)
    assert alone.place.backups.make_if_due(quietly, lambda: False) is None
    assert len(list(alone.home.glob("before-restore-*"))) == 1
    alone.clock.move(days=2)
    assert alone.place.backups.make_if_due(quietly, lambda: False) is None
    assert list(alone.home.glob("before-restore-*")) == []


def test_who_works_alone_waits_for_no_orders_after_a_restore(alone: Alone, tmp_path: Path) -> None:
    entry = back_up(alone)
    place = restore(tmp_path / "new", entry.path, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
    place.backups.agree()
    assert place.backups.restored is None
    place.close()
