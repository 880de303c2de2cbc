"""Making backups, through compose: what they hold, what they never hold, when they go."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import cbor2
import pytest

from app.services.backups import DAY_MS, BackupState, Told
from app.storage.backup_file import MARK, read_backup_header, read_front
from app.storage.backup_reading import extract_database
from app.storage.errors import (
    BackupFolderMissingError,
    BackupNotWrittenError,
    BackupStoppedError,
    StorageUnavailableError,
)
from app.storage.migrate import migrations
from sync.recovery.backups import NoBackupFolderError
from sync.recovery.restore import restore
from sync.workplace import Workplace
from tests.support.backups import PASSPHRASE, Alone, back_up, decrypted, lone_computer, quietly
from tests.support.district import District, case_file, open_case
from tests.support.failing_disk import smaller_files

ORDERS = "kim-mobil-MUS-0000.orders"
"""The signed list of orders that lies beside the backups."""


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Alone]:
    with lone_computer(tmp_path / "alone") as made:
        yield made


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_backup_is_read_back_and_listed(alone: Alone) -> None:
    entry = back_up(alone)
    (listed,) = alone.place.backups.entries()
    assert listed == entry
    assert (entry.own, entry.state.value, entry.generation) == (True, "good", 0)
    status = alone.place.backups.status()
    assert (status.folder, status.reachable, status.overdue) == (str(alone.stick), True, False)
    assert status.last_ms == entry.made_ms
    assert files(alone.stick) == {entry.path.name, ORDERS}
    assert not (alone.home / "store.db.copy").exists()


def test_backups_hold_neither_prekeys_nor_channel_keys(district: District, tmp_path: Path) -> None:
    anna = district["anna"]
    open_case(anna)
    district.round("anna", "sina", "anna")
    secrets = short_lived(anna)
    assert len(secrets) >= 2
    anna.backups.set_folder(tmp_path)
    entry = anna.backups.make(quietly, lambda: False)
    vault_key = anna.backups._places._source.key  # type: ignore[attr-defined]  # the implementation's own
    extract_database(entry.path, read_backup_header(entry.path), tmp_path / "out.db", vault_key)
    pages = decrypted(tmp_path / "out.db", vault_key)
    assert [secret for secret in secrets if secret in pages] == []
    assert anna.roster.code.encode() in pages


def test_a_store_that_was_put_aside_keeps_neither_once_a_person_agreed(
    district: District, tmp_path: Path
) -> None:
    person, stick = district.people["anna"], tmp_path / "stick"
    stick.mkdir()
    open_case(district["anna"])
    district.round("anna", "sina", "anna")
    anna = district["anna"]
    secrets, key = short_lived(anna), anna.backups._places._source.key  # type: ignore[attr-defined]  # the implementation's own
    anna.backups.set_folder(stick)
    entry = anna.backups.make(quietly, lambda: False)
    person.lock()
    person.place = restore(person.home, entry.path, PASSPHRASE, clock=person.clock, entropy=person.entropy)
    (aside,) = person.home.glob("before-restore-*")
    assert kept_in(aside, key, secrets) == secrets, "a person may still want to go on with it"
    person.place.backups.agree()
    assert kept_in(aside, key, secrets) == set()
    assert person.place.roster.code.encode() in decrypted(aside / "store.db", key)


def kept_in(home: Path, key: bytes, secrets: set[bytes]) -> set[bytes]:
    logs = b"".join(path.read_bytes() for path in home.glob("store.db-*"))
    pages = decrypted(home / "store.db", key)
    assert logs == b""
    return {secret for secret in secrets if secret in pages}


def short_lived(place: Workplace) -> set[bytes]:
    with place._engine.office.transaction() as post:
        rows = post.records.connection.execute(  # type: ignore[attr-defined]  # the storage's own
            "SELECT private FROM own_prekey UNION SELECT key FROM channel_key"
        )
        return {bytes(row[0]) for row in rows}


def test_a_newer_format_is_told_from_damage(alone: Alone) -> None:
    entry = back_up(alone)
    with entry.path.open("rb") as file:
        front = read_front(file)
        rest = file.read()
    head = front.signed[:9] + (2).to_bytes(2, "big") + front.signed[11:] + front.mac
    entry.path.write_bytes(head + hashlib.sha256(head).digest() + rest)
    (listed,) = alone.place.backups.entries()
    assert (listed.state, listed.own) == (BackupState.NEWER, False)


FIELDS = ("made_ms", "generation", "district", "device", "schema", "vault", "size", "digest")


def unfolding() -> bytes:
    """A list that is small by references and would be written out as gigabytes."""
    level: list[object] = [0]
    for _ in range(40):
        level = [level, level]
    return cbor2.dumps(level, value_sharing=True)


FORGED = {
    "unfolding": unfolding(),
    "a message": cbor2.dumps(cbor2.CBORTag(36, "x")),
    "a fraction by zero": cbor2.dumps(cbor2.CBORTag(30, [1, 0])),
    "deep": b"\x81" * 5000 + b"\x80",
    "by reference": cbor2.dumps(cbor2.CBORTag(28, [1])),
    "a number": cbor2.dumps(1 << 40),
    "a float": cbor2.dumps(1.5),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_strange_header_is_listed_as_damaged_beside_the_good_ones(alone: Alone, name: str) -> None:
    good = back_up(alone)
    body = b"\xa8" + b"".join(cbor2.dumps(field) + FORGED[name] for field in FIELDS)
    head = MARK + (1).to_bytes(2, "big") + len(body).to_bytes(4, "big") + body + bytes(32)
    (alone.stick / "strange.kimbackup").write_bytes(head + hashlib.sha256(head).digest())
    told = {entry.path.name: entry.state for entry in alone.place.backups.entries()}
    assert told == {good.path.name: BackupState.GOOD, "strange.kimbackup": BackupState.DAMAGED}


def test_a_folder_that_vanishes_is_said_and_nothing_else_changes(alone: Alone) -> None:
    back_up(alone)
    shutil.move(alone.stick, alone.stick.with_name("away"))
    with pytest.raises(BackupFolderMissingError):
        back_up(alone)
    assert alone.place.backups.status().reachable is False
    shutil.move(alone.stick.with_name("away"), alone.stick)
    assert len(alone.place.backups.entries()) == 1


def test_a_full_folder_is_said_and_the_old_backups_stay(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = back_up(alone)
    alone.clock.move(days=1)
    free = shutil.disk_usage  # the real disk is not filled; a real limit on the size of a file stands for it
    assert free(alone.stick).free > 0
    with smaller_files(first.size // 2), pytest.raises((BackupNotWrittenError, StorageUnavailableError)):
        back_up(alone)
    assert files(alone.stick) == {first.path.name, ORDERS}
    assert alone.place.backups.entries() == (first,)
    assert files(alone.home) & {"store.db.copy"} == set()
    back_up(alone)


def test_a_read_only_folder_is_said(alone: Alone) -> None:
    place = Path("/proc")
    alone.place.backups.set_folder(place)
    with pytest.raises(BackupNotWrittenError):
        back_up(alone)


def test_without_a_folder_it_is_said(alone: Alone, tmp_path: Path) -> None:
    with alone.place.session.store.unit_of_work() as work:
        work.put_setting("backup_folder", "")
    with pytest.raises(NoBackupFolderError):
        back_up(alone)
    assert alone.place.backups.make_if_due(quietly, lambda: False) is None
    alone.place.backups.set_folder(tmp_path / "none")
    with pytest.raises(BackupFolderMissingError):
        back_up(alone)
    assert alone.place.backups.make_if_due(quietly, lambda: False) is None


def test_somebody_may_stop_it_at_any_step(alone: Alone) -> None:
    for allowed in range(2):
        asked = iter([False] * allowed)
        with pytest.raises(BackupStoppedError):
            alone.place.backups.make(quietly, lambda asked=asked: next(asked, True))
        assert files(alone.stick) == set()


def test_a_backup_of_the_same_second_lies_beside_the_earlier_one(alone: Alone, tmp_path: Path) -> None:
    """A clock that was set back, or a disk, names the second again."""
    first = back_up(alone)
    kept = first.path.read_bytes()
    case = open_case(alone.place)
    told = Told(quietly, lambda: False)
    later = [alone.place.backups._places.make(alone.stick, first.made_ms, 0, told) for _ in range(2)]
    assert [entry.path.stem for entry in later] == [f"{first.path.stem}-2", f"{first.path.stem}-3"]
    assert first.path.read_bytes() == kept
    listed = alone.place.backups.check(quietly, lambda: False)
    assert {entry.path for entry in listed} == {first.path, *(entry.path for entry in later)}
    assert {(entry.state, entry.own, entry.made_ms) for entry in listed} == {
        (BackupState.CHECKED, True, first.made_ms)
    }
    place = restore(tmp_path / "new", later[0].path, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
    assert case_file(place, case).id == case
    place.close()


def test_thinning_takes_those_of_one_second_as_of_one_day(alone: Alone) -> None:
    back_up(alone)
    second = back_up(alone)
    assert [entry.path for entry in alone.place.backups.entries()] == [second.path]
    alone.clock.move(days=40)
    last = back_up(alone)
    assert [entry.path for entry in alone.place.backups.entries()] == [last.path]


def test_daily_and_thinned_by_age(alone: Alone) -> None:
    made = []
    for _day in range(60):
        entry = alone.place.backups.make_if_due(quietly, lambda: False)
        assert entry is not None
        made.append(entry.made_ms)
        assert alone.place.backups.make_if_due(quietly, lambda: False) is None
        alone.clock.move(days=1)
    listed = [entry.made_ms for entry in alone.place.backups.entries()]
    ages = [round((made[-1] - at) / DAY_MS) for at in listed]
    assert ages[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert len(listed) in {10, 11, 12}
    assert max(ages) <= 35
    gaps = [after - before for before, after in pairwise(ages[7:])]
    assert max(gaps) == 7


def test_no_backup_for_seven_days_is_warned_about(alone: Alone) -> None:
    assert alone.place.backups.status().overdue is False
    alone.clock.move(days=8)
    assert alone.place.backups.status().overdue is True
    back_up(alone)
    assert alone.place.backups.status().overdue is False


def test_after_an_erasure_the_older_ones_go(alone: Alone) -> None:
    first = back_up(alone)
    alone.clock.move(days=1)
    assert alone.place.backups.remake() == ()
    (left,) = alone.place.backups.entries()
    assert left.generation == 1
    assert left.path != first.path


def test_what_cannot_be_reached_after_an_erasure_is_owed_and_settled_later(alone: Alone) -> None:
    first = back_up(alone)
    away = alone.stick.with_name("away")
    shutil.move(alone.stick, away)
    (debt,) = alone.place.backups.remake()
    assert debt.place == str(alone.stick)
    place = alone.reopen()
    assert place.backups.status().debts == (debt,)
    shutil.move(away, alone.stick)
    alone.clock.move(hours=1)
    assert place.backups.make_if_due(quietly, lambda: False) is not None
    assert place.backups.status().debts == ()
    assert not first.path.exists()
    assert len(place.backups.entries()) == 1


def test_before_an_upgrade_a_backup_is_made(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    case = open_case(alone.place)
    before = migrations()
    newer = (*before, "CREATE TABLE something_new (id INTEGER PRIMARY KEY);")
    alone.place.close()
    monkeypatch.setattr("app.storage.backup.migrations", lambda: newer)
    monkeypatch.setattr("app.storage.migrate.migrations", lambda: newer)
    place = alone.reopen()
    (entry,) = place.backups.entries()
    assert read_backup_header(entry.path).header.schema == len(before)
    assert case_file(place, case).id == case
    alone.reopen()
    assert len(alone.place.backups.entries()) == 1


def test_before_an_upgrade_without_a_stick_it_lies_beside_the_store(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = (*migrations(), "CREATE TABLE something_new (id INTEGER PRIMARY KEY);")
    shutil.rmtree(alone.stick)
    alone.place.close()
    monkeypatch.setattr("app.storage.backup.migrations", lambda: newer)
    monkeypatch.setattr("app.storage.migrate.migrations", lambda: newer)
    alone.reopen()
    (kept,) = (alone.home / "backups").iterdir()
    assert read_backup_header(kept).header.schema == len(newer) - 1


def test_a_clock_that_was_set_back_never_deletes_the_backup_just_made(alone: Alone) -> None:
    first = back_up(alone)
    alone.clock.move(hours=-1)
    second = back_up(alone)
    alone.clock.move(days=-400)
    third = back_up(alone)
    assert {entry.path for entry in alone.place.backups.entries()} == {first.path, second.path, third.path}
    alone.clock.move(days=4000)
    fourth = back_up(alone)
    assert [entry.path for entry in alone.place.backups.entries()] == [fourth.path]


def test_a_damaged_own_backup_goes_with_an_erasure_and_by_its_age(alone: Alone) -> None:
    for delete in (alone.place.backups.remake, lambda: alone.clock.move(days=36)):
        cut = back_up(alone).path
        cut.write_bytes(cut.read_bytes()[:-4096])
        (listed,) = [entry for entry in alone.place.backups.entries() if entry.path == cut]
        assert (listed.state, listed.own) == (BackupState.DAMAGED, True)
        alone.clock.move(hours=1)
        delete()
        back_up(alone)
        assert not cut.exists()
