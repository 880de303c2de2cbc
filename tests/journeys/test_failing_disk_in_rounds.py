"""Disk full or a bad block at the k-th write of a round: what was saved stays, the next round goes on."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.domain.errors import KimError
from app.error_messages import ENTRIES
from tests.support.district import District, case_file, edit_case, open_case
from tests.support.failing_disk import FailingDisk, failing_disk

STEP = int(os.environ.get("KIM_DISK_STEP", "5"))
SAID = {"disk_full", "storage_unavailable"}
KINDS = {"disk full": (errno.ENOSPC, False), "one bad block": (errno.EIO, True)}


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    with District.found(tmp_path / "district") as founded:
        founded.join("anna")
        founded.round("sina", "anna", "sina")
        yield founded


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_write_of_a_round_may_fail(district: District, kind: str) -> None:
    error, once = KINDS[kind]
    case = open_case(district["anna"])
    district.round("anna", "sina", "anna")
    with failing_disk(error=error, once=once) as disk:
        for at in count(1, STEP):
            if not _rounds_with_a_failure(district, disk, case, at):
                break
    assert at > 20
    district.round("anna", "sina", "anna", "sina", "anna")
    for name in ("anna", "sina"):
        place = district[name]
        place.session.store.check_integrity()  # type: ignore[attr-defined]  # SqlStore's own, not the port's
        assert (place.status().parcels, place.status().gaps) == ((), ())
        assert place.session.store.queries.conflicts(5) == ()


def _rounds_with_a_failure(district: District, disk: FailingDisk, case: Dot, at: int) -> bool:
    """Both write and sync; one disk, which is both's here, fails at write `at`, and is mended."""
    words = f"Schreibvorgang {at}"
    edit_case(district["anna"], case, concern=words)
    disk.arm(at)
    refused: list[KimError] = []
    for name in ("anna", "sina", "anna"):
        try:
            district.round(name)
        except KimError as error:
            refused.append(error)
    met = disk.has_failed
    disk.mend()
    assert {error.error_id for error in refused} <= SAID & set(ENTRIES), f"at write {at}"
    assert case_file(district["anna"], case).text("concern") == words
    if at % 3 == 0:
        district.people["anna"].lock()
    district.round("anna", "sina")
    assert case_file(district["sina"], case).text("concern") == words, f"at write {at}"
    return met
