"""How a device that nobody knows yet reaches the keepers, and nobody else does."""

import secrets
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from sync.carriers.http import ApplicantCarrier, RelayRefusedError
from sync.encoding.signing import sha256
from sync.relay.server import RelayServer
from sync.roster import encode_roster
from tests.support.relay_district import KEEPER, MANAGER, RelayDistrict

DAY_MS = 24 * 60 * 60 * 1000


class Invited:
    """An invitation that a keeper deposited, and the token of its holder."""

    def __init__(self, district: RelayDistrict, url: str) -> None:
        self.district = district
        self.url = url
        self.id, self.token = secrets.token_bytes(8), secrets.token_bytes(32)
        self.deposit()

    def deposit(self, device: int = KEEPER, token: bytes | None = None, days: float = 7) -> None:
        with closing(self.district.devices[device].carrier(self.url)) as carrier:
            expires = int(time.time() * 1000 + days * DAY_MS)
            carrier.deposit_invitation(self.id, sha256(token or self.token), expires)

    def applicant(self, token: bytes | None = None) -> ApplicantCarrier:
        name = self.district.roster.district
        return ApplicantCarrier([self.url], name, self.id, token or self.token)

    def waiting(self, device: int = KEEPER) -> tuple[bytes, ...]:
        with closing(self.district.devices[device].carrier(self.url)) as carrier:
            return carrier.get_enrolments()


@pytest.fixture
def invited(district: RelayDistrict, relay: RelayServer) -> Invited:
    return Invited(district, relay.url)


def refusal(call: Callable[[], object]) -> tuple[str, int]:
    with pytest.raises(RelayRefusedError) as caught:
        call()
    return str(caught.value.params["reason"]), int(caught.value.params["status"])


def test_enrolment_reaches_the_keeper(invited: Invited) -> None:
    with closing(invited.applicant()) as applicant:
        applicant.post_enrolment(b"take me in")
        applicant.post_enrolment(b"take me in")
    assert invited.waiting() == (b"take me in",)


def test_applicant_learns_that_it_was_taken_in(invited: Invited) -> None:
    invited.district.enrol()
    with closing(invited.district.devices[KEEPER].carrier(invited.url)) as keeper:
        keeper.put_rosters([encode_roster(invited.district.roster)])
    with closing(invited.applicant()) as applicant:
        rosters = applicant.get_roster()
    assert rosters == tuple(encode_roster(roster) for roster in invited.district.rosters)


def test_wrong_token_opens_nothing(invited: Invited) -> None:
    with closing(invited.applicant(bytes(32))) as stranger:
        assert refusal(stranger.get_roster) == ("not_found", 404)
        assert refusal(lambda: stranger.post_enrolment(b"x")) == ("not_found", 404)
    assert invited.waiting() == ()


def test_enrolment_too_large(invited: Invited) -> None:
    with closing(invited.applicant()) as applicant:
        assert refusal(lambda: applicant.post_enrolment(bytes(8193))) == ("too_large", 413)


def test_enrolments_are_few(invited: Invited) -> None:
    with closing(invited.applicant()) as applicant:
        for number in range(3):
            applicant.post_enrolment(bytes([number]))
        assert refusal(lambda: applicant.post_enrolment(b"\x03")) == ("too_many", 429)
    assert invited.waiting() == (b"\x00", b"\x01", b"\x02")


def test_only_keepers_invite_and_see_enrolments(invited: Invited) -> None:
    assert refusal(lambda: invited.deposit(MANAGER)) == ("forbidden", 403)
    assert refusal(lambda: invited.waiting(MANAGER)) == ("forbidden", 403)


def test_invitation_keeps_its_token(invited: Invited) -> None:
    invited.deposit()
    assert refusal(lambda: invited.deposit(token=bytes(32))) == ("invitation_conflict", 409)


@pytest.mark.parametrize("days", [-1, 32])
def test_invitation_ends_within_a_month(invited: Invited, days: int) -> None:
    assert refusal(lambda: invited.deposit(days=days)) == ("unreadable", 422)
