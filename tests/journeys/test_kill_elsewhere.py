"""Kill -9 while migrating, backing up and bringing back: nothing called saved is lost, work goes on."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from app.security.vault import open_with_passphrase
from app.services.backups import BackupState
from app.storage.backup_file import pieces, read_front
from app.storage.backup_reading import open_backup
from sync import compose
from sync.compose import HomeState
from sync.workplace import Workplace
from tests.journeys.migrating_process import open_with, with_further
from tests.support.backups import PASSPHRASE, Alone, back_up, decrypted, decrypted_log, lone_computer
from tests.support.district import open_case, stored
from tests.support.killing import PER_ACT, Killer, Saved, records

CONTROL = "Kontrollpfirsich"
"""A word that stays, so that the search for the others is known to find."""


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Alone]:
    with lone_computer(tmp_path / "alone") as made:
        yield made


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_while_backing_up(alone: Alone) -> None:
    killer, saved, named = Killer(), [], []
    alone.place.close()
    for kill in range(PER_ACT - PER_ACT // 2):
        lines = killer.run(
            "tests.journeys.backing_up_process", str(alone.home), f"{killer.seed}/{kill}", most_seconds=0.25
        )
        saved += records(lines)
        named += [line.split()[1] for line in lines if line.startswith("backup ")]
        alone.reopen()
        assert missing(alone.place, saved) == [], f"seed {killer.seed}"
        entries = alone.place.backups.entries()
        assert {entry.state for entry in entries} <= {BackupState.GOOD}
        assert not (alone.home / "store.db.copy").exists()
        alone.place.close()
    alone.reopen()
    last = back_up(alone)
    assert [path for path in alone.stick.iterdir() if path.suffix == ".part"] == []
    assert open_backup(last.path).header.made_ms == last.made_ms
    alone.place.session.store.check_integrity()  # type: ignore[attr-defined]  # SqlStore's own, not the port's
    assert saved


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_while_bringing_back(alone: Alone) -> None:
    killer, saved = Killer(), []
    before = open_case(alone.place)
    backup = back_up(alone).path
    alone.place.close()
    for kill in range(max(1, PER_ACT // 2)):
        lines = killer.run(
            "tests.journeys.backing_up_process",
            str(alone.home),
            f"{killer.seed}/{kill}",
            str(backup),
            most_seconds=0.4,
        )
        saved += records(lines)
        assert compose.home_state(alone.home) is HomeState.READY, f"seed {killer.seed}"
        alone.reopen()
        assert missing(alone.place, [("CaseFile", before)]) == []
        assert not (alone.home / "restoring").exists()
        alone.place.session.store.check_integrity()  # type: ignore[attr-defined]  # SqlStore's own
        alone.place.close()
    assert lost(alone, saved) == [], f"seed {killer.seed}"
    alone.reopen()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_while_migrating(alone: Alone, tmp_path: Path) -> None:
    killer = Killer()
    case = open_case(alone.place, "vor der Umstellung")
    alone.place.close()
    further = 0
    for kill in range(PER_ACT):
        further += 12
        seed = f"{killer.seed}/{kill}"
        killer.run("tests.journeys.migrating_process", str(alone.home), seed, str(further), most_seconds=0.25)
        open_with(alone.home, f"{seed}/after", further)
    known = with_further(further)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.storage.migrate.migrations", lambda: known)
        patch.setattr("app.storage.backup.migrations", lambda: known)
        alone.reopen()
        assert stored(alone.place, "PRAGMA user_version") == [(len(known),)], f"seed {killer.seed}"
        assert missing(alone.place, [("CaseFile", case)]) == []
        alone.place.session.store.check_integrity()  # type: ignore[attr-defined]  # SqlStore's own
        alone.place.close()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_while_erasing(alone: Alone) -> None:
    killer, gone = Killer(), dict[str, str]()
    kept: Saved = [("CaseFile", open_case(alone.place, CONTROL))]
    alone.place.close()
    for kill in range(PER_ACT):
        lines = killer.run(
            "tests.journeys.erasing_process", str(alone.home), f"{killer.seed}/{kill}", most_seconds=0.5
        )
        kept += records([line.replace("kept", "CaseFile") for line in lines if line.startswith("kept")])
        gone |= {line.split()[1]: line.split()[2] for line in lines if line.startswith(("gone ", "erased "))}
        erased = [line.split()[2] for line in lines if line.startswith("erased ")]
        assert hits(alone, [*erased, CONTROL]) == [CONTROL], f"seed {killer.seed}"
    alone.reopen().orders.carry_out()
    assert alone.place.backups.status().debts == ()
    assert missing(alone.place, kept) == [], f"seed {killer.seed}"
    assert hits(alone, [*gone.values(), CONTROL]) == [CONTROL], f"seed {killer.seed}"
    assert gone
    alone.place.session.store.check_integrity()  # type: ignore[attr-defined]  # SqlStore's own


def hits(alone: Alone, words: Iterable[str]) -> list[str]:
    """Give the words that stand in decrypted pages of the store, its log or a backup, free pages included."""
    with open_with_passphrase(alone.home / "vault.kim", PASSPHRASE, alone.clock) as vault:
        key = vault.database_key
    pages = decrypted(alone.home / "store.db", key) + decrypted_log(alone.home / "store.db-wal", key)
    for backup in alone.stick.glob("*.kimbackup"):
        copy = alone.stick.parent / "copy.db"
        with backup.open("rb") as file:
            copy.write_bytes(b"".join(pieces(file, read_front(file).header)))
        pages += decrypted(copy, key)
    return [word for word in words if word.encode() in pages]


def missing(place: Workplace, saved: Saved) -> Saved:
    """Give what was called saved and is not there."""
    queries = place.session.store.queries
    return [name for name in saved if queries.record(*name) is None]


def lost(alone: Alone, saved: Saved) -> Saved:
    """Give what was called saved and lies neither in the store nor in one that was put aside."""
    left = set(saved)
    for home in (alone.home, *alone.home.glob("before-restore-*")):
        place = compose.unlock(home, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
        left &= set(missing(place, list(left)))
        place.close()
    shutil.rmtree(alone.home / "backups", ignore_errors=True)
    return sorted(left)
