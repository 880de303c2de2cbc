"""Who reads a case file no more: told with its reason and day, and whether anything may still be written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.declarations import CONSENT, CONTACT, WITHDRAWAL
from app.domain.errors import KimError
from app.domain.records import Record, new_record
from app.domain.stand_in import StandInTimeError
from app.services import case_merging, cases, handovers, stand_ins
from app.services.assignments import AccessEndedError, HandedOverError, why_read_only
from app.services.case_merging import MergePlan
from app.services.ended_reading import Ended, Why, ended_cases, put_leaving, why_not_read
from app.services.handovers import Terms
from app.services.ports import Session
from app.storage.store import SqlStore
from tests.support.desktop import carry, open_case
from tests.support.ports import ANNA, BEN, MEMBERS, SINA, FixedMembers, SteeredClock
from tests.support.stores import make_session, make_store

DAY = "2026-11-02"


@pytest.fixture
def clock() -> SteeredClock:
    return SteeredClock()


@pytest.fixture
def sessions(tmp_path: Path, clock: SteeredClock) -> dict[str, Session]:
    made = {}
    for member in (ANNA, BEN, SINA):
        store = make_store(tmp_path / f"{member.name}.db", member, clock)
        made[member.name] = make_session(store, member, clock)
    return made


@pytest.fixture
def anna(sessions: dict[str, Session]) -> Session:
    return sessions[ANNA.name]


@pytest.fixture
def ben(sessions: dict[str, Session]) -> Session:
    return sessions[BEN.name]


@pytest.fixture
def sina(sessions: dict[str, Session]) -> Session:
    return sessions[SINA.name]


def why(session: Session, record: Record) -> Ended | None:
    assert record.id is not None
    return why_not_read(session, session.store.queries, record.id)


def closed(session: Session, record: Record) -> KimError | None:
    assert record.id is not None
    return why_read_only(session, session.store.queries, record.id)


def stored(session: Session, record: Record) -> Record:
    assert record.id is not None
    found = session.store.queries.record("CaseFile", record.id)
    assert found is not None
    return found


def write(session: Session, record: Record) -> None:
    cases.save_record(
        session, None, new_record(CONTACT, record.id, at=1, contact_kind="client", topics=("housing",))
    )


def say_no(session: Session, record: Record) -> None:
    entry = new_record(CONSENT, record.id, consent_kind="consent", given_on=DAY, consent_form="oral")
    cases.save_record(session, None, entry.edited(supervision_item="no", stand_in_item="no"))


def tell(one: Session, other: Session) -> None:
    assert isinstance(one.store, SqlStore)
    assert isinstance(other.store, SqlStore)
    carry(one.store, other.store)


def test_who_leads_or_supervises_reads(anna: Session, sina: Session) -> None:
    record = open_case(anna)
    tell(anna, sina)
    assert [why(one, record) for one in (anna, sina)] == [None, None]
    assert ended_cases(sina) == frozenset()


def test_a_clients_no_ends_reading_and_writing_but_not_who_looks_after_it(
    anna: Session, sina: Session
) -> None:
    record = open_case(anna)
    say_no(anna, record)
    tell(anna, sina)
    assert why(sina, record) == Ended(Why.REFUSED, DAY)
    assert ended_cases(sina) == {record.id}
    with pytest.raises(AccessEndedError):
        write(sina, record)
    assert record.id is not None
    stand_ins.name_stand_in(sina, record.id, BEN.id, DAY, "", "holiday")
    withdrawn = new_record(WITHDRAWAL, record.id, withdrawn_on=DAY, withdrawn=("all",))
    cases.save_record(sina, None, withdrawn)
    assert why(anna, record) is None


def test_the_word_of_an_order_ends_reading_where_the_no_itself_is_never_told(
    anna: Session, sina: Session
) -> None:
    record = open_case(anna)
    tell(anna, sina)
    assert record.id is not None
    with sina.store.unit_of_work() as work:
        put_leaving(work, {record.id: Ended(Why.REFUSED, DAY, "2026-11-16")})
    assert why(sina, record) == Ended(Why.REFUSED, DAY, "2026-11-16")
    assert isinstance(closed(sina, record), AccessEndedError)
    with sina.store.unit_of_work() as work:
        put_leaving(work, {})
    assert why(sina, record) is None


def test_a_stand_in_reads_until_the_last_day(anna: Session, ben: Session, clock: SteeredClock) -> None:
    record = open_case(anna)
    agreed = new_record(CONSENT, record.id, consent_kind="consent", given_on=DAY, consent_form="oral")
    cases.save_record(anna, None, agreed.edited(stand_in_item="yes"))
    assert record.id is not None
    stand_ins.name_stand_in(anna, record.id, BEN.id, DAY, "2026-11-04", "holiday")
    tell(anna, ben)
    assert why(ben, record) is None
    clock.move(days=3)
    assert why(ben, record) == Ended(Why.STAND_IN, "2026-11-05")
    assert isinstance(closed(ben, record), StandInTimeError)


def test_a_stand_in_of_another_employer_waits_for_the_clients_yes(anna: Session, ben: Session) -> None:
    record = open_case(anna)
    assert record.id is not None
    stand_ins.name_stand_in(anna, record.id, BEN.id, DAY, "", "holiday")
    tell(anna, ben)
    assert why(ben, record) == Ended(Why.NOT_AGREED)
    assert closed(ben, record) is None


def test_who_handed_over_reads_until_all_has_arrived(anna: Session, ben: Session) -> None:
    record = open_case(anna)
    assert record.id is not None
    asked = handovers.ask(anna, record.id, Terms(BEN.id, "area", client_agreed=True)).record
    tell(anna, ben)
    assert why(ben, record) is None, "who is asked is no reader yet, and nothing ended"
    handovers.accept(ben, asked)
    tell(ben, anna)
    assert why(anna, record) is None
    (found,) = handovers.handovers_of(anna.store.queries, record.id)
    handovers.release(anna, found)
    assert why(anna, record) == Ended(Why.HANDED_OVER, DAY)
    assert isinstance(closed(anna, record), HandedOverError)


def test_whoever_supervised_before_may_add_what_they_know(anna: Session, sina: Session) -> None:
    record = open_case(anna)
    tell(anna, sina)
    here = stored(sina, record)
    cases.save_record(sina, here, here.edited(supervision=None))
    assert why(sina, record) == Ended(Why.SUPERVISION)
    write(sina, record)


def test_duties_in_an_immigration_office_end_reading(anna: Session, sina: Session) -> None:
    record = open_case(anna)
    tell(anna, sina)
    now = replace(SINA, immigration_duties=True)
    others = [now if item is SINA else item for item in MEMBERS.members()]
    placed = replace(sina, members=FixedMembers(tuple(others)))
    assert why(placed, record) == Ended(Why.DUTIES)


def family(anna: Session, ben: Session, sina: Session) -> tuple[Record, Record]:
    """Give Anna's and Ben's case files, which Sina has said to be one; all three know."""
    annas, bens = open_case(anna), open_case(ben)
    for one in (anna, ben):
        tell(one, sina)
    together(sina, annas, bens)
    for one in (anna, ben):
        tell(sina, one)
    return annas, bens


def together(sina: Session, source: Record, into: Record) -> None:
    both = (frozenset({ANNA.id, SINA.id}), frozenset({BEN.id, SINA.id}))
    plan = MergePlan(stored(sina, source), stored(sina, into), *both)
    case_merging.merge_case_files(sina, plan, "One household")


def test_who_read_by_a_family_that_fell_apart_writes_no_more(
    anna: Session, ben: Session, sina: Session, clock: SteeredClock
) -> None:
    annas, bens = family(anna, ben, sina)
    assert why(ben, annas) is None
    write(ben, annas)
    clock.move(days=2)
    case_merging.part_case_files(sina, stored(sina, annas), "Two households")
    tell(sina, ben)
    assert why(ben, annas) == Ended(Why.FAMILY, "2026-11-04")
    with pytest.raises(AccessEndedError):
        write(ben, annas)
    assert ended_cases(ben) == {annas.id}
    assert [why(sina, annas), why(sina, bens), why(ben, bens)] == [None] * 3
    write(ben, bens)


def test_who_reads_a_family_again_writes_again(anna: Session, ben: Session, sina: Session) -> None:
    annas, bens = family(anna, ben, sina)
    case_merging.part_case_files(sina, stored(sina, annas), "Two households")
    together(sina, bens, annas)
    tell(sina, ben)
    assert why(ben, annas) is None
    write(ben, annas)


def test_while_it_is_in_doubt_what_is_one_nothing_has_ended(
    anna: Session, ben: Session, sina: Session
) -> None:
    annas, bens = family(anna, ben, sina)
    case_merging.part_case_files(sina, stored(sina, annas), "Two households")
    tell(sina, ben)
    assert why(ben, annas) == Ended(Why.FAMILY, DAY)
    together(sina, annas, bens)
    together(ben, bens, open_case(ben))
    tell(sina, ben)
    (asked, *_others) = ben.store.queries.conflicts(9)
    assert asked.register == "alias"
    assert why(ben, annas) is None
    assert closed(ben, annas) is None
