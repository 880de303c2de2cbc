"""What a handover amounts to, whatever the order in which its steps come; what a receipt names."""

import tracemalloc
from itertools import permutations

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.audience import CaseFacts, Member, Role, audience, case_managers
from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot, Span
from app.domain.handover import (
    HANDOVER,
    AgreementMissingError,
    RecipientError,
    check_recipient,
    givers,
    handovers,
    told_besides,
)
from app.domain.receipt import MOST_DOTS, SPANS_AN_ENTRY, pack_receipts, read_receipt
from app.domain.records import Record
from app.domain.schema import REGISTER_LIMIT
from app.domain.stand_in import Today, stands_in
from tests.support.ports import ANNA, BEN, MEMBERS, SINA

CASE = Dot(7, 7, 1)


def step(name: str, seq: int, asked: int | None = 1, **values: object) -> Record:
    about = None if asked is None or name == "asked" else Dot(7, 7, asked)
    known = {"handover_step": name, "handover_from": ANNA.id, "handover_to": BEN.id, "handover_asked": about}
    return Record(HANDOVER.name, Dot(7, 7, seq), CASE, {**known, **values}, updated_hlc=seq)  # type: ignore[dict-item]  # values of the declaration


@pytest.mark.parametrize(
    ("names", "status"),
    [
        ([], "asked"),
        (["declined"], "declined"),
        (["withdrawn"], "withdrawn"),
        (["withdrawn", "declined"], "withdrawn"),
        (["accepted"], "accepted"),
        (["accepted", "withdrawn"], "accepted"),
        (["accepted", "declined"], "accepted"),
        (["accepted", "identity"], "accepted"),
        (["accepted", "released"], "released"),
        (["released"], "asked"),
    ],
)
def test_status_depends_on_the_set_of_steps_alone(names: list[str], status: str) -> None:
    entries = [step("asked", 1), *(step(name, place) for place, name in enumerate(names, 2))]
    assert {handovers(order)[0].status for order in permutations(entries)} == {status}


def test_a_step_without_its_request_waits_for_it() -> None:
    assert handovers([step("accepted", 2)]) == ()


def test_steps_belong_to_their_own_request() -> None:
    found = handovers([step("asked", 1), step("declined", 2), step("asked", 3), step("accepted", 4, 3)])
    assert [(item.asked.id, item.status) for item in found] == [
        (Dot(7, 7, 3), "accepted"),
        (Dot(7, 7, 1), "declined"),
    ]


def test_only_the_last_handover_of_each_giver_keeps_them_in() -> None:
    first = [step("asked", 1), step("accepted", 2)]
    again = [step("asked", 3), step("accepted", 4, 3)]
    done = [*first, *again, step("released", 5, 3)]
    assert givers(handovers(first), BEN.id, "accepted") == {ANNA.id}
    assert givers(handovers(done), BEN.id, "accepted") == frozenset()
    assert givers(handovers(done), BEN.id, "released") == {ANNA.id}
    assert givers(handovers(first), ANNA.id, "accepted") == frozenset()


def test_the_answer_about_identity_data_may_come_with_the_request_or_later() -> None:
    anna, sina = {"handover_by": ANNA.id}, {"handover_by": SINA.id}
    (early,) = handovers([step("asked", 1, identity_data="none", **anna)])
    answer = step("identity", 3, identity_data="left", **anna)
    (late,) = handovers([step("asked", 1), step("accepted", 2), answer])
    (by_another,) = handovers([step("asked", 1, identity_data="left", **sina)])
    assert (early.identity_data, late.identity_data, by_another.identity_data) == ("none", "left", "")


def test_nobody_with_duties_in_an_immigration_office_takes_over() -> None:
    busy = Member(9, "Ina", "kreis", Role.CASE_MANAGER, immigration_duties=True)
    with pytest.raises(RecipientError):
        check_recipient(busy, ANNA, agreed=True)
    assert case_managers((busy, BEN), frozenset({busy.id, BEN.id})) == {BEN.id}


def test_another_employer_only_with_the_clients_yes() -> None:
    with pytest.raises(AgreementMissingError):
        check_recipient(BEN, ANNA, agreed=False)
    check_recipient(BEN, ANNA, agreed=True)


@pytest.mark.parametrize(
    "recipient", [None, SINA, ANNA, Member(9, "Weg", "kreis", Role.CASE_MANAGER, active=False)]
)
def test_only_another_active_case_manager_takes_over(recipient: Member | None) -> None:
    with pytest.raises(RecipientError):
        check_recipient(recipient, ANNA, agreed=True)


def test_the_giver_stays_in_the_audience_until_all_arrived() -> None:
    members = MEMBERS.members()
    waiting = CaseFacts(responsible=BEN.id, givers=frozenset({ANNA.id}))
    assert set(audience(RegisterClass.BASE, BEN, members, waiting)) == {ANNA.id, BEN.id}
    arrived = CaseFacts(responsible=BEN.id, released=frozenset({ANNA.id}))
    assert set(audience(RegisterClass.BASE, BEN, members, arrived)) == {BEN.id}
    assert told_besides("HandoverReceipt", "receipt", arrived) == {ANNA.id}


def test_who_is_asked_is_told_the_number_and_nothing_of_the_person() -> None:
    facts = CaseFacts(responsible=ANNA.id, asked=frozenset({BEN.id}))
    told = {
        name for name in ("number", "concern", "safety", "phase") if told_besides("CaseFile", name, facts)
    }
    assert told == {"number"}
    assert told_besides("Person", "person", facts) == frozenset()


@pytest.mark.parametrize(
    ("since", "until", "day", "stands"),
    [
        ("2026-11-10", "2026-11-20", "2026-11-09", False),
        ("2026-11-10", "2026-11-20", "2026-11-10", True),
        ("2026-11-10", "2026-11-20", "2026-11-20", True),
        ("2026-11-10", "2026-11-20", "2026-11-21", False),
        ("2026-11-10", None, "2030-01-01", True),
        (None, "2026-11-20", "2020-01-01", True),
    ],
)
def test_both_days_belong_to_the_stand_in(
    since: str | None, until: str | None, day: str, stands: bool
) -> None:
    entry = Record("StandIn", values={"stand_in_since": since, "stand_in_until": until})
    assert stands_in(entry, Today(day, day)) is stands


def test_where_two_clocks_differ_the_narrower_counts() -> None:
    entry = Record("StandIn", values={"stand_in_since": "2026-11-10", "stand_in_until": "2026-11-20"})
    assert not stands_in(entry, Today("2026-11-09", "2026-11-12"))
    assert not stands_in(entry, Today("2026-11-12", "2026-11-21"))


DOTS = st.builds(Dot, st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(1, 2**32 - 1))


@given(st.sets(DOTS, max_size=60))
def test_a_receipt_names_exactly_what_was_held(dots: set[Dot]) -> None:
    held = Context.of(dots)
    named = [read_receipt(document) for document in pack_receipts(held)]
    assert Context.of(dot for part in named for dot in part) == held


def test_a_receipt_always_fits_into_its_register() -> None:
    worst = Context.of(Dot(2**64 - 1, 2**64 - 1 - place, 2**32 - 2) for place in range(SPANS_AN_ENTRY))
    (document,) = pack_receipts(worst)
    assert len(document) < REGISTER_LIMIT - 100
    assert len(list(pack_receipts(worst | Context.of([Dot(1, 1, 1)])))) == 2


WORD = bytes(8)


@pytest.mark.parametrize(
    "rows",
    [
        7,
        [7],
        [[WORD, WORD]],
        [[WORD, WORD, [1]]],
        [[WORD[:-1], WORD, [1, 1]]],
        [[WORD, WORD, [0, 1]]],
        [[WORD, WORD, [2, 1]]],
        [[WORD, WORD, [1, 2, 2, 3]]],
        [[WORD, WORD, [1, 2, 3, 4]]],
        [[WORD, WORD, [1, 2**32]]],
        [[WORD, WORD, [True, True]]],
        [[WORD, WORD, [1, MOST_DOTS + 1]]],
        [[WORD, WORD, [1, 1]], [WORD, WORD, [5, 5]]],
    ],
)
def test_a_receipt_in_another_form_is_refused(rows: object) -> None:
    with pytest.raises(ValueError, match=r"not|many"):
        read_receipt(cbor2.dumps(rows, canonical=True))


@given(st.binary(max_size=80))
def test_no_bytes_crash_the_reader_of_receipts(document: bytes) -> None:
    try:
        named = read_receipt(document)
    except ValueError:
        return
    assert b"".join(pack_receipts(named)) == document or not named


def test_a_receipt_whose_rows_are_one_by_reference_is_refused_before_it_unfolds() -> None:
    many = [number for start in range(1, 300_000, 101) for number in (start, start + 99)]
    row = cbor2.dumps([WORD, WORD, many])
    document = b"\x99\x01\x2d\xd8\x1c" + row + b"\xd8\x1d\x00" * 300
    assert len(document) < REGISTER_LIMIT
    tracemalloc.start()
    with pytest.raises(ValueError, match="too many dots"):
        read_receipt(document)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_runs_are_named_as_runs() -> None:
    held = Context.from_spans([Span(1, 1, 1, 5), Span(1, 1, 7, 7), Span(1, 2, 3, 3)])
    (document,) = pack_receipts(held)
    one, two = (1).to_bytes(8, "big"), (2).to_bytes(8, "big")
    assert cbor2.loads(document) == [[one, one, [1, 5, 7, 7]], [one, two, [3, 3]]]
