"""Several envelopes' worth: little is held at a time, rounds can be stopped, what fits none stops nothing."""

from __future__ import annotations

import resource

import pytest

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from app.storage.unit_of_work import StoreUnitOfWork
from sync.carriers import RoundCancelledError
from sync.encoding import wire
from sync.rounds.moved import MOST, MovedRecords
from sync.workplace import Workplace
from tests.support.district import District, case_file, edit_case, open_case

MEGABYTE = 1024
CHANGES = 10_000


def write_many(place: Workplace, case: Dot, count: int) -> None:
    """Write directly into log and outbox: saves would take minutes."""
    engine = place._engine
    with engine.office.transaction() as post:
        work = post.records
        assert isinstance(work, StoreUnitOfWork)
        made: list[Change] = []
        for number in range(count):
            dot = work._stamps.next_dot()
            values = {"contact_note": f"Gespräch {number}: {engine.entropy.bytes(20).hex()}"}
            made.append(
                Change(
                    dot,
                    case,
                    dot,
                    "Contact",
                    "talk",
                    RegisterClass.BASE,
                    wire.encode(values),
                    Context(),
                    work._stamps.next_hlc(),
                    engine.me.id,
                    1,
                )
            )
        work._post_own(made)


def peak() -> int:
    """Kilobytes that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.slow
def test_many_thousand_changes_come_with_progress_and_flat_memory(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "viel geschrieben")
    write_many(anna, case, CHANGES)
    district.round("anna")
    seen: list[int] = []
    with pytest.raises(RoundCancelledError):
        sina.run_round(lambda done, _total: seen.append(done), lambda: len(seen) > 20)
    before = peak()
    report = sina.run_round(lambda done, _total: seen.append(done), lambda: False)
    assert peak() - before < 60 * MEGABYTE
    assert report.envelopes_down > 3
    assert len(report.changed) <= MOST
    with sina._engine.office.transaction() as post:
        work = post.records
        assert isinstance(work, StoreUnitOfWork)
        ((count,),) = work.connection.execute("SELECT count(*) FROM change WHERE type = 'Contact'").fetchall()
    assert count == CHANGES
    assert sina.status().gaps == ()


def test_what_moved_names_case_files_when_it_is_much() -> None:
    moved = MovedRecords()
    case = Dot(1, 1, 1)
    moved.add(("Contact", Dot(1, 1, number), case) for number in range(2, MOST + 3))
    assert moved.all == {("CaseFile", case, case)}
    moved.add([("Employer", Dot(1, 2, 1), None), ("Contact", Dot(1, 2, 2), case)])
    assert moved.all == {("CaseFile", case, case), ("Employer", Dot(1, 2, 1), None)}


@pytest.mark.slow
def test_change_that_fits_no_envelope_stops_nothing_and_is_said(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "erst")
    district.round("anna", "sina")
    with anna._engine.office.transaction() as post:
        work = post.records
        assert isinstance(work, StoreUnitOfWork)
        covers = Context.of(Dot(5, 5, seq) for seq in range(1, wire.CONTEXT_LIMIT + 2))
        stamps, value = work._stamps, wire.encode({"recognition_word": "Storch"})
        dot, hlc = stamps.next_dot(), stamps.next_hlc()
        cls, me = RegisterClass.BASE, anna.session.me
        work._post_own([Change(dot, case, case, "CaseFile", "recognition", cls, value, covers, hlc, me, 1)])
    edit_case(anna, case, concern="danach")
    district.round("anna", "sina")
    assert case_file(sina, case).text("concern") == "danach"
    assert case_file(sina, case).text("recognition_word") == ""
    status = anna.status()
    assert (status.too_large, status.delivery.waiting) == (1, 1)
