"""Joining without the relay, and with all that was made alone."""

from functools import partial
from pathlib import Path

import pytest

from app.domain.audience import Member, Role
from app.domain.dots import Dot
from sync import compose
from sync.compose import DistrictSetUp
from sync.district.keepers import Step
from sync.entry.enrolment_files import EnrolmentFileError, read_admission, read_application, write_admission
from sync.entry.joining import NotYetAdmittedError
from sync.entry.moving import NotAloneError
from sync.errors import EnrolmentError
from sync.relay.server import RelayServer
from sync.workplace import Workplace
from tests.support.district import (
    CHEAP,
    PASSPHRASE,
    District,
    Person,
    case_file,
    edit_case,
    open_case,
    stored,
)
from tests.support.parcels import give_directly


def alone(district: District, name: str) -> Workplace:
    """Somebody who set a district up without a relay, and works in it."""
    person: Person = district._person(name)
    setup = DistrictSetUp("Allein", "ALL", "kreis", name, "")
    person.place, _ = compose.set_up_district(
        person.home, PASSPHRASE, setup, clock=person.clock, entropy=person.entropy, cost=CHEAP
    )
    return person.place


def moved(district: District, name: str, admission: bytes | None = None) -> Workplace:
    """Finish the move and unlock anew, as the program does."""
    district[name].moving.finish(admission)
    district.people[name].lock()
    return district[name]


def newcomer(keeper: Workplace, name: str, role: Role = Role.CASE_MANAGER) -> Member:
    return Member(0, name, "kreis", role, supervisor=keeper.session.me if role is Role.CASE_MANAGER else None)


def admit(keeper: Workplace, application: bytes, words: str) -> Step:
    applicant = keeper.read_application(application)
    assert applicant.fingerprint == words
    return keeper.admit(applicant)


def numbers(place: Workplace, cases: list[Dot]) -> list[str]:
    return [case_file(place, case).text("number") for case in cases]


def test_a_newcomer_applies_and_is_admitted_by_stick_alone(district: District) -> None:
    sina, person = district["sina"], district._person("nele")
    invitation = sina.invite(newcomer(sina, "Nele"), by_file=True)
    words, _ = compose.apply_with_invitation(
        person.home, PASSPHRASE, invitation,
        clock=person.clock, entropy=person.entropy, cost=CHEAP, by_file=True,
    )  # fmt: skip
    application = compose.application_file(person.home, PASSPHRASE, clock=person.clock)
    finish = partial(
        compose.finish_joining, person.home, PASSPHRASE, clock=person.clock, entropy=person.entropy
    )
    with pytest.raises(NotYetAdmittedError):
        finish(admission=sina.admission())
    assert admit(sina, application, words) is Step.DONE
    person.place = finish(admission=sina.admission())
    district.round("nele", "sina", "nele")
    case = open_case(person.place, "vom Stick")
    district.round("nele", "sina")
    assert case_file(sina, case).text("concern") == "vom Stick"
    with pytest.raises(EnrolmentError):
        sina.read_application(application)


def _assert_belongs(sina: Workplace, otto: Workplace, concerns: dict[Dot, str]) -> None:
    for case, concern in concerns.items():
        record = case_file(sina, case)
        assert (record.text("concern"), record.number("responsible")) == (concern, otto.session.me)
        assert record.number("supervision") == sina.session.me


@pytest.mark.parametrize("by_file", [False, True])
def test_a_device_that_worked_alone_joins_with_all_it_has(district: District, by_file: bool) -> None:
    sina, lone = district["sina"], alone(district, "otto")
    cases = [open_case(lone, f"allein {number}") for number in range(3)]
    before = numbers(lone, cases)
    edit_case(lone, cases[0], concern="allein 0, ergänzt")
    dots = stored(lone, "SELECT count(*) FROM change WHERE case_file IS NOT NULL")
    invitation = sina.invite(newcomer(sina, "Otto"), by_file=by_file)
    words = lone.moving.apply(invitation, by_file=by_file)
    assert lone.moving.waiting() == words
    with pytest.raises(NotYetAdmittedError):
        lone.moving.finish(sina.admission() if by_file else None)
    late = open_case(lone, "während gewartet wird")
    if by_file:
        admit(sina, lone.moving.application(), words)
    else:
        (applicant,) = (item for item in sina.applicants() if item.fingerprint == words)
        sina.admit(applicant)
    otto = moved(district, "otto", sina.admission() if by_file else None)
    assert (otto.roster.district, otto.moving.waiting()) == (sina.roster.district, "")
    assert otto.session.me == sina.roster.members[-1].id
    assert numbers(otto, cases) == before
    district.round("otto", "sina", "otto", "sina")
    told = ("allein 0, ergänzt", "allein 1", "allein 2", "während gewartet wird")
    _assert_belongs(sina, otto, dict(zip((*cases, late), told, strict=True)))
    assert sina.status().parcels == ()
    assert stored(sina, "SELECT count(DISTINCT author) FROM change WHERE case_file IS NOT NULL") == [(1,)]
    assert stored(otto, "SELECT count(*) FROM change WHERE case_file IS NOT NULL")[0][0] > dots[0][0]
    assert case_file(otto, open_case(otto)).text("number").startswith("MUS-")
    edit_case(sina, cases[1], concern="von Sina")
    district.round("sina", "otto")
    assert case_file(otto, cases[1]).text("concern") == "von Sina"


def test_the_employers_data_come_from_the_district_unless_one_belongs_to_the_ki(district: District) -> None:
    sina = district["sina"]
    for name, role, count in (("otto", Role.CASE_MANAGER, 1), ("oda", Role.SUPERVISOR, 2)):
        lone = alone(district, name)
        words = lone.moving.apply(sina.invite(newcomer(sina, name, role), by_file=True), by_file=True)
        admit(sina, lone.moving.application(), words)
        place = moved(district, name, sina.admission())
        district.round("sina", name, "sina")
        district.round(name)
        employers = place.session.store.queries.records("Employer", None)
        assert len(employers) == count
        assert sina.status().parcels == ()


def test_a_move_that_is_broken_off_leaves_the_old_district_whole(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    sina, lone = district["sina"], alone(district, "otto")
    case = open_case(lone)
    words = lone.moving.apply(sina.invite(newcomer(sina, "Otto"), by_file=True), by_file=True)
    admit(sina, lone.moving.application(), words)
    with monkeypatch.context() as patch:
        patch.setattr("sync.entry.moving.keep_roster", _fail)
        with pytest.raises(OSError, match="voll"):
            lone.moving.finish(sina.admission())
    district.people["otto"].lock()
    lone = district["otto"]
    assert (lone.roster.code, case_file(lone, case).number("responsible")) == ("ALL", lone.session.me)
    assert moved(district, "otto", sina.admission()).roster.code == "MUS"


def _fail(*_given: object) -> None:
    raise OSError("voll")


def test_only_a_device_that_is_alone_moves(district: District) -> None:
    sina = district["sina"]
    invitation = sina.invite(newcomer(sina, "Otto"), by_file=True)
    assert not sina.moving.possible
    with pytest.raises(NotAloneError):
        sina.moving.apply(invitation, by_file=True)
    with pytest.raises(NotAloneError):
        sina.moving.finish()


def test_files_of_another_district_or_damaged_ones_are_refused(
    district: District, tmp_path: Path, shared_relay: RelayServer
) -> None:
    sina, lone = district["sina"], alone(district, "otto")
    lone.moving.apply(sina.invite(newcomer(sina, "Otto"), by_file=True), by_file=True)
    application, admission = lone.moving.application(), sina.admission()
    with District.found(tmp_path / "elsewhere", "elsewhere", relay=shared_relay) as other:
        with pytest.raises(EnrolmentFileError) as caught:
            lone.moving.finish(other["sina"].admission())
        assert caught.value.params == {"reason": "district"}
        with pytest.raises(EnrolmentError):
            other["sina"].read_application(application)
    for content in (
        b"",
        application[:80],
        admission[:200],
        application.replace(b"A", b"!"),
        b"x" * 17_000_000,
    ):
        with pytest.raises(EnrolmentFileError):
            read_application(content)
        with pytest.raises(EnrolmentFileError):
            read_admission(content)
    chain = read_admission(admission)
    with pytest.raises(EnrolmentFileError):
        read_admission(write_admission((b"\0",)))
    assert chain[-1] == sina.roster
    give_directly(district["anna"], sina)
