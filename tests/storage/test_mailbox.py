"""What the relay said it holds, as runs; whatever order its words come in."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.services.mailbox import (
    OWN,
    ParcelKind,
    ParcelState,
    Place,
    ReceivedEnvelope,
    RelayRun,
    RoundReport,
    SealedEnvelope,
    StoredParcel,
    Stream,
    StreamGap,
)
from app.storage.mailbox import SqlPostOffice
from app.storage.store import Worker, open_store
from tests.support.ports import SeededEntropy, SteeredClock

CHANNEL = b"channel1"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SqlPostOffice]:
    """A store of its own."""
    store = open_store(
        tmp_path / "store.db", bytes(32), Worker(7, 1, False), SteeredClock(), SeededEntropy("m"), create=True
    )
    yield SqlPostOffice(store)
    store.close()


def envelope(n: int, session: int = 2**64 - 1) -> SealedEnvelope:
    return SealedEnvelope(session, CHANNEL, n, 1, bytes([n]) * 32, b"sealed", n)


@pytest.mark.parametrize("order", list(permutations((1, 2, 3, 4))))
def test_runs_join_whatever_the_order(office: SqlPostOffice, order: tuple[int, ...]) -> None:
    with office.transaction() as post:
        for n in order:
            post.out.note_at_relay(envelope(n))
            post.out.note_at_relay(envelope(n))
        assert post.out.runs() == (RelayRun(2**64 - 1, CHANNEL, 1, 4, bytes([4]) * 32),)


def test_runs_keep_their_hole(office: SqlPostOffice) -> None:
    with office.transaction() as post:
        for n in (1, 3, 4):
            post.out.note_at_relay(envelope(n))
        assert [(run.first, run.last) for run in post.out.runs()] == [(1, 1), (3, 4)]


def test_unsent_is_what_no_run_holds(office: SqlPostOffice) -> None:
    with office.transaction() as post:
        for n in (1, 2, 3):
            post.out.put_sealed(envelope(n), [])
        post.out.note_at_relay(envelope(2))
        assert [item.n for item in post.out.unsent()] == [1, 3]
        post.out.replace_runs([])
        assert [item.n for item in post.out.unsent()] == [1, 2, 3]


def test_void_steps_back_to_the_head_before(office: SqlPostOffice) -> None:
    with office.transaction() as post:
        for n in (1, 2, 3):
            post.out.put_sealed(envelope(n), [])
        post.out.void([envelope(2), envelope(3)])
        head = post.out.own_head(CHANNEL)
        assert head is not None
        assert (head.n, head.digest) == (1, bytes([1]) * 32)


def test_void_steps_back_to_the_last_of_the_session_though_the_clock_was_set_back(
    office: SqlPostOffice,
) -> None:
    with office.transaction() as post:
        for n, at_ms in ((1, 90), (2, 30), (3, 40)):
            post.out.put_sealed(replace(envelope(n), at_ms=at_ms), ())
        post.out.void([envelope(3)])
        head = post.out.own_head(CHANNEL)
    assert head is not None
    assert head.n == 2


def test_what_others_signed_for_and_is_not_here_is_lost_but_for_what_was_voided(
    office: SqlPostOffice,
) -> None:
    """A voided envelope may have left where the answer was cut: whoever got it signs for it."""
    with office.transaction() as post:
        for n in (1, 2):
            post.out.put_sealed(envelope(n), [])
        post.out.void([envelope(2)])
        post.out.put_ack(4, 2**64 - 1, CHANNEL, 2, 100)
        assert post.out.lost() == ()
        post.out.put_ack(4, 9, CHANNEL, 3, 101)
        post.out.replace_runs([RelayRun(9, CHANNEL, 2, 4, bytes(32))])
        assert post.out.lost() == (
            StreamGap(Stream(OWN, 9, CHANNEL), 1, 3),
            StreamGap(Stream(OWN, 9, CHANNEL), 4, 4),
        )


def test_one_stream_may_follow_what_was_told_and_no_second(office: SqlPostOffice) -> None:
    with office.transaction() as post:
        post.into.tell_through(Stream(3, 1, CHANNEL), 4, 10)
        for session in (2, 3):
            place = Place(Stream(3, session, CHANNEL), 1)
            digest, before = bytes([session]) * 32, bytes([session + 100]) * 32
            post.into.put_received(ReceivedEnvelope(place, digest, before, b"", session))
        assert post.into.gaps() == (StreamGap(Stream(3, 3, CHANNEL), 0, 0),)
        post.into.tell_through(Stream(3, 3, CHANNEL), 0, 10)
        assert post.into.gaps() == ()


def test_what_is_kept_unread_is_not_said_to_be_read(office: SqlPostOffice) -> None:
    """Whoever lost it with their disk is told what was read here, and would ask nobody for the rest."""
    with office.transaction() as post:
        stream = Stream(3, 1, CHANNEL)
        for n in (1, 3):
            post.into.put_received(ReceivedEnvelope(Place(stream, n), bytes([n]) * 32, b"", b"", n))
        post.into.put_parcel(
            StoredParcel(
                b"d" * 32, ParcelKind.ENVELOPE, ParcelState.HELD, "lacks_record", 2, b"", 3, Place(stream, 2)
            )
        )
        post.into.tell_through(stream, 2, 10)
        assert [reached for *_, reached in post.into.read_streams(3)] == [1]
        assert [post.into.is_told(Place(stream, n)) for n in (2, 3)] == [True, False]


def test_a_huge_number_told_costs_nothing(office: SqlPostOffice) -> None:
    with office.transaction() as post:
        stream = Stream(3, 1, CHANNEL)
        post.into.put_received(ReceivedEnvelope(Place(stream, 5), b"d" * 32, b"p" * 32, b"", 1))
        post.into.witness(Place(stream, 2**62))
        post.into.tell_through(stream, 2**61, 10)
        assert post.into.gaps() == (StreamGap(stream, 2**61 + 1, 2**62),)


def test_an_older_ack_never_takes_back_a_newer_one(office: SqlPostOffice) -> None:
    with office.transaction() as post:
        for n in (3, 1, 2):
            post.out.put_ack(4, 9, CHANNEL, n, 100 + n)
        assert post.out.acks(9, CHANNEL) == {4: 3}


def test_a_parcel_keeps_its_first_moment_and_takes_its_newest_reason(office: SqlPostOffice) -> None:
    place = Place(Stream(3, 2**63, CHANNEL), 5)
    with office.transaction() as post:
        for at_ms, state in ((10, ParcelState.HELD), (20, ParcelState.QUARANTINED)):
            post.into.put_parcel(
                StoredParcel(b"d", ParcelKind.ENVELOPE, state, state.value, at_ms, b"x", 3, place)
            )
        (kept,) = post.into.parcels()
    assert kept == StoredParcel(
        b"d", ParcelKind.ENVELOPE, ParcelState.QUARANTINED, "quarantined", 10, b"x", 3, place
    )


def test_the_last_ten_reports_come_back_as_they_were(office: SqlPostOffice) -> None:
    moved = frozenset({("CaseFile", Dot(1, 2**64 - 1, 3), None), ("Contact", Dot(1, 2, 4), Dot(1, 2, 3))})
    with office.transaction() as post:
        for number in range(12):
            post.rounds.put_report(RoundReport(number, applied=number, changed=moved))
        reports = post.rounds.reports()
    assert [report.started_ms for report in reports] == list(range(11, 1, -1))
    assert reports[0] == RoundReport(11, applied=11, changed=moved)
