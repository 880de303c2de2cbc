"""Unfit and hostile words about where something belongs: nothing stops, nothing opens."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from app.services.mailbox import ParcelKind
from sync.encoding import wire
from sync.engine import Engine
from sync.sending.sealing import Place, seal_envelope
from sync.taking.reading import Reading, Tally
from tests.support.district import District, add, case_file, edit_case, open_case
from tests.support.parcels import give_directly
from tests.support.ports import SeededEntropy

SESSION = 815


def written(
    engine: Engine,
    case: Dot,
    record: Dot,
    kind: str,
    register: str,
    value: Mapping[str, object],
    seq: int = 1,
) -> Change:
    dot = Dot(engine.device.id, SESSION, seq)
    hlc, me = engine.now_ms() << 16, engine.me.id
    base, packed = RegisterClass.BASE, wire.encode(dict(value))
    return Change(dot, case, record, kind, register, base, packed, Context(), hlc, me, 1)


def give(engine: Engine, reader: Engine, *changes: Change) -> None:
    """Seal changes as their author's device would, and let the other read them."""
    with engine.office.transaction() as post:
        key = post.keys.newest_epoch(engine.index, frozenset({reader.me.id}))
    assert key is not None
    place = Place(engine.index, key.channel, key.epoch, secrets.randbits(64), 1, wire.NO_HASH)
    sealed = seal_envelope(
        list(changes),
        place=place,
        channel_key=key.key,
        roster=engine.roster,
        sign=engine.sign,
        entropy=SeededEntropy("forger"),
    )
    Reading(reader).take(ParcelKind.ENVELOPE, sealed, Tally())


@pytest.fixture
def shared(district: District) -> tuple[District, Dot, Dot]:
    """A case file with a person that anna and sina know."""
    case = open_case(district["anna"])
    person = add(district["anna"], "Person", case, label="Person 1").id
    assert person is not None
    give_directly(district["anna"], district["sina"])
    return district, case, person


def states(district: District) -> list[tuple[str, str]]:
    return [(item.state, item.reason) for item in district["sina"].status().parcels]


def still_works(district: District, case: Dot) -> bool:
    edit_case(district["anna"], case, concern="danach")
    give_directly(district["anna"], district["sina"])
    return case_file(district["sina"], case).text("concern") == "danach"


@pytest.mark.parametrize("named", [b"kurz", bytes(99), "text", 7, [1]])
@pytest.mark.parametrize(
    ("kind", "register", "field"), [("Person", "belongs", "case_file"), ("CaseFile", "alias", "alias_into")]
)
def test_a_place_that_is_no_case_file_is_refused(
    shared: tuple[District, Dot, Dot], kind: str, register: str, field: str, named: object
) -> None:
    district, case, person = shared
    anna, sina = district["anna"]._engine, district["sina"]._engine
    record = person if kind == "Person" else case
    give(anna, sina, written(anna, case, record, kind, register, {field: named}))
    assert states(district) == [("quarantined", "wrong_content")]
    assert still_works(district, case)


@pytest.mark.parametrize("value", [{"case_file": b"kurz"}, {"case_file": bytes(99)}, {}])
def test_a_newer_type_that_names_nothing_readable_is_kept(
    shared: tuple[District, Dot, Dot], value: Mapping[str, object]
) -> None:
    district, case, _person = shared
    anna, sina = district["anna"]._engine, district["sina"]._engine
    for register in ("belongs", "alias"):
        seq = 1 if register == "belongs" else 2
        record = Dot(anna.device.id, SESSION, seq)
        give(anna, sina, written(anna, case, record, "Zukunft", register, value, seq))
    assert states(district) == []
    assert still_works(district, case)


def test_a_case_file_that_points_at_itself_stays_one(shared: tuple[District, Dot, Dot]) -> None:
    district, case, _person = shared
    anna, sina = district["anna"]._engine, district["sina"]._engine
    give(anna, sina, written(anna, case, case, "CaseFile", "alias", {"alias_into": case.to_bytes()}))
    assert district["sina"].session.store.queries.case_group(case) == (case,)
    assert still_works(district, case)


def test_a_ring_of_case_files_is_asked_about(shared: tuple[District, Dot, Dot]) -> None:
    district, case, _person = shared
    other = open_case(district["anna"], "zwei")
    give_directly(district["anna"], district["sina"])
    anna, sina = district["anna"]._engine, district["sina"]._engine
    there = written(anna, case, case, "CaseFile", "alias", {"alias_into": other.to_bytes()})
    back = written(anna, other, other, "CaseFile", "alias", {"alias_into": case.to_bytes()}, 2)
    give(anna, sina, there, back)
    queries = district["sina"].session.store.queries
    assert queries.case_count() == 2
    assert {item.register for item in queries.conflicts(5)} == {"alias"}
    assert still_works(district, case)


def test_a_person_moved_to_a_file_that_nobody_knows_is_out_of_sight_and_comes_back(
    shared: tuple[District, Dot, Dot],
) -> None:
    district, case, person = shared
    anna, sina = district["anna"]._engine, district["sina"]._engine
    nowhere = Dot(anna.device.id, 1, 1)
    away = written(anna, case, person, "Person", "belongs", {"case_file": nowhere.to_bytes()})
    with sina.office.transaction() as post:
        shown = post.records.record("Person", person)
    assert shown is not None
    context = shown.shown["belongs"]
    away = replace(away, context=context)
    give(anna, sina, away)
    queries = district["sina"].session.store.queries
    assert queries.records("Person", case) == ()
    back = written(anna, case, person, "Person", "belongs", {"case_file": case.to_bytes()}, 2)
    give(anna, sina, replace(back, context=context | Context.of([away.dot])))
    assert [item.id for item in queries.records("Person", case)] == [person]
