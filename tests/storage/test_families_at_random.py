"""Families deleted, merged, parted, split at random on three devices: in the end all show the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.audience import Member, Role
from app.domain.declarations import PERSON
from app.domain.dots import Dot
from app.domain.errors import KimError
from app.domain.merge import Change
from app.domain.records import Record, new_record
from app.services import case_merging, case_splitting, cases, deleting, merging
from app.services.case_merging import MergePlan
from app.services.ports import Session
from app.storage.kept import KeptNever
from app.storage.queries import StoreQueries
from app.storage.store import SqlStore
from tests.support.desktop import open_case
from tests.support.ports import SteeredClock
from tests.support.stores import make_session, make_store

PEOPLE = tuple(Member(number, f"S{number}", "kreis", Role.SUPERVISOR, cleared=True) for number in (3, 4, 5))
READERS = frozenset(member.id for member in PEOPLE)
REASON = "at random"


class Devices:
    """Three supervisors of everything, each with a store."""

    def __init__(self, folder: Path, opened: ExitStack) -> None:
        clock = SteeredClock()
        self.stores = [make_store(folder / f"{who.id}.db", who, clock) for who in PEOPLE]
        self.sessions = [
            make_session(store, who, clock) for store, who in zip(self.stores, PEOPLE, strict=True)
        ]
        for store in self.stores:
            opened.callback(store.close)
        for session in self.sessions[:2]:
            case = open_case(session).id
            for label in ("Person 1", "Person 2"):
                cases.save_record(session, None, new_record(PERSON, case, label=label))
        self.exchange(random.Random(1))

    def exchange(self, chance: random.Random) -> None:
        """Bring everything everywhere, each device in an order of its own."""
        known = {change.digest: change for store in self.stores for change in everything(store)}
        for store in self.stores:
            changes = in_some_order(known.values(), chance)
            cut = chance.randrange(len(changes))
            for part in (changes[:cut], changes[cut:]):
                with store.unit_of_work() as work:
                    work.apply(part)

    def hear(self, at: int, chance: random.Random) -> None:
        """Let one device hear some of what another wrote."""
        other = self.stores[chance.randrange(len(self.stores))]
        made = {change.dot for change in everything(self.stores[at]) if change.dot == change.record}
        some = [change for change in everything(other) if chance.random() < 0.6]
        made |= {change.dot for change in some if change.dot == change.record}
        # The engine holds what comes before the change that made its record.
        changes = [change for change in some if change.record in made]
        with self.stores[at].unit_of_work() as work:
            work.apply(changes)


def in_some_order(changes: Iterable[Change], chance: random.Random) -> list[Change]:
    """Give changes in any order in which each record's first change comes before its others."""
    waiting = sorted(changes, key=lambda change: change.digest)
    chance.shuffle(waiting)
    given_out: list[Change] = []
    made: set[Dot] = set()
    while waiting:
        free = next(item for item in waiting if item.record in made or item.dot == item.record)
        waiting.remove(free)
        made.add(free.record)
        given_out.append(free)
    return given_out


def everything(store: SqlStore) -> list[Change]:
    return list(store.queries.log.changes("1", (), -1))


def files(session: Session) -> list[Record]:
    found = session.store.queries.case_page(None, 100).rows
    heads = (session.store.queries.record("CaseFile", row.id) for row in found if row.id)
    return [head for head in heads if head is not None]


def act(devices: Devices, at: int, what: str, chance: random.Random) -> None:
    """Do what a person can do on what this device shows; a refusal is an answer."""
    session = devices.sessions[at]
    shown = files(session)
    if what == "hear" or not shown:
        devices.hear(at, chance)
        return
    with suppress(KimError, IndexError):
        DOINGS[what](session, chance.choice(shown), chance)


def persons(session: Session, case: Record) -> tuple[Record, ...]:
    return session.store.queries.records("Person", case.id)


def add(session: Session, case: Record, chance: random.Random) -> None:
    cases.save_record(session, None, new_record(PERSON, case.id, label=f"P{chance.randrange(99)}"))


def edit(session: Session, case: Record, chance: random.Random) -> None:
    base = chance.choice(persons(session, case))
    cases.save_record(session, base, base.edited(nationality=f"N{chance.randrange(99)}"))


def delete(session: Session, case: Record, chance: random.Random) -> None:
    deleting.delete_record(session, chance.choice(persons(session, case)), REASON)


def back(session: Session, case: Record, chance: random.Random) -> None:
    deleting.bring_back(session, chance.choice(gone(session, case)), REASON)


def merge(session: Session, case: Record, chance: random.Random) -> None:
    other = chance.choice([item for item in files(session) if item.id != case.id])
    case_merging.merge_case_files(session, MergePlan(case, other, READERS, READERS), REASON)


def part(session: Session, case: Record, chance: random.Random) -> None:
    assert case.id is not None
    source = chance.choice(case_merging.merged_files(session, case.id))
    case_merging.part_case_files(session, source, REASON)


def split(session: Session, case: Record, chance: random.Random) -> None:
    leaves = chance.choice(persons(session, case)).id
    assert leaves is not None
    assert case.id is not None
    case_splitting.split_case_file(session, case.id, [leaves], {}, REASON)


def take_back(session: Session, case: Record, chance: random.Random) -> None:
    assert case.id is not None
    entry = chance.choice(session.store.queries.records("CaseSplit", case.id))
    case_splitting.take_back(session, case.id, entry, REASON)


def decide(session: Session, _case: Record, chance: random.Random) -> None:
    conflict = chance.choice(session.store.queries.conflicts(20))
    merging.decide(session, conflict, chance.choice(conflict.heads).values, REASON)


DOINGS: dict[str, Callable[[Session, Record, random.Random], None]] = {
    "add": add,
    "edit": edit,
    "delete": delete,
    "back": back,
    "merge": merge,
    "part": part,
    "split": split,
    "take_back": take_back,
    "decide": decide,
}
ACTS = (*DOINGS, "edit", "hear", "hear")


def picture(store: SqlStore) -> dict[str, object]:
    """Everything about families that a person can be shown."""
    queries = store.queries
    rows = queries.case_page(None, 1000).rows
    shown: dict[str, object] = {"count": queries.case_count(), "rows": sorted(str(row.id) for row in rows)}
    conflicts = queries.conflicts(1000)
    shown["conflicts"] = sorted(
        (str(item.record), item.register, sorted(str(head.dot) for head in item.heads)) for item in conflicts
    )
    for row in rows:
        assert row.id is not None
        shown[str(row.id)] = of_case(store, row.id)
    return shown


def of_case(store: SqlStore, case: Dot) -> object:
    queries = store.queries
    persons = [
        (str(item.id), item.text("label"), item.text("nationality"), sorted(item.conflicts), str(item.case))
        for item in queries.records("Person", case)
    ]
    deleted = [str(item.id) for item in queries.deleted_records(case)]
    history = sorted(str(entry.dot) for entry in queries.history(case, 10_000))
    group = [str(item) for item in queries.case_group(case)]
    return (persons, deleted, history, group, len(queries.records("Consent", case)))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(ACTS)), max_size=25), st.integers(0, 2**32))
def test_all_devices_show_the_same_in_the_end(acts: list[tuple[int, str]], seed: int) -> None:
    chance = random.Random(seed)
    with ExitStack() as opened:
        devices = Devices(Path(opened.enter_context(TemporaryDirectory())), opened)
        before = {str(item.id) for store in devices.stores for item in all_persons(store)}
        for at, what in acts:
            act(devices, at, what, chance)
            assert_kept_as_read(devices.stores[at])
        devices.exchange(chance)
        devices.exchange(chance)
        first, *others = [picture(store) for store in devices.stores]
        assert all(other == first for other in others)
        shown = {str(item.id) for item in all_persons(devices.stores[0])}
        deleted = {
            str(item.id) for row in files(devices.sessions[0]) for item in gone(devices.sessions[0], row)
        }
        assert before <= shown | deleted


def assert_kept_as_read(store: SqlStore) -> None:
    """What the writing side, or a reader, keeps from one transaction to the next is what is in the store."""
    reading = store.queries._connection
    plain = StoreQueries(reading, store.rights, KeptNever(reading))
    made = {change.record for change in everything(store) if change.type == "CaseFile"}
    with store.unit_of_work() as work:
        for case in sorted(made):
            for side in (work, store.queries):
                assert side.case_group(case) == plain.case_group(case)
                assert side.record("CaseFile", case) == plain.record("CaseFile", case)
                assert side.history(case, 10_000) == plain.history(case, 10_000)
                for name in ("CaseFile", "Person", "CaseSplit", "Consent"):
                    found = plain.records(name, case)
                    assert side.records(name, case) == found
                    ids = [item.id for item in found if item.id]
                    assert [side.record(name, one) for one in ids] == [plain.record(name, one) for one in ids]
                    assert [side.homes_of(one) for one in ids] == [plain.homes_of(one) for one in ids]
                    assert [side.links_of(one) for one in ids] == [plain.links_of(one) for one in ids]


def all_persons(store: SqlStore) -> list[Record]:
    rows = store.queries.case_page(None, 1000).rows
    return [item for row in rows if row.id for item in store.queries.records("Person", row.id)]


def gone(session: Session, case: Record) -> tuple[Record, ...]:
    return session.store.queries.deleted_records(case.id) if case.id else ()
