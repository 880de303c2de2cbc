"""Answers and states of any size: in parts that fit, some at a time, going on where it stopped."""

from __future__ import annotations

import secrets

from app.domain.dots import Dot
from app.domain.orders import OrderKind
from app.storage.unit_of_work import StoreUnitOfWork
from sync.engine import Engine
from sync.sending.answers import REACHES, Answers
from sync.sending.own_channels import Channels
from sync.sending.reach import Audiences
from sync.sending.telling import Telling
from sync.taking.answering import Answering
from sync.taking.asking import standing_ask, want_state
from tests.support.district import District, add, case_file, edit_case, open_case, stored


def write_much(district: District, case: Dot, count: int, length: int) -> None:
    for _ in range(count):
        note = secrets.token_urlsafe(length)
        add(district["anna"], "Contact", case, at=1, topics=("housing",), contact_note=note)


def ask_for_all(district: District, asker: str) -> None:
    """Let somebody ask for the state of everything, as after a long absence."""
    with district[asker]._engine.office.transaction() as post:
        want_state(post, "absent")
    district.round(asker)


def hear(district: District) -> None:
    """Let anna's computer take the ask of sina's without answering yet."""
    with district["sina"]._engine.office.transaction() as post:
        ask = standing_ask(post)
    assert ask is not None
    with district["anna"]._engine.office.transaction() as post:
        Answering(district["anna"]._engine).take(post, ask)


def tell_some(engine: Engine) -> int:
    channels = Channels(engine)
    with engine.office.transaction() as post:
        return Answers(engine, channels, Telling(engine, channels)).tell_some(post)


def contacts(district: District, name: str, case: Dot) -> int:
    return len(district[name].session.store.queries.records("Contact", case))


def test_an_answer_names_any_number_of_streams(district: District) -> None:
    """Every unlocking makes streams of its own: after some years there are thousands."""
    case = open_case(district["anna"])
    district.round("anna", "sina")
    many = 4 * REACHES + 200
    with district["anna"]._engine.office.transaction() as post:
        assert isinstance(post.records, StoreUnitOfWork)
        post.records.connection.executemany(
            "INSERT INTO read_stream VALUES (0, ?, ?, 3, ?, 3, 0)",
            [(secrets.token_bytes(8), secrets.token_bytes(8), bytes(32)) for _ in range(many)],
        )
    ask_for_all(district, "sina")
    district.round("anna", "sina", "anna", "sina")
    assert district["sina"].status().wanted is None
    assert district["sina"].status().parcels == ()
    ((count,),) = stored(district["sina"], "SELECT count(*) FROM told_through")
    assert count >= many
    assert case_file(district["sina"], case).id == case


def test_a_case_file_that_is_larger_than_what_is_told_at_once(district: District) -> None:
    case = open_case(district["anna"], "zu groß")
    write_much(district, case, 60, 20_000)
    after = [open_case(district["anna"], f"danach {number}") for number in range(3)]
    district.round("anna", "sina", "anna")
    ask_for_all(district, "sina")
    hear(district)
    engine = district["anna"]._engine
    first = tell_some(engine)
    assert first > 15
    edit_case(district["anna"], case, concern="dazwischen geschrieben")
    second = tell_some(engine)
    assert 0 < second < 10
    assert tell_some(engine) == 0
    district.round("anna", "sina", "anna", "sina")
    assert district["sina"].status().wanted is None
    assert district["sina"].status().parcels == ()
    assert case_file(district["sina"], case).text("concern") == "dazwischen geschrieben"
    assert contacts(district, "sina", case) == 60
    assert [case_file(district["sina"], item).id for item in after] == after


def test_an_answer_that_was_cut_off_by_a_restart_is_told_anew_and_whole(district: District) -> None:
    case = open_case(district["anna"], "zu groß")
    write_much(district, case, 60, 20_000)
    open_case(district["anna"], "danach")
    district.round("anna", "sina", "anna")
    ask_for_all(district, "sina")
    hear(district)
    assert tell_some(district["anna"]._engine) > 15
    district.people["anna"].lock()
    district.round("anna", "sina", "anna", "sina")
    assert district["sina"].status().wanted is None
    assert district["sina"].status().parcels == ()


def test_what_entitles_a_teller_travels_with_a_part_that_has_room_for_it(three: District) -> None:
    """Ben leads by a word of anna's that stands among hundreds in one envelope: its proof is long."""
    three.join("cem")
    three.round()
    three.round()
    anna, ben = three["anna"], three["ben"]
    case = open_case(anna)
    add(anna, "StandIn", case, stand_in=three.member("ben"))
    write_much(three, case, 450, 120)
    three.round("anna", "ben")
    write_much(three, case, 50, 120)
    edit_case(anna, case, responsible=three.member("ben"))
    three.round("anna", "ben", "anna", "ben")
    add(ben, "StandIn", case, stand_in=three.member("cem"))
    three.people["anna"].lock()
    three.round("ben", "cem")
    assert three["cem"].status().parcels == ()
    assert contacts(three, "cem", case) == 500


def test_who_has_one_computer_is_told_nothing_of_their_own_outside_case_files(district: District) -> None:
    """A suspended computer had told it back: who vouches for that one asks who lacks any of what it sent."""
    case = open_case(district["anna"])
    district.round("anna", "sina")
    district["sina"].orders.issue(OrderKind.RESTRICT, "client_wish", case)
    engine = district["sina"]._engine
    with engine.office.transaction() as post:
        mine = [item for item in post.asking.state_of_case(None, ()) if item.author == engine.me.id]
        telling, audiences = Telling(engine, Channels(engine)), Audiences(engine, post)
        told = [telling.may_read(audiences, (item,), engine.me.id) for item in mine]
    assert told
    assert not any(told)
