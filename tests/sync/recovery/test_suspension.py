"""A suspended device: what of it counts, what waits, what it can still do; what is held and read again."""

from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.domain.orders import OrderKind
from app.services.mailbox import ParcelKind
from sync.district.keepers import NotKeeperError, NotReleasableError
from sync.district.rosters import DeviceSuspendedError
from sync.relay.server import RelayServer
from sync.roster import encode_roster, sign_roster, successor
from sync.workplace import Workplace
from tests.support.brought_back import back_up, bring_back
from tests.support.district import District, add, case_file, edit_case, open_case, stored
from tests.support.keeper_district import index_of, kinds, offline
from tests.support.parcels import give_directly, hand_over, sealed_items


def test_a_suspended_device_is_told_keeps_all_and_goes_on_when_it_is_lifted(keepers: District) -> None:
    sina, anna = keepers["sina"], keepers["anna"]
    case = open_case(anna, "eins")
    keepers.round("anna", "sina")
    sina.keepers.suspend(index_of(keepers, "anna"))
    edit_case(anna, case, concern="zwei")
    for _ in range(2):
        with pytest.raises(DeviceSuspendedError):
            keepers.round("anna")
    assert kinds(anna)[0] == ["device_suspended"]
    assert (case_file(anna, case).text("concern"), anna.status().delivery.waiting) == ("zwei", 1)
    sina.keepers.lift(index_of(keepers, "anna"), offline(keepers))
    keepers.round("anna", "sina")
    assert case_file(sina, case).text("concern") == "zwei"


def test_what_was_refused_of_a_suspended_device_is_taken_when_it_is_lifted(keepers: District) -> None:
    sina, anna = keepers["sina"], keepers["anna"]
    case = open_case(anna, "eins")
    hand_over(sina, sealed_items(anna, sina))
    sina.keepers.suspend(index_of(keepers, "anna"))
    edit_case(anna, case, concern="zwei")
    hand_over(sina, sealed_items(anna, sina))
    assert [item.reason for item in sina.status().parcels] == ["sender_suspended"]
    sina.keepers.lift(index_of(keepers, "anna"), offline(keepers))
    assert (sina.status().parcels, case_file(sina, case).text("concern")) == ((), "zwei")


def test_what_came_while_a_device_was_suspended_is_told_to_it_once_that_is_lifted(keepers: District) -> None:
    sina, anna = keepers["sina"], keepers["anna"]
    anna2 = keepers.join_again("anna2", "anna")
    case = open_case(anna, "eins")
    for _ in range(2):
        keepers.round("sina", "anna", "anna2")
    sina.keepers.suspend(index_of(keepers, "anna"))
    edit_case(sina, case, concern="zwei")
    # The other computer has signed for it: nothing is kept of what was sent.
    keepers.round("sina", "anna2", "sina", "anna2")
    sina.keepers.lift(index_of(keepers, "anna"), offline(keepers))
    for _ in range(2):
        keepers.round("anna", "sina", "anna2")
    keepers.round("anna")
    assert case_file(anna, case).text("concern") == case_file(anna2, case).text("concern") == "zwei"


def test_the_case_files_of_a_lost_device_are_named_as_soon_as_it_is_suspended(keepers: District) -> None:
    sina, anna = keepers["sina"], keepers["anna"]
    cases = {open_case(anna) for _ in range(3)}
    keepers.round("anna", "sina")
    held = sina.keepers.suspend(index_of(keepers, "anna"))
    assert (held.member, held.elsewhere) == ("anna", 0)
    assert {item.case for item in held.files} == cases
    assert [item.number for item in held.files] == sorted(
        case_file(sina, case).text("number") for case in cases
    )


def test_another_supervisors_case_files_are_counted_though_not_named(keepers: District) -> None:
    anna = keepers["anna"]
    open_case(anna)
    keepers.round("anna", "ruth")
    held = keepers["ruth"].keepers.files_held_by(index_of(keepers, "anna"))
    assert (held.files, held.elsewhere) == ((), 1)


def test_what_a_device_sent_before_counts_and_what_came_later_waits_for_a_keepers_word(
    keepers: District,
) -> None:
    sina, ruth, anna = keepers["sina"], keepers["ruth"], keepers["anna"]
    case = open_case(anna, "vorher")
    items = sealed_items(anna, sina)
    hand_over(sina, items)
    sina.keepers.suspend(index_of(keepers, "anna"))
    edit_case(anna, case, concern="nachher")
    later = [item for item in sealed_items(anna, sina) if item not in items]
    hand_over(sina, later)
    (parcel,) = sina.status().parcels
    assert (parcel.state, parcel.reason) == ("quarantined", "sender_suspended")
    assert case_file(sina, case).text("concern") == "vorher"
    ((digest,),) = stored(sina, "SELECT digest FROM parcel")
    with pytest.raises(NotKeeperError):
        anna.keepers.release(digest, "weil ich es sage")
    with pytest.raises(NotReleasableError):
        sina.keepers.release(bytes(32), "gibt es nicht")
    sina.keepers.release(digest, "Der Laptop lag im Büro")
    assert (case_file(sina, case).text("concern"), sina.status().parcels) == ("nachher", ())
    keepers.round("sina", "ruth")
    assert [row[0] for row in stored(ruth, "SELECT count(*) FROM change WHERE type = 'ParcelRelease'")] == [1]


def test_a_release_that_somebody_else_tells_of_releases_nothing_before_its_keeper_signed(
    keepers: District,
) -> None:
    sina, ruth, anna = keepers["sina"], keepers["ruth"], keepers["anna"]
    case = open_case(anna, "vorher")
    add(anna, "StandIn", case, stand_in=keepers.member("ruth"))
    items = {place: sealed_items(anna, place) for place in (sina, ruth)}
    for place, came in items.items():
        hand_over(place, came)
    sina.keepers.suspend(index_of(keepers, "anna"))
    keepers.round("ruth")
    edit_case(anna, case, concern="nachher")
    for place, came in items.items():
        hand_over(place, [item for item in sealed_items(anna, place) if item not in came])
    ((digest,),) = stored(sina, "SELECT digest FROM parcel")
    sina.keepers.release(digest, "Der Laptop lag im Büro")
    with sina.session.store.unit_of_work() as work:
        told = tuple(work.log.changes("type = 'ParcelRelease'", (), 10))  # type: ignore[attr-defined]  # the store's own
    with ruth.session.store.unit_of_work() as work:
        work.apply(told, keepers.member("ruth"))
    ruth.keepers.read_again()
    assert case_file(ruth, case).text("concern") == "vorher"
    keepers.round("sina", "ruth")
    assert (case_file(ruth, case).text("concern"), ruth.status().parcels) == ("nachher", ())


@pytest.mark.parametrize("order", [1, -1])
def test_what_lies_before_is_shown_by_the_chain_whatever_came_first(keepers: District, order: int) -> None:
    """Ruth stands in; Anna unlocks anew before each edit, so that the chain runs over sessions."""
    ruth, anna = keepers["ruth"], keepers["anna"]
    case = open_case(anna, "eins")
    add(anna, "StandIn", case, stand_in=keepers.member("ruth"))
    everything = []
    for concern in ("zwei", "drei", "vier"):
        edit_case(anna, case, concern=concern)
        everything = sealed_items(anna, ruth)
        keepers.people["anna"].lock()
        anna = keepers["anna"]
    hand_over(ruth, everything)
    ruth.keepers.suspend(index_of(keepers, "anna"))
    edit_case(anna, case, concern="gestohlen")
    late = [item for item in sealed_items(anna, ruth) if item not in everything]
    named = ruth.roster.devices[index_of(keepers, "anna")].accepted
    assert len({item.channel for item in named}) == len(named)
    hand_over(ruth, late)
    assert [item.reason for item in ruth.status().parcels] == ["sender_suspended"] * len(late)
    stored(ruth, "DELETE FROM received")
    hand_over(ruth, list(reversed(everything))[::order] + late)
    assert [item.reason for item in ruth.status().parcels] == ["sender_suspended"] * len(late)
    assert case_file(ruth, case).text("concern") == "vier"


def test_after_a_suspension_everybody_seals_under_a_new_key_and_takes_back_what_has_not_left(
    keepers: District,
) -> None:
    sina, anna = keepers["sina"], keepers["anna"]
    case = open_case(anna)
    keepers.round("anna", "sina")
    edit_case(sina, case, concern="alt")
    sealed_items(sina, anna)
    ((epoch, count),) = stored(sina, "SELECT max(epoch), count(*) FROM grant_out WHERE recipient = 2")
    ruth = keepers["ruth"]
    ruth.keepers.suspend(index_of(keepers, "anna"))
    keepers.round("sina", "ruth")
    edit_case(sina, case, concern="neu")
    keepers.round("sina", "ruth")
    assert stored(sina, "SELECT max(epoch), count(*) FROM grant_out WHERE recipient = 2") == [(epoch, count)]
    for name in ("sina", "ruth"):
        open_keys = stored(
            keepers[name],
            "SELECT count(*) FROM sealed JOIN grant_out USING (channel, epoch)"
            " WHERE recipient = 2 AND sealed.sealed IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM relay_run AS run WHERE run.session = sealed.session"
            " AND run.channel = sealed.channel AND sealed.n BETWEEN run.first AND run.last)",
        )
        assert open_keys == [(0,)]


def test_a_suspended_device_opens_nothing_new_whatever_it_gets_hold_of(keepers: District) -> None:
    """All that Sina and Ruth ever sealed, envelopes and grants of everybody, is laid before Anna's device."""
    sina, ruth, anna = keepers["sina"], keepers["ruth"], keepers["anna"]
    case = open_case(anna, "eins")
    keepers.round("anna", "sina", "anna")
    edit_case(sina, case, concern="zwei")
    sealed_items(sina, anna)
    ruth.keepers.suspend(index_of(keepers, "anna"))
    keepers.round("sina")
    edit_case(sina, case, concern="drei")
    keepers.round("sina")
    everything = [
        *((ParcelKind.GRANT, bytes(row[0])) for row in stored(sina, "SELECT sealed FROM grant_out")),
        *(
            (ParcelKind.ENVELOPE, bytes(row[0]))
            for row in stored(sina, "SELECT sealed FROM sealed WHERE sealed IS NOT NULL ORDER BY at_ms, n")
        ),
    ]
    assert everything
    hand_over(anna, everything)
    assert case_file(anna, case).text("concern") == "eins"
    reasons = {parcel.reason for parcel in anna.status().parcels if parcel.kind == "envelope"}
    assert reasons <= {"lacks_grant"}


def test_each_held_item_is_read_again_once_what_it_lacked_has_come(keepers: District) -> None:
    """Every way round: an assignment, a roster, a record, a grant come after what needs them."""
    ruth, anna = keepers["ruth"], keepers["anna"]
    case = open_case(anna, "eins")
    keepers.round("anna", "sina")
    add(anna, "StandIn", case, stand_in=keepers.member("ruth"))
    keepers.join("ben")
    edit_case(anna, case, concern="zwei")
    keepers.round("anna")
    items = sealed_items(anna, ruth)
    hand_over(ruth, [item for item in items if item[0] is ParcelKind.ENVELOPE])
    assert {parcel.reason for parcel in ruth.status().parcels} <= {"lacks_grant", "lacks_roster"}
    assert ruth.status().parcels
    hand_over(ruth, [item for item in items if item[0] is ParcelKind.GRANT])
    keepers.round("ruth")
    assert ruth.status().parcels == ()
    assert case_file(ruth, case).text("concern") == "zwei"


def test_a_gap_in_the_rosters_is_held_and_fetched_with_the_next_round(keepers: District) -> None:
    sina, anna = keepers["sina"], keepers["anna"]
    for name in ("ben", "cem"):
        keepers.join(name)
    newest = encode_roster(sina.roster)
    assert not anna._rosters().take([newest])
    assert [(item.state, item.reason) for item in anna.status().parcels] == [("held", "roster_gap")]
    keepers.round("anna")
    assert (anna.roster.version, anna.status().parcels) == (sina.roster.version, ())


@pytest.mark.parametrize("bad", [b"", b"\0", b"\x82\x80\x80", bytes(600_000)])
def test_bytes_that_are_no_roster_are_set_aside_and_nothing_stops(keepers: District, bad: bytes) -> None:
    anna = keepers["anna"]
    assert not anna._rosters().take([bad, bad])
    assert [item.state for item in anna.status().parcels] == ["quarantined"]
    keepers.join("ben")
    keepers.round("anna")
    assert anna.roster.version == keepers["sina"].roster.version


def test_a_roster_of_another_district_or_with_a_forged_signature_is_set_aside(
    keepers: District, tmp_path: Path, shared_relay: RelayServer
) -> None:
    anna, sina = keepers["anna"], keepers["sina"]
    forged = sign_roster(successor(sina.roster, name="Fremd"), 0, anna._engine.sign)
    with District.found(tmp_path / "elsewhere", "elsewhere", relay=shared_relay) as other:
        other.join("mallory")
        anna._rosters().take([encode_roster(other["sina"].roster), encode_roster(forged)])
    reasons = sorted(parcel.reason for parcel in anna.status().parcels)
    assert reasons == ["roster_signatures", "wrong_district"]
    assert anna.roster.content == sina.roster.content


def read_early_by_ruth(keepers: District) -> Dot:
    """Ruth has read more of anna than Sina, who suspends anna's computer."""
    sina, anna = keepers["sina"], keepers["anna"]
    case = open_case(anna, "eins")
    add(anna, "StandIn", case, stand_in=keepers.member("ruth"))
    keepers.round("anna", "sina", "ruth")
    edit_case(anna, case, concern="zwei")
    keepers.round("anna", "ruth")
    sina.keepers.suspend(index_of(keepers, "anna"))
    return case


def test_what_was_read_before_a_suspension_came_stays_and_is_told(keepers: District) -> None:
    sina, ruth = keepers["sina"], keepers["ruth"]
    case = read_early_by_ruth(keepers)
    assert ruth.keepers.state().read_early == ()
    keepers.round("sina")
    assert case_file(sina, case).text("concern") == "eins"
    keepers.round("ruth")
    assert dict(ruth.keepers.state().read_early).keys() == {"anna"}
    assert sina.keepers.state().read_early == ()


def test_what_one_had_read_before_a_suspension_came_ends_alike_with_all(keepers: District) -> None:
    sina, ruth = keepers["sina"], keepers["ruth"]
    case = read_early_by_ruth(keepers)
    keepers.round("sina", "ruth", "sina")
    for place in (sina, ruth):
        assert case_file(place, case).text("concern") == "zwei"
        assert place.session.store.queries.conflicts(5) == ()
        (newest, *_) = place.session.store.queries.history(case, 1)
        assert newest.author == keepers.member("anna")
    assert {parcel.reason for parcel in sina.status().parcels} == {"sender_suspended"}
    assert keepers.round("ruth").envelopes_up == 0


def test_a_persons_other_computer_is_told_what_one_had_read_before_a_suspension_came(three: District) -> None:
    second = three.join_again("ben2", "ben")
    for _ in range(2):
        three.round()
    sina, anna = three["sina"], three["anna"]
    case = open_case(anna, "eins")
    add(anna, "StandIn", case, stand_in=three.member("ben"))
    three.round("anna", "sina", "ben", "ben2")
    edit_case(anna, case, concern="zwei")
    three.round("anna", "ben")
    sina.keepers.suspend(index_of(three, "anna"))
    three.round("sina", "ben", "ben2")
    assert case_file(second, case).text("concern") == "zwei"


def test_what_nobody_had_read_before_a_suspension_came_counts_nowhere(keepers: District) -> None:
    case = read_early_by_ruth(keepers)
    edit_case(keepers["anna"], case, concern="drei")
    late = sealed_items(keepers["anna"], keepers["ruth"])
    keepers.round("ruth")
    hand_over(keepers["ruth"], late)
    keepers.round("ruth", "sina")
    assert {case_file(keepers[name], case).text("concern") for name in ("sina", "ruth")} == {"zwei"}


def test_somebody_who_never_worked_in_a_case_file_vouches_for_nothing(keepers: District) -> None:
    """Ben, in league with whoever took anna's computer, tells what it signed after its suspension."""
    keepers.join("ben")
    keepers.round()
    keepers.round()
    sina, anna, ben = keepers["sina"], keepers["anna"], keepers["ben"]
    case = open_case(anna, "eins")
    keepers.round("anna", "sina")
    sina.keepers.suspend(index_of(keepers, "anna"))
    add(anna, "StandIn", case, stand_in=keepers.member("ben"))
    edit_case(anna, case, concern="gefälscht")
    give_directly(anna, ben)
    keepers.round("ben", "sina", "sina")
    assert case_file(ben, case).text("concern") == "gefälscht"
    assert case_file(sina, case).text("concern") == "eins"
    assert "lacks_assignment" in {parcel.reason for parcel in sina.status().parcels}


def test_an_edit_waits_for_its_record_then_for_its_authors_assignment(keepers: District) -> None:
    keepers.join("ben")
    keepers.round("ben", "sina", "anna", "ben", "sina")
    sina, anna, ben = keepers["sina"], keepers["anna"], keepers["ben"]
    case = open_case(anna, "eins")
    begun = sealed_items(anna, sina)
    add(anna, "StandIn", case, stand_in=keepers.member("ben"))
    named = [item for item in sealed_items(anna, sina) if item not in begun]
    give_directly(anna, ben)
    edit_case(ben, case, concern="von Ben")
    seen = []
    for items in (sealed_items(ben, sina), begun, named):
        hand_over(sina, items)
        seen.append([parcel.reason for parcel in sina.status().parcels])
    assert seen == [["lacks_record"], ["lacks_assignment"], []]
    assert case_file(sina, case).text("concern") == "von Ben"


def test_what_a_suspended_computer_wrote_outside_case_files_holds_up_nothing_else_that_is_told(
    three: District, tmp_path: Path
) -> None:
    """Ben had read it and told it before he heard of the suspension; only a supervisor may vouch for it."""
    anna2 = three.join_again("anna2", "anna")
    case = open_case(three["anna"], "vor der Sicherung")
    three.round("anna", "anna2", "sina", "ben", "anna", "anna2")
    backup = back_up(three, "anna", tmp_path / "stick")
    orders = [place.orders.issue(OrderKind.RESTRICT, "client_wish", case) for place in (three["anna"], anna2)]
    three.round("anna", "anna2", "ben")
    anna = bring_back(three, "anna", backup)
    three.round("anna", "ben")
    three["sina"].keepers.suspend(index_of(three, "anna2"))
    three.round("anna")

    assert three.member("ben") not in {parcel.sender for parcel in anna.status().parcels}
    assert orders_on(anna) == {orders[0]}

    three["sina"].keepers.lift(index_of(three, "anna2"))
    three.round("anna", "anna2", "anna")
    assert orders_on(anna) == set(orders)


def orders_on(place: Workplace) -> set[bytes]:
    return {state.id for state in place.orders.overview()}
