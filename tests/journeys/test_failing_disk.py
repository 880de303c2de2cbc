"""Disk full and I/O errors at every k-th write of a day's script: nothing lost that was said saved, all said.

The failures are real: what SQLite and the program write is refused with a real error number, from the k-th
call on (a full disk), every k; or at the k-th alone (a bad block), every fifth. KIM_DISK_STEP=1 takes every k
of both.
"""

from __future__ import annotations

import errno
import os
from itertools import count
from pathlib import Path

import pytest

from app.domain.declarations import CONSENT, CONTACT
from app.domain.dots import Dot
from app.domain.errors import KimError
from app.domain.records import Record, new_record
from app.error_messages import ENTRIES
from app.services import attachments, cases
from app.services.backups import BackupState
from app.services.ports import Draft
from tests.support.backups import Alone, back_up, lone_computer, quietly
from tests.support.failing_disk import FailingDisk, failing_disk, smaller_files

EVERY_FIFTH = int(os.environ.get("KIM_DISK_STEP", "5"))
SAID = {
    "disk_full", "storage_unavailable", "vault_not_written", "backup_not_written", "attachment_not_written"
}  # fmt: skip
KINDS = {"disk full": (errno.ENOSPC, False, 1), "one bad block": (errno.EIO, True, EVERY_FIFTH)}
PARTS = 2
LIFE = 20
"""Days with one computer: in a store that grows and grows each of them costs more."""
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(9000)
Saved = list[Record]


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_write_of_a_day_may_fail(tmp_path: Path, kind: str, part: int) -> None:
    error, once, step = KINDS[kind]
    step *= PARTS
    with failing_disk(error=error, once=once) as disk:
        for first in count(1 + part * step // PARTS, step * LIFE):
            met = _live(tmp_path / str(first), disk, range(first, first + step * LIFE, step))
            if met < LIFE:
                break
    assert first + met * step > 300


def _live(folder: Path, disk: FailingDisk, failures: range) -> int:
    """Live through days that each meet a failure; gives how many did."""
    with lone_computer(folder) as alone:
        (folder / "picture.png").write_bytes(PICTURE)
        begun: Saved = []
        _open_case(alone, begun)
        met = [_day_with_a_failure(alone, disk, at, begun[0]) for at in failures]
        alone.place.session.store.check_integrity()  # type: ignore[attr-defined]  # SqlStore's own, not the port's
        assert {entry.state for entry in alone.place.backups.entries()} <= {BackupState.GOOD}
    return sum(met)


def _day_with_a_failure(alone: Alone, disk: FailingDisk, at: int, begun: Record) -> bool:
    saved = [_case(alone, [begun])]
    alone.place.close()
    disk.arm(at)
    refused: list[KimError] = []
    for act in (_unlock, _open_case, _note, _attach, _draft, _edit, _save_outside, _back_up):
        try:
            act(alone, saved)
        except KimError as error:
            refused.append(error)
            if act is _unlock:
                break
    met = disk.has_failed
    disk.mend()
    assert {error.error_id for error in refused} - SAID == set(), f"at write {at}"
    assert [error for error in refused if error.error_id not in ENTRIES] == []
    alone.reopen()
    _assert_saved(alone, saved, at)
    _edit(alone, saved)  # there is room again, and work goes on
    _assert_saved(alone, saved, at)
    return met


def _back_up(alone: Alone, _saved: Saved) -> None:
    back_up(alone)
    alone.clock.move(minutes=1)


def _unlock(alone: Alone, _saved: Saved) -> None:
    alone.reopen()


def _open_case(alone: Alone, saved: Saved) -> None:
    session = alone.place.session
    form = cases.new_case_file(session).edited(municipality="Lindau")
    case = cases.open_case_file(session, form).record
    saved.append(case)
    for kind in ("sheet", "consent"):
        entry = new_record(CONSENT, case.id, consent_kind=kind, given_on="2026-11-02", consent_form="oral")
        saved.append(cases.save_record(session, None, entry).record)


def _note(alone: Alone, saved: Saved) -> None:
    case = _case(alone, saved)
    entry = new_record(CONTACT, case.id, at=1, topics=("housing",), contact_note="looks for a flat")
    saved.append(cases.save_record(alone.place.session, None, entry).record)


def _attach(alone: Alone, saved: Saved) -> None:
    path = alone.stick.parent / "picture.png"
    case = _case(alone, saved).id
    assert case is not None
    entry = attachments.add(alone.place.session, case, path, "other", "a letter", quietly, lambda: False)
    saved.append(entry.record)


def _save_outside(alone: Alone, saved: Saved) -> None:
    target = alone.stick.parent / "taken.png"
    for record in [record for record in saved if record.type == "Attachment"]:
        target.unlink(missing_ok=True)
        attachments.save_outside(alone.place.session, record, target, quietly, lambda: False)
        assert target.read_bytes() == PICTURE


def _draft(alone: Alone, saved: Saved) -> None:
    case = _case(alone, saved)
    with alone.place.session.store.unit_of_work() as work:
        work.put_draft(Draft("CaseFile", case, {"concern": "half typed"}))


def _edit(alone: Alone, saved: Saved) -> None:
    case = _case(alone, saved)
    words = f"{case.text('concern')}x"[-20:]
    saved.append(cases.save_record(alone.place.session, case, case.edited(concern=words)).record)


def _case(alone: Alone, saved: Saved) -> Record:
    assert saved[0].id is not None
    found = alone.place.session.store.queries.record("CaseFile", saved[0].id)
    assert found is not None
    return found


def _assert_saved(alone: Alone, saved: Saved, at: int) -> None:
    queries = alone.place.session.store.queries
    newest: dict[tuple[str, Dot], Record] = {}
    for record in saved:
        assert record.id is not None
        newest[record.type, record.id] = record
    for (kind, name), record in newest.items():
        found = queries.record(kind, name)
        assert found is not None, f"{kind} lost at write {at}"
        assert dict(found.values) == dict(record.values), f"{kind} set back at write {at}"


@pytest.mark.parametrize("part", [0.0, 0.0005, 0.01, 0.25, 0.5, 0.75, 0.99, 0.999])
def test_a_stick_that_fills_up_anywhere_keeps_the_old_backups(tmp_path: Path, part: float) -> None:
    with lone_computer(tmp_path / "alone") as alone:
        _open_case(alone, [])
        first = back_up(alone)
        alone.clock.move(days=1)
        with smaller_files(int(first.size * part)), pytest.raises(KimError) as refused:
            back_up(alone)
        assert refused.value.error_id in {"backup_not_written", *SAID}
        assert alone.place.backups.entries() == (first,)
        assert list(alone.stick.glob("*.kimbackup*")) == [first.path]
        assert list(alone.home.glob("*.copy*")) == []
        alone.place.session.store.check_integrity()  # type: ignore[attr-defined]  # SqlStore's own, not the port's
