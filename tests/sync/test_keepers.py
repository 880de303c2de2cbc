"""What keepers do, through real workplaces and a real relay."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.audience import Member, Role
from app.security.errors import RecoveryKeyMistypedError
from app.security.recovery_key import make_recovery_key
from app.services.mailbox import ParcelKind
from sync.carriers.http import RelayRefusedError
from sync.errors import RosterExpiredError, RosterForkError, RosterSignaturesError
from sync.keepers import Keepers, NotKeeperError, NotReleasableError, Step, WrongOfflineKeyError
from sync.proposals import ProposalError
from sync.relay.server import RelayServer
from sync.roster import DeviceState, decode_roster, encode_roster, sign_roster, successor
from sync.rosters import DeviceSuspendedError, RosterDateError, RosterMovedError, Rosters
from sync.workplace import Workplace
from tests.support.district import District, add, case_file, edit_case, open_case, stored
from tests.support.parcels import give_directly, hand_over, sealed_items
from tests.support.ports import SeededEntropy


def offline(district: District) -> str:
    """The key that set-up printed for the safe."""
    return (district.folder / "safe").read_text()


@pytest.fixture
def keepers(tmp_path: Path, shared_relay: RelayServer) -> Iterator[District]:
    """Sina and Ruth are keepers, Anna a case manager; three keeper keys are named, one lies in the safe."""
    with District.found(tmp_path / "district", str(tmp_path), relay=shared_relay) as founded:
        (founded.folder / "safe").write_text(founded["sina"].offline_key)
        founded.join("ruth", Role.SUPERVISOR)
        founded.join("anna")
        founded["sina"].keepers.make_keeper(founded.member("ruth"))
        founded.round("sina", "ruth", "anna", "sina", "ruth")
        yield founded


def index_of(district: District, name: str) -> int:
    return district[name]._engine.index


def states(place: Workplace) -> list[DeviceState]:
    return [device.state for device in place.roster.devices]


def kinds(place: Workplace) -> list[list[str]]:
    return [[fact.kind for fact in news.facts] for news in place.keepers.news()]


def test_set_up_names_a_key_for_the_safe_and_gives_it_once(keepers: District) -> None:
    assert len(offline(keepers).split("-")) == 8
    assert keepers["sina"].roster.offline_key is not None
    keepers.people["sina"].lock()
    assert keepers["sina"].offline_key == ""
    secret = offline(keepers).replace("-", "")
    files = [path.read_bytes() for path in keepers.people["sina"].home.rglob("*") if path.is_file()]
    assert not any(secret.encode() in data for data in files)


def test_a_change_that_needs_two_is_proposed_seen_in_words_and_signed_by_the_other(keepers: District) -> None:
    sina, ruth, anna = keepers["sina"], keepers["ruth"], keepers.member("anna")
    before = sina.roster.version
    assert sina.keepers.clear(anna, True) is Step.PROPOSED
    assert sina.roster.version == before
    keepers.round("sina", "ruth")
    (proposal,) = ruth.keepers.proposals()
    assert (proposal.by, proposal.mine, proposal.signed, proposal.needed) == ("Sina Vogt", False, 1, 2)
    assert [(fact.kind, fact.get("name")) for fact in proposal.facts] == [("cleared", "anna")]
    ruth.keepers.sign(proposal.id)
    keepers.round("sina", "anna")
    for name in ("sina", "ruth", "anna"):
        member = keepers[name].roster.member(anna)
        assert member is not None
        assert member.cleared
        assert keepers[name].keepers.proposals() == ()
        (news, *_) = keepers[name].keepers.news()
        assert (news.facts[0].kind, sorted(news.signers)) == ("cleared", ["Sina Vogt", "ruth"])


def test_a_proposal_is_signed_with_the_key_from_the_safe_where_the_other_keeper_is_away(
    keepers: District,
) -> None:
    sina = keepers["sina"]
    sina.keepers.clear(keepers.member("anna"), True)
    (proposal,) = sina.keepers.proposals()
    with pytest.raises(RosterSignaturesError):
        sina.keepers.sign(proposal.id)
    sina.keepers.sign(proposal.id, offline(keepers).lower().replace("-", " "))
    member = sina.roster.member(keepers.member("anna"))
    assert member is not None
    assert member.cleared


def test_a_proposal_that_was_overtaken_or_withdrawn_is_gone(keepers: District) -> None:
    sina, ruth = keepers["sina"], keepers["ruth"]
    sina.keepers.clear(keepers.member("anna"), True)
    keepers.round("sina", "ruth")
    (proposal,) = ruth.keepers.proposals()
    keepers.join("ben")
    keepers.round("ruth")
    assert ruth.keepers.proposals() == ()
    with pytest.raises(ProposalError) as caught:
        ruth.keepers.sign(proposal.id)
    assert caught.value.params == {"reason": "overtaken"}
    sina.keepers.extend(sina.roster.expires + timedelta(days=30))
    keepers.round("sina", "ruth")
    (mine,) = sina.keepers.proposals()
    ruth.keepers.withdraw(mine.id)
    keepers.round("ruth", "sina")
    assert [item.id for item in sina.keepers.proposals()] == [mine.id]
    sina.keepers.withdraw(mine.id)
    keepers.round("sina", "ruth")
    assert (sina.keepers.proposals(), ruth.keepers.proposals()) == ((), ())


def test_a_key_that_is_not_the_districts_signs_nothing(keepers: District) -> None:
    sina = keepers["sina"]
    with pytest.raises(WrongOfflineKeyError):
        sina.keepers.extend(offline=make_recovery_key(SeededEntropy("another")).text)
    with pytest.raises(RecoveryKeyMistypedError):
        sina.keepers.extend(offline="0" + offline(keepers)[1:])
    assert kinds(sina)[0] == ["keeper_made"]


def test_nobody_but_a_keeper_changes_the_roster(keepers: District) -> None:
    with pytest.raises(NotKeeperError):
        keepers["anna"].keepers.suspend(0)


def test_one_bad_keeper_suspends_the_rest_and_is_stopped_by_one_of_them_and_the_safe(
    keepers: District,
) -> None:
    sina, ruth, anna = keepers["sina"], keepers["ruth"], keepers["anna"]
    ruth.keepers.suspend(index_of(keepers, "sina"))
    assert ruth.keepers.clear(keepers.member("anna"), True) is Step.PROPOSED
    assert ruth.keepers.end_keeper(keepers.member("sina")) is Step.PROPOSED
    with pytest.raises(DeviceSuspendedError):
        keepers.round("sina")
    keepers.round("anna")
    assert kinds(anna)[0] == ["device_suspended"]
    assert anna.keepers.news()[0].signers == ("ruth",)
    with pytest.raises(RosterSignaturesError):
        sina.keepers.lift(index_of(keepers, "sina"))
    assert sina.keepers.lift(index_of(keepers, "sina"), offline(keepers)) is Step.DONE
    keepers.round("sina", "ruth", "anna")
    assert states(anna) == [DeviceState.ACTIVE] * 3
    member = anna.roster.member(keepers.member("anna"))
    assert member is not None
    assert not member.cleared


def test_one_keeper_lost_the_other_goes_on_with_the_safe(keepers: District) -> None:
    ruth, lost = keepers["ruth"], index_of(keepers, "sina")
    ruth.keepers.suspend(lost)
    assert ruth.keepers.revoke(lost, offline(keepers)) is Step.DONE
    assert ruth.keepers.end_keeper(keepers.member("sina"), offline(keepers)) is Step.DONE
    step, key = ruth.keepers.new_offline_key(offline(keepers))
    assert step is Step.DONE
    later = ruth.roster.expires + timedelta(days=30)
    assert ruth.keepers.extend(later, key) is Step.DONE
    assert kinds(ruth)[:4] == [["extended"], ["offline_replaced"], ["keeper_ended"], ["device_revoked"]]


def forged(place: Workplace, name: str) -> bytes:
    """A roster that one keeper makes alone beside the one in force: a case manager's name is new."""
    with place._engine.office.transaction() as post:
        before = decode_roster(post.keys.rosters()[-2])
    member = Member(90, name, "kreis", Role.CASE_MANAGER)
    twin = successor(before, members=(*before.members, member), made=place.roster.made)
    return encode_roster(sign_roster(twin, place._engine.index, place._engine.sign))


def test_one_bad_keeper_forks_the_roster_and_it_is_refused_shown_and_ended(keepers: District) -> None:
    ruth, sina = keepers["ruth"], keepers["sina"]
    sina.keepers.suspend(index_of(keepers, "anna"))
    keepers.round("ruth")
    twin = forged(ruth, "Mallory")
    with pytest.raises(RelayRefusedError):
        ruth._open_carrier().put_roster(twin)
    sina._rosters().take([twin])
    assert sina.roster.version == ruth.roster.version - 1
    disputed = sina.keepers.state().disputed
    assert sorted(item.facts[0].kind for item in disputed) == ["device_suspended", "enrolled"]
    assert sina.roster.member(90) is None
    assert sina.roster.devices[index_of(keepers, "anna")].state is DeviceState.SUSPENDED
    assert [parcel.reason for parcel in sina.status().parcels] == ["roster_fork"] * 2
    with pytest.raises(RosterForkError):
        sina.keepers.extend()
    keepers.people["sina"].lock()
    sina = keepers["sina"]
    assert sina.roster.member(90) is None
    keep = [item.facts[0].kind for item in sina.keepers.state().disputed].index("device_suspended")
    with pytest.raises(RosterSignaturesError):
        sina.keepers.end_fork(keep=keep)
    sina.keepers.end_fork(offline(keepers), keep)
    assert (sina.keepers.state().disputed, kinds(sina)[0]) == ((), ["fork_ended"])
    keepers.round("ruth")
    assert kinds(ruth)[0] == ["fork_ended"]
    assert ruth.roster.member(90) is None


def test_of_two_keepers_at_one_moment_the_second_looks_again(keepers: District) -> None:
    ruth, sina = keepers["ruth"], keepers["sina"]
    sina.keepers.suspend(index_of(keepers, "anna"))
    with pytest.raises(RosterMovedError):
        ruth.keepers.suspend(index_of(keepers, "sina"))
    assert ruth.roster.version == sina.roster.version


def test_expiry_stops_enrolment_and_roles_never_saving_or_syncing(keepers: District) -> None:
    sina, anna = keepers["sina"], keepers["anna"]
    for person in keepers.people.values():
        person.clock.move(days=400)
    for name in keepers.people:
        keepers[name]._engine.relay_ahead_ms = 0
    assert sina.keepers.state().expired
    with pytest.raises(RosterExpiredError):
        sina.keepers.clear(keepers.member("anna"), True)
    case = open_case(anna, "trotzdem")
    give_directly(anna, sina)
    assert case_file(sina, case).text("concern") == "trotzdem"
    with pytest.raises(RosterDateError):
        sina.keepers.extend(offline=offline(keepers))
    alone = Keepers(sina._engine, lambda: Rosters(sina._engine, None))
    assert alone.extend(offline=offline(keepers)) is Step.DONE
    assert not sina.keepers.state().expired


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


def test_news_are_counted_until_they_were_looked_at(keepers: District) -> None:
    anna = keepers["anna"]
    anna.keepers.unread()
    anna.keepers.mark_read()
    keepers.join("ben")
    keepers["sina"].keepers.suspend(index_of(keepers, "ben"))
    keepers.round("anna")
    assert anna.keepers.unread() == 2
    assert kinds(anna)[:2] == [["device_suspended"], ["enrolled", "device_added"]]
    anna.keepers.mark_read()
    assert anna.keepers.unread() == 0


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
    sina, ruth, anna = keepers["sina"], keepers["ruth"], keepers["anna"]
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
