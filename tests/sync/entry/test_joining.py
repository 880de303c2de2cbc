"""Setting a district up and joining it: words that match, doors that stay shut, nothing left behind."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.audience import Member, Role
from app.services.cases import employer_record
from sync import compose
from sync.carriers.http import RelayUnreachableError
from sync.compose import DistrictSetUp, HomeState
from sync.district.keepers import NotKeeperError
from sync.entry.joining import NotYetAdmittedError
from sync.errors import InvitationError, InvitationExpiredError
from sync.relay.server import RelayServer
from sync.workplace import Workplace
from tests.support.district import CHEAP, PASSPHRASE, District, MovingClock, run_round
from tests.support.forks import ForkedRelay
from tests.support.ports import SeededEntropy

BEN = Member(0, "Ben Kaya", "verein", Role.CASE_MANAGER, supervisor=1)


@pytest.fixture
def founded(tmp_path: Path, shared_relay: RelayServer) -> Iterator[District]:
    """A district with nobody but its keeper."""
    with District.found(tmp_path / "district", str(tmp_path), relay=shared_relay) as district:
        yield district


def apply(home: Path, invitation: bytes, clock: MovingClock | None = None) -> str:
    words, _ = compose.apply_with_invitation(
        home,
        PASSPHRASE,
        invitation,
        clock=clock or MovingClock(),
        entropy=SeededEntropy(str(home)),
        cost=CHEAP,
    )
    return words


def finish(home: Path) -> Workplace:
    return compose.finish_joining(home, PASSPHRASE, clock=MovingClock(), entropy=SeededEntropy("later"))


def test_a_founder_is_keeper_and_has_papers_to_print(founded: District) -> None:
    sina = founded["sina"]
    employer = employer_record(sina.session.store.queries, "kreis")
    assert employer is not None
    assert (sina.is_keeper, employer.text("employer_name")) == (True, "kreis")


def test_an_applicant_is_a_member_after_the_keeper_admits(founded: District, tmp_path: Path) -> None:
    sina, home = founded["sina"], tmp_path / "ben"
    assert compose.home_state(home) is HomeState.EMPTY
    words = apply(home, sina.invite(BEN))
    assert (compose.home_state(home), compose.waiting_fingerprint(home)) == (HomeState.APPLIED, words)
    with pytest.raises(NotYetAdmittedError):
        finish(home)
    (applicant,) = sina.applicants()
    assert (applicant.fingerprint, applicant.member) == (words, BEN)
    sina.admit(applicant)
    assert sina.applicants() == ()
    ben = finish(home)
    me = ben.session.members.member(ben.session.me)
    ben.close()
    assert compose.home_state(home) is HomeState.READY
    assert me == Member(2, "Ben Kaya", "verein", Role.CASE_MANAGER, supervisor=1)


def test_an_application_can_be_unlocked_by_nobody_before_it_is_admitted(
    founded: District, tmp_path: Path
) -> None:
    apply(tmp_path / "ben", founded["sina"].invite(BEN))
    with pytest.raises(NotYetAdmittedError):
        compose.unlock(tmp_path / "ben", PASSPHRASE, clock=MovingClock(), entropy=SeededEntropy("x"))


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\xff\xfe", b"-----BEGIN KIM MOBIL INVITATION-----\nAAAA"]
)
def test_a_file_that_is_no_invitation_leaves_nothing_behind(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InvitationError):
        apply(tmp_path / "ben", content)
    assert compose.home_state(tmp_path / "ben") is HomeState.EMPTY


def test_an_expired_invitation_is_refused(founded: District, tmp_path: Path) -> None:
    invitation = founded["sina"].invite(BEN)
    clock = MovingClock()
    clock.ahead = timedelta(days=15)
    with pytest.raises(InvitationExpiredError):
        apply(tmp_path / "ben", invitation, clock)


def test_applying_without_network_leaves_nothing_behind(district: District, tmp_path: Path) -> None:
    invitation = district["sina"].invite(BEN)
    district.relay.stop()
    with pytest.raises(RelayUnreachableError):
        apply(tmp_path / "ben", invitation)
    assert compose.home_state(tmp_path / "ben") is HomeState.EMPTY
    district.relay.start()
    apply(tmp_path / "ben", invitation)
    assert compose.home_state(tmp_path / "ben") is HomeState.APPLIED


def test_only_a_keeper_invites_and_admits(district: District) -> None:
    with pytest.raises(NotKeeperError):
        district["anna"].invite(BEN)
    with pytest.raises(NotKeeperError):
        district["anna"].applicants()


def test_two_applicants_get_slots_of_their_own(founded: District, tmp_path: Path) -> None:
    sina = founded["sina"]
    first, second = sina.invite(BEN), sina.invite(BEN)
    apply(tmp_path / "one", first)
    apply(tmp_path / "two", second)
    for applicant in sina.applicants():
        sina.admit(applicant)
    assert len({device.slot for device in sina.roster.devices}) == 3


def test_a_second_request_to_one_invitation_shows_other_words(founded: District, tmp_path: Path) -> None:
    sina = founded["sina"]
    invitation = sina.invite(BEN)
    words = {apply(tmp_path / "ben", invitation), apply(tmp_path / "thief", invitation)}
    assert {applicant.fingerprint for applicant in sina.applicants()} == words
    assert len(words) == 2


def test_a_district_is_set_up_without_network_and_known_to_the_relay_later(tmp_path: Path) -> None:
    relay = ForkedRelay(tmp_path / "relay.sqlite")
    relay.start()
    relay.stop()
    setup = DistrictSetUp("Musterkreis", "MUS", "kreis", "Sina Vogt", relay.url)
    place, _ = compose.set_up_district(
        tmp_path / "sina", PASSPHRASE, setup, clock=MovingClock(), entropy=SeededEntropy("sina"), cost=CHEAP
    )
    relay.start()
    report = run_round(place)
    place.close()
    relay.stop()
    assert report.requests == 1


def test_a_killed_set_up_counts_as_nothing_and_is_begun_anew(tmp_path: Path) -> None:
    home = tmp_path / "sina"
    home.mkdir()
    (home / "stage").write_text("making")
    (home / "vault.kim").write_bytes(b"half a vault")
    (home / "store.db").write_bytes(b"half a store")
    assert compose.home_state(home) is HomeState.EMPTY
    setup = DistrictSetUp("Musterkreis", "MUS", "kreis", "Sina Vogt", "")
    place, _ = compose.set_up_district(
        home, PASSPHRASE, setup, clock=MovingClock(), entropy=SeededEntropy("sina"), cost=CHEAP
    )
    place.close()
    assert compose.home_state(home) is HomeState.READY
