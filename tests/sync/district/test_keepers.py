"""What keepers do with the roster, through real workplaces and a real relay."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.audience import Member, Role
from app.security.errors import RecoveryKeyMistypedError
from app.security.recovery_key import make_recovery_key
from sync import compose
from sync.carriers.http import RelayRefusedError
from sync.district.keepers import Keepers, NotKeeperError, Step, WrongOfflineKeyError
from sync.district.proposals import ProposalError
from sync.district.rosters import DeviceSuspendedError, RosterDateError, RosterMovedError, Rosters
from sync.entry.joining import NotYetAdmittedError
from sync.errors import RosterExpiredError, RosterForkError, RosterSignaturesError
from sync.roster import DeviceState, decode_roster, encode_roster, sign_roster, successor
from sync.workplace import Workplace
from tests.support.district import CHEAP, PASSPHRASE, District, case_file, open_case
from tests.support.keeper_district import index_of, kinds, offline
from tests.support.parcels import give_directly
from tests.support.ports import SeededEntropy


def states(place: Workplace) -> list[DeviceState]:
    return [device.state for device in place.roster.devices]


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
    typed = offline(keepers)
    with pytest.raises(RecoveryKeyMistypedError):
        sina.keepers.extend(offline=("1" if typed.startswith("0") else "0") + typed[1:])
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
        ruth._open_carrier().put_rosters([twin])
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


def test_a_clearance_that_one_keeper_signs_alone_is_refused_by_the_relay_and_shown_on_every_device(
    keepers: District,
) -> None:
    ruth, anna = keepers["ruth"], keepers["anna"]
    members = tuple(replace(item, cleared=True) for item in ruth.roster.members)
    alone = sign_roster(successor(ruth.roster, members=members), ruth._engine.index, ruth._engine.sign)
    with pytest.raises(RelayRefusedError) as caught:
        ruth._open_carrier().put_rosters([encode_roster(alone)])
    assert caught.value.params["reason"] == "roster_refused"
    anna._rosters().take([encode_roster(alone)])
    assert [(item.kind, item.reason) for item in anna.status().parcels] == [("roster", "roster_signatures")]
    assert not any(item.cleared for item in anna.roster.members if item.name != "Sina Vogt")


def test_a_clearance_is_told_to_whom_it_concerns_until_they_unlock_again(keepers: District) -> None:
    sina, anna, key = keepers["sina"], keepers["anna"], offline(keepers)
    me, told = anna.session.me, [anna.new_clearance]
    sina.keepers.clear(me, cleared=True, offline=key)
    keepers.round("anna")
    told.append(anna.new_clearance)
    keepers.people["anna"].lock()
    anna = keepers["anna"]
    told.append(anna.new_clearance)
    sina.keepers.clear(me, cleared=False, offline=key)
    keepers.round("anna")
    assert [*told, anna.new_clearance] == [None, True, None, False]


def test_a_supervisor_is_admitted_once_a_second_keeper_has_signed(keepers: District) -> None:
    sina, ruth, person = keepers["sina"], keepers["ruth"], keepers._person("olga")
    invitation = sina.invite(Member(0, "Olga", "kreis", Role.SUPERVISOR, cleared=True))
    words, _ = compose.apply_with_invitation(
        person.home, PASSPHRASE, invitation, clock=person.clock, entropy=person.entropy, cost=CHEAP
    )
    (applicant,) = (item for item in sina.applicants() if item.fingerprint == words)
    assert sina.admit(applicant) is Step.PROPOSED
    with pytest.raises(NotYetAdmittedError):
        compose.finish_joining(person.home, PASSPHRASE, clock=person.clock, entropy=person.entropy)
    keepers.round("sina", "ruth")
    (proposal,) = ruth.keepers.proposals()
    assert [fact.kind for fact in proposal.facts] == ["enrolled_cleared", "device_added"]
    ruth.keepers.sign(proposal.id)
    person.place = compose.finish_joining(person.home, PASSPHRASE, clock=person.clock, entropy=person.entropy)
    assert person.place.roster.version == ruth.roster.version
