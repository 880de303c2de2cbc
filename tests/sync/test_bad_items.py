"""Items cut, altered, forged, foreign, swapped or replayed: told why, and what stands behind is taken."""

from __future__ import annotations

import pytest

from app.error_messages import ENTRIES
from app.services.mailbox import ParcelKind
from sync.encoding import wire
from sync.roster import encode_roster
from sync.rounds.exchange import RoundRequest, StatusCode
from sync.sending.sealing import Place, seal_body
from sync.workplace import Workplace
from tests.support.bad_items import LIMIT, PARCEL, foreign_item, good_item, newer
from tests.support.district import District, case_file, edit_case, open_case
from tests.support.parcels import Items, give_directly, hand_over, sealed_items
from tests.support.ports import SeededEntropy

WRONG = "quarantined"


def damaged(name: str, good: bytes) -> dict[bytes, tuple[str, str]]:
    """What is wrong with an item, and as what it is kept."""
    return {
        b"": (WRONG, "wrong_structure"),
        good[:-1]: (WRONG, "wrong_structure"),
        good[: len(good) // 2]: (WRONG, "wrong_structure"),
        good + b"\0": (WRONG, "wrong_structure"),
        good + good: (WRONG, "wrong_structure" if 2 * len(good) <= LIMIT[name] else "wrong_size"),
        good + bytes(LIMIT[name]): (WRONG, "wrong_size"),
        good[:-1] + bytes([good[-1] ^ 1]): (WRONG, "wrong_signature"),
        foreign_item(name): (WRONG, "wrong_district"),
        newer(name, good): ("held", "lacks_program"),
    }


def swapped(name: str, sender: Workplace, recipient: Workplace) -> list[bytes]:
    """Items of all other kinds, to be read as this one. A checkpoint goes by its envelope."""
    others = [other for other in PARCEL if PARCEL[other] is not PARCEL[name]]
    return [good_item(other, sender, recipient) for other in others]


def reasons(place: Workplace) -> list[tuple[str, str]]:
    return sorted((parcel.state, parcel.reason) for parcel in place.status().parcels)


@pytest.mark.parametrize("name", PARCEL)
def test_bad_items_are_kept_with_their_reason_and_what_stands_behind_is_taken(
    district: District, name: str
) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "dahinter")
    behind = sealed_items(anna, sina)
    good = good_item(name, anna, sina)
    bad = damaged(name, good)
    hand_over(sina, [*((PARCEL[name], data) for data in bad), *behind, (PARCEL[name], good)])
    assert case_file(sina, case).text("concern") == "dahinter"
    expected = sorted(bad.values())
    if name == "grant":  # of a key that has come rightly by now, nothing of another copy is looked at
        expected.remove((WRONG, "wrong_signature"))
    assert reasons(sina) == expected
    assert {reason for _, reason in reasons(sina)} <= ENTRIES.keys()


@pytest.mark.parametrize("name", PARCEL)
def test_items_of_other_kinds_are_refused_and_what_stands_behind_is_taken(
    district: District, name: str
) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "dahinter")
    behind = sealed_items(anna, sina)
    bad = swapped(name, anna, sina)
    hand_over(sina, [*((PARCEL[name], data) for data in bad), *behind])
    assert case_file(sina, case).text("concern") == "dahinter"
    assert {state for state, _ in reasons(sina)} == {WRONG}
    assert len(reasons(sina)) == len(set(bad) - {sealed for _, sealed in behind})
    assert {reason for _, reason in reasons(sina)} <= {"wrong_structure", "wrong_size"}


def test_everything_replayed_changes_nothing(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "einmal")
    items: Items = sealed_items(anna, sina)
    items += [(PARCEL[name], good_item(name, anna, sina)) for name in ("ack", "prekey", "purge", "ask")]
    hand_over(sina, items)
    history = sina.session.store.queries.history(case, 100)
    again = hand_over(sina, [*items, *reversed(items)])
    assert (again.applied, again.held, again.quarantined, again.changed) == (0, 0, 0, frozenset())
    assert sina.session.store.queries.history(case, 100) == history
    assert sina.status().parcels == ()
    edit_case(anna, case, concern="danach")
    give_directly(anna, sina)
    assert case_file(sina, case).text("concern") == "danach"


def test_what_the_relay_cannot_see_to_be_wrong_stops_no_round(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    open_case(anna)
    district.round("anna", "sina")
    engine = anna._engine
    with engine.office.transaction() as post:
        key = post.keys.newest_epoch(engine.index, frozenset({sina.session.me}))
    assert key is not None
    bad = seal_body(
        b"\xff not the one form",
        [],
        place=Place(engine.index, key.channel, key.epoch, 4711, 1, wire.NO_HASH),
        channel_key=key.key,
        roster=engine.roster,
        sign=engine.sign,
        entropy=SeededEntropy("forger"),
    )
    answer = anna._open_carrier().round(RoundRequest(engine.roster.version, envelopes=(bad,)))
    assert [status.code for status in answer.statuses] == [StatusCode.STORED]
    case = open_case(anna, "dahinter")
    district.round("anna")
    report = district.round("sina")
    assert (report.quarantined, reasons(sina)) == (1, [(WRONG, "wrong_structure")])
    assert case_file(sina, case).text("concern") == "dahinter"
    again = district.round("sina")
    assert (again.applied, reasons(sina)) == (0, [(WRONG, "wrong_structure")])


def test_bad_rosters_before_a_good_one_stop_nothing(district: District) -> None:
    sina, anna = district["sina"], district["anna"]
    envelope = good_item("grant", anna, sina) if sealed_items(anna, sina) else b"\0"
    district.join("ben")
    newest = encode_roster(sina.roster)
    bad = [newest[:-1], newest + b"\0", newest + newest, envelope, newest[:-1] + bytes([newest[-1] ^ 1])]
    assert anna._rosters().take([*bad, newest])
    assert anna.roster.content == sina.roster.content
    assert reasons(anna) == [(WRONG, "wrong_structure")] * 4


@pytest.mark.parametrize("first", ["held", "swapped"])
def test_an_envelope_that_also_comes_as_something_else_is_read_as_an_envelope(
    district: District, first: str
) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "wartet")
    grant, envelope = sealed_items(anna, sina)
    swapped_kinds: Items = [(ParcelKind.GRANT, envelope[1]), (ParcelKind.ACK, envelope[1])]
    hand_over(sina, [envelope, *swapped_kinds] if first == "held" else [*swapped_kinds, envelope])
    assert reasons(sina) == [("held", "lacks_grant")]
    hand_over(sina, [grant])
    assert (reasons(sina), case_file(sina, case).text("concern")) == ([], "wartet")
