"""Three states of a value: what is not for a reader is neither empty nor theirs to write over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import code_lists as lists
from app.domain.audience import Member, Role
from app.domain.classes import RegisterClass
from app.domain.declarations import REGISTRY
from app.domain.dots import Dot
from app.domain.errors import WithheldError
from app.domain.merge import Change
from app.domain.records import Presence, Record, new_record
from app.domain.schema import RecordType, code, note, register, text
from app.services import cases
from app.services.ports import Session
from app.storage.store import SqlStore
from tests.support.desktop import open_case
from tests.support.ports import BEN, SINA, SteeredClock
from tests.support.stores import make_session, make_store

SECRET = RegisterClass.SENSITIVE


@pytest.fixture(scope="module", autouse=True)
def measure() -> Iterator[RecordType]:
    """A type whose wording is sensitive in some life areas, as goals and measures will be."""
    yield REGISTRY.declare(
        RecordType(
            "Measure",
            "Measure",
            "Measures",
            (
                register(
                    "wording",
                    "Wording",
                    RegisterClass.BASE,
                    code("area", "Area", lists.LIFE_AREA),
                    note("wording", "Wording", searched=True),
                    raised_by=("area",),
                ),
                register("asylum", "Grounds", SECRET, note("grounds", "Grounds", searched=True)),
                register("status", "Status", RegisterClass.BASE, text("status", "Status")),
            ),
            deletable=True,
            title=("status",),
        )
    )
    REGISTRY.withdraw("Measure")


@pytest.fixture
def stores() -> Iterator[tuple[SqlStore, SqlStore]]:
    with ExitStack() as opened:
        yield two_stores(opened)


def two_stores(opened: ExitStack) -> tuple[SqlStore, SqlStore]:
    """A cleared supervisor's store, and that of a case manager without clearance."""
    folder = Path(opened.enter_context(TemporaryDirectory()))
    clock = SteeredClock()
    found = make_store(folder / "sina.db", SINA, clock), make_store(folder / "ben.db", BEN, clock)
    for store in found:
        opened.callback(store.close)
    return found


def changes(store: SqlStore) -> list[Change]:
    return list(store.queries.log.changes("1", (), 10_000))


def deliver(source: SqlStore, target: SqlStore, *, cleared: bool) -> None:
    """Bring what may go there, as the engine would."""
    allowed = [change for change in changes(source) if cleared or change.cls < SECRET]
    with target.unit_of_work() as work:
        work.apply(allowed)


def case_of(session: Session) -> Dot:
    case = open_case(session).id
    assert case is not None
    return case


def measure_of(session: Session, case: Dot) -> Record:
    (found,) = session.store.queries.records("Measure", case)
    return found


def test_what_is_not_for_a_reader_is_withheld_and_not_empty(stores: tuple[SqlStore, SqlStore]) -> None:
    sinas, bens = stores
    sina, ben = make_session(sinas, SINA), make_session(bens, BEN)
    case = case_of(sina)
    secret = {"area": "health", "wording": "Klinik", "grounds": "Flucht", "status": "offen"}
    cases.save_record(sina, None, new_record(REGISTRY["Measure"], case, **secret))
    deliver(sinas, bens, cleared=False)
    seen, declared = measure_of(ben, case), REGISTRY["Measure"]
    assert seen.withheld == {"wording", "asylum"}
    presences = [seen.presence(declared, name) for name in ("area", "wording", "grounds", "status")]
    assert presences == [Presence.WITHHELD, Presence.WITHHELD, Presence.WITHHELD, Presence.GIVEN]
    assert bens.queries.search_cases("Klinik", 5) == bens.queries.search_cases("Flucht", 5) == ()
    assert len(sinas.queries.search_cases("Klinik", 5)) == 1
    (exported,) = [item for item in cases.export_case(bens.queries, case) if item["type"] == "Measure"]
    assert exported["withheld"] == ["area", "wording", "grounds"]


def test_a_withheld_register_cannot_be_written(stores: tuple[SqlStore, SqlStore]) -> None:
    sinas, bens = stores
    sina, ben = make_session(sinas, SINA), make_session(bens, BEN)
    case = case_of(sina)
    cases.save_record(sina, None, new_record(REGISTRY["Measure"], case, status="offen"))
    deliver(sinas, bens, cleared=False)
    seen = measure_of(ben, case)
    with pytest.raises(WithheldError):
        cases.save_record(ben, seen, seen.edited(grounds="geraten"))
    assert bens.queries.records("Measure", case) == (seen,)


def test_who_lost_their_clearance_is_shown_nothing_sensitive_any_more(tmp_path: Path) -> None:
    cleared = Member(2, "Ben Kaya", "verein", Role.CASE_MANAGER, cleared=True, supervisor=3)
    path = tmp_path / "ben.db"
    sinas, store = make_store(tmp_path / "sina.db", SINA), make_store(path, cleared)
    case = case_of(make_session(sinas, SINA))
    entry = new_record(REGISTRY["Measure"], case, grounds="Flucht", status="offen")
    cases.save_record(make_session(sinas, SINA), None, entry)
    deliver(sinas, store, cleared=True)
    assert len(store.queries.search_cases("Flucht", 5)) == 1
    store.close()
    again = make_store(path, BEN, seed="later", create=False)
    seen = measure_of(make_session(again, BEN), case)
    assert (seen.text("grounds"), seen.text("status")) == ("", "offen")
    assert "asylum" in seen.withheld
    assert again.queries.search_cases("Flucht", 5) == ()
    assert [entry for entry in again.queries.history(case, 100) if entry.register == "asylum"] == []


def test_of_a_conflict_that_is_not_for_a_reader_only_the_number_is_told(tmp_path: Path) -> None:
    cleared = Member(2, "Ben Kaya", "verein", Role.CASE_MANAGER, cleared=True, supervisor=3)
    path, sinas = tmp_path / "ben.db", make_store(tmp_path / "sina.db", SINA)
    store = make_store(path, cleared)
    sina, ben = make_session(sinas, SINA), make_session(store, cleared)
    case = case_of(sina)
    entry = new_record(REGISTRY["Measure"], case, grounds="Flucht", status="offen")
    base = cases.save_record(sina, None, entry).record
    deliver(sinas, store, cleared=True)
    cases.save_record(sina, base, base.edited(grounds="eins"))
    theirs = measure_of(ben, case)
    cases.save_record(ben, theirs, theirs.edited(grounds="zwei"))
    deliver(sinas, store, cleared=True)
    assert (len(store.queries.conflicts(5)), store.queries.hidden_conflicts()) == (1, 0)
    store.close()
    again = make_store(path, BEN, seed="later", create=False)
    assert (len(again.queries.conflicts(5)), again.queries.hidden_conflicts()) == (0, 1)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["sina", "ben", "exchange"]),
        st.sampled_from(["area", "wording", "grounds", "status", "standing"]),
        st.sampled_from(["health", "work", "housing"]),
    ),
    min_size=2,
    max_size=10,
)


@given(ACTS)
def test_no_save_without_clearance_covers_what_it_was_not_shown(acts: list[tuple[str, str, str]]) -> None:
    with ExitStack() as opened:
        sinas, bens = two_stores(opened)
        sessions = {"sina": make_session(sinas, SINA), "ben": make_session(bens, BEN)}
        case = case_of(sessions["sina"])
        entry = new_record(REGISTRY["Measure"], case, status="offen", area="work")
        cases.save_record(sessions["sina"], None, entry)
        deliver(sinas, bens, cleared=False)
        for number, (who, name, word) in zip(count(), acts, strict=False):
            if who == "exchange":
                exchange(sinas, bens)
            else:
                write(sessions[who], case, name, word if name == "area" else f"{word}{number}")
        exchange(sinas, bens)


def write(session: Session, case: Dot, name: str, value: str) -> None:
    """Edit a field as a form would: what is withheld has no input."""
    for seen in session.store.queries.records("Measure", case):
        register = REGISTRY["Measure"].register_of[name].name
        if register in seen.withheld:
            with pytest.raises(WithheldError):
                cases.save_record(session, seen, seen.edited(**{name: value}))
        else:
            given_value = "deleted" if name == "standing" else value
            cases.save_record(session, seen, seen.edited(**{name: given_value}))


def exchange(sinas: SqlStore, bens: SqlStore) -> None:
    """Exchange, and hold both stores against what must be true."""
    secret = {change.dot for change in changes(sinas) if change.cls is SECRET and change.author == SINA.id}
    for change in changes(bens):
        assert not (change.author == BEN.id and secret.intersection(change.context))
    before = sensitive_heads(sinas)
    deliver(bens, sinas, cleared=True)
    assert sensitive_heads(sinas) >= before
    deliver(sinas, bens, cleared=False)
    assert not {change.dot for change in changes(bens)} & secret


def sensitive_heads(store: SqlStore) -> set[Dot]:
    """Give what stands of the supervisor's own sensitive words."""
    found = (change for change in changes(store) if change.cls is SECRET and change.author == SINA.id)
    log, key = store.queries.log, store.queries.keys.key
    return {c.dot for c in found if c in log.heads(key(c.record)).get(c.register, ())}
