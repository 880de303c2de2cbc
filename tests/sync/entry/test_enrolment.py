"""Joining: the invitation file, the request, the six words, and the roster that follows."""

import base64
from dataclasses import replace
from datetime import date

import pytest

from app.domain.audience import Role
from sync.district.roster_chain import verify_successor
from sync.encoding import wire
from sync.encoding.proquint import proquint
from sync.entry.enrolment import (
    Intended,
    Invitation,
    check_invitation_date,
    enrol,
    fingerprint,
    free_slot,
    invite,
    read_invitation,
    read_request,
    relay_token,
    request_enrolment,
    request_fingerprint,
    verify_request,
    write_invitation,
)
from sync.errors import (
    EnrolmentError,
    InvitationError,
    InvitationExpiredError,
    LacksProgramError,
    WrongSignatureError,
)
from sync.roster import encode_roster, sign_roster
from tests.support.ports import SeededEntropy
from tests.support.wire import EXPIRES, KEEPER, RELAY, key_of, public_of, roster_chain

CHAIN = roster_chain()
ROSTER = CHAIN[-1]
ODA = Intended("Oda Klein", "verein", Role.CASE_MANAGER, slot=7, supervisor=3)
PREKEY = SeededEntropy("oda's prekey").bytes(wire.PREKEY_PUBLIC_BYTES)


def invitation(seed: str = "invitation", intended: Intended = ODA) -> Invitation:
    rosters = tuple(encode_roster(roster) for roster in CHAIN)
    return invite(rosters, (RELAY,), intended, date(2026, 11, 16), SeededEntropy(seed))


def request_bytes(given: Invitation, name: str = "oda") -> bytes:
    return request_enrolment(given, public_of(name), PREKEY, key_of(name).sign)


def test_invitation_file_gives_the_invitation_again() -> None:
    given = invitation()
    assert read_invitation(write_invitation(given)) == given
    assert (given.roster, given.district) == (ROSTER, CHAIN[0].hash)


def test_invitation_file_is_lines_that_survive_an_editor() -> None:
    content = write_invitation(invitation())
    assert all(len(line) <= 64 for line in content.splitlines())
    shaken = "Von: KI\r\n\r\n" + content.replace("\n", "\r\n  ") + "\r\nViele Grüße"
    assert read_invitation(shaken) == invitation()


@pytest.mark.parametrize(
    "content", ["", "x", "-----BEGIN KIM MOBIL INVITATION-----\n!\n-----END KIM MOBIL INVITATION-----"]
)
def test_invitation_without_its_lines_refused(content: str) -> None:
    with pytest.raises(InvitationError) as caught:
        read_invitation(content)
    assert caught.value.reason == "form"


def altered(place: int, value: object) -> str:
    content = write_invitation(invitation())
    fields = wire.decode_strict(
        base64.b64decode("".join(content.splitlines()[1:-1])), limit=wire.INVITATION_LIMIT
    )
    fields[place] = value
    body = base64.b64encode(wire.encode(fields)).decode()
    return "\n".join((content.splitlines()[0], body, content.splitlines()[-1]))


def test_invitation_with_gap_or_foreign_chain_refused() -> None:
    chain = [encode_roster(roster) for roster in CHAIN]
    unsigned = encode_roster(replace(CHAIN[0], signatures=()))
    for rosters in (chain[1:], [chain[0], chain[2]], [unsigned, *chain[1:]], [b"x"]):
        with pytest.raises(InvitationError) as caught:
            read_invitation(altered(2, rosters))
        assert caught.value.reason == "chain"
    with pytest.raises(InvitationError) as caught:
        read_invitation(altered(1, bytes(32)))
    assert caught.value.reason == "chain"


@pytest.mark.parametrize(
    ("place", "value"),
    [(2, []), (4, b"short"), (6, []), (7, -1), (6, ["", "", "king", 0, False, None, False, None])],
)
def test_invitation_malformed_refused(place: int, value: object) -> None:
    with pytest.raises(InvitationError) as caught:
        read_invitation(altered(place, value))
    assert caught.value.reason == "form"


def test_invitation_of_a_newer_program_is_said_to_be_one() -> None:
    with pytest.raises(LacksProgramError):
        read_invitation(altered(0, 2))


def test_invitation_is_good_on_its_last_day_and_not_after() -> None:
    check_invitation_date(invitation(), date(2026, 11, 16))
    with pytest.raises(InvitationExpiredError):
        check_invitation_date(invitation(), date(2026, 11, 17))


def test_request_answers_its_invitation() -> None:
    given = invitation()
    request = read_request(request_bytes(given))
    verify_request(request, given)
    assert (request.public_key, request.prekey_public) == (public_of("oda"), PREKEY)


def test_request_without_the_secret_refused() -> None:
    given = invitation()
    guessed = replace(given, secret=bytes(32))
    with pytest.raises(EnrolmentError) as caught:
        verify_request(read_request(request_bytes(guessed)), given)
    assert caught.value.reason == "secret"


def test_request_for_another_invitation_refused() -> None:
    with pytest.raises(EnrolmentError) as caught:
        verify_request(read_request(request_bytes(invitation("other"))), invitation())
    assert caught.value.reason == "invitation"


def test_request_with_a_key_that_is_not_the_requesters_refused() -> None:
    given = invitation()
    request = replace(read_request(request_bytes(given)), public_key=public_of("ben"))
    with pytest.raises(WrongSignatureError):
        verify_request(request, given)


def test_both_sides_compute_the_same_six_words() -> None:
    given = invitation()
    words = request_fingerprint(read_request(request_bytes(given)))
    assert words == fingerprint(given.district, given.id, public_of("oda"))
    assert len(words) == 6
    assert all(len(word) == 5 and word.isalpha() for word in words)


def test_another_device_invitation_or_district_has_other_words() -> None:
    given = invitation()
    others = {
        fingerprint(given.district, given.id, public_of("oda")),
        fingerprint(given.district, given.id, public_of("ben")),
        fingerprint(given.district, bytes(8), public_of("oda")),
        fingerprint(bytes(32), given.id, public_of("oda")),
    }
    assert len(others) == 4


def test_words_are_proquints() -> None:
    # 127.0.0.1 is lusab-babad in the paper that defines them.
    assert (proquint(0x7F00), proquint(0x0001)) == ("lusab", "babad")


def test_enrol_adds_member_and_device_and_one_keeper_signs() -> None:
    request = read_request(request_bytes(invitation()))
    following = sign_roster(enrol(ROSTER, ODA, request), KEEPER, key_of("sina").sign)
    verify_successor(ROSTER, following)
    device = following.devices[-1]
    assert (device.index, device.slot, device.public_key) == (4, 7, public_of("oda"))
    oda = following.member_of_device(4)
    assert oda is not None
    assert (oda.id, oda.name, oda.employer, oda.role, oda.supervisor) == (
        5,
        "Oda Klein",
        "verein",
        Role.CASE_MANAGER,
        3,
    )
    assert following.expires == EXPIRES


def test_enrol_second_device_of_a_member() -> None:
    again = replace(ODA, member=2)
    following = enrol(ROSTER, again, read_request(request_bytes(invitation(intended=again))))
    assert following.members == ROSTER.members
    assert [device.index for device in following.devices_of(2)] == [2, 4]


@pytest.mark.parametrize(
    ("intended", "name", "reason"),
    [(ODA, "ben", "used"), (replace(ODA, slot=1), "oda", "slot"), (replace(ODA, member=77), "oda", "member")],
)
def test_enrol_what_does_not_fit_refused(intended: Intended, name: str, reason: str) -> None:
    request = read_request(request_bytes(invitation(), name))
    with pytest.raises(EnrolmentError) as caught:
        enrol(ROSTER, intended, request)
    assert caught.value.reason == reason


def test_free_slot_is_the_lowest_that_no_device_ever_had() -> None:
    assert free_slot(ROSTER) == 4


def test_relay_token_follows_from_the_secret_alone_to_whom_knows_it() -> None:
    given = invitation()
    assert relay_token(given) == relay_token(read_invitation(write_invitation(given)))
    assert relay_token(given) != relay_token(replace(given, secret=bytes(32)))
    assert given.secret not in relay_token(given)
