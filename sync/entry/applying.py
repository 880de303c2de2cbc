"""The applicant's side of enrolment, and the roster that founds a district."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.audience import Member, Role
from sync.carriers.http import ApplicantCarrier
from sync.district.roster_chain import verify_chain
from sync.encoding.signing import Sign
from sync.entry import enrolment
from sync.entry.enrolment import Invitation
from sync.entry.enrolment_files import EnrolmentFileError, read_admission
from sync.entry.joining import NotYetAdmittedError, relay_token
from sync.errors import QuarantinedError, RosterGapError
from sync.roster import Device, Roster, decode_roster, encode_roster, first_roster, sign_roster

ROSTER_DAYS: Final = 365
FOUNDER: Final = 1
"""Member id of the keeper who sets a district up."""


@dataclass(frozen=True)
class DistrictSetUp:
    """What a keeper enters; `relay_address` may be empty until there is one."""

    district_name: str
    district_code: str
    employer: str
    my_name: str
    relay_address: str


@dataclass(frozen=True)
class Applying:
    """A new device's own halves: identity and first prekey."""

    public_key: bytes
    prekey_public: bytes
    sign: Sign


def found_district(
    setup: DistrictSetUp, public_key: bytes, offline_key: bytes, sign: Sign, today: date
) -> Roster:
    """Give the signed first roster of a district, good for a year, with the key for its safe."""
    keeper = Member(FOUNDER, setup.my_name, setup.employer, Role.SUPERVISOR, cleared=True)
    relays = (setup.relay_address,) if setup.relay_address else ()
    expires = today + timedelta(days=ROSTER_DAYS)
    roster = first_roster(
        setup.district_code,
        setup.district_name,
        expires,
        keeper,
        public_key,
        offline_key=offline_key,
        relays=relays,
        made=today,
    )
    return sign_roster(roster, 0, sign)


def open_invitation(content: bytes, today: date) -> Invitation:
    """Read an invitation file; raises InvitationError when it cannot be read, believed, or is too old."""
    invitation = enrolment.read_invitation(content.decode("utf-8", "replace"))
    enrolment.check_invitation_date(invitation, today)
    return invitation


def make_request(invitation: Invitation, applicant: Applying) -> tuple[bytes, str]:
    """Give the request of a new device, and the six words to compare."""
    request = enrolment.request_enrolment(
        invitation, applicant.public_key, applicant.prekey_public, applicant.sign
    )
    return request, " ".join(enrolment.fingerprint(invitation.district, invitation.id, applicant.public_key))


def post_request(invitation: Invitation, request: bytes) -> None:
    """Give the relay a request; raises the carrier's errors."""
    _with_carrier(invitation, lambda carrier: carrier.post_enrolment(request))


def admitted_chain(
    invitation: Invitation, public_key: bytes, admission: bytes | None
) -> tuple[tuple[Roster, bytes], ...]:
    """Give the verified chain that names the device: from the keeper's file, or by the relay without one."""
    if admission is None:
        return fetch_admission(invitation, public_key)
    return open_admission(invitation, admission, public_key)


def fetch_admission(invitation: Invitation, public_key: bytes) -> tuple[tuple[Roster, bytes], ...]:
    """Give the verified chain of rosters once it names the device; raises NotYetAdmittedError until then."""
    known = invitation.roster
    offered: list[bytes] = []
    _with_carrier(invitation, lambda carrier: offered.extend(carrier.get_roster()))
    newer = [roster for roster in map(decode_roster, offered) if roster.version > known.version]
    newest = verify_chain(known, newer) or known
    own_device(newest, public_key)
    rosters = [*map(decode_roster, invitation.rosters), *newer]
    return tuple((roster, encode_roster(roster)) for roster in rosters)


def open_admission(
    invitation: Invitation, content: bytes, public_key: bytes
) -> tuple[tuple[Roster, bytes], ...]:
    """Give the verified chain of an admission file; raises EnrolmentFileError, NotYetAdmittedError.

    It must go on from the invitation's own rosters: another district's is refused.
    """
    chain = read_admission(content)
    if chain[0].district != invitation.district:
        raise EnrolmentFileError(reason="district")
    try:
        newest = verify_chain(invitation.roster, chain)
    except (QuarantinedError, RosterGapError) as error:
        raise EnrolmentFileError(reason="chain") from error
    if newest is None or newest.hash != chain[-1].hash:
        raise EnrolmentFileError(reason="old")
    own_device(newest, public_key)
    return tuple((roster, encode_roster(roster)) for roster in chain)


def own_device(roster: Roster, public_key: bytes) -> Device:
    """Give the device with that key; raises NotYetAdmittedError while the roster names none."""
    for device in roster.devices:
        if device.public_key == public_key:
            return device
    raise NotYetAdmittedError


def _with_carrier(invitation: Invitation, work: Callable[[ApplicantCarrier], None]) -> None:
    carrier = ApplicantCarrier(invitation.relays, invitation.district, invitation.id, relay_token(invitation))
    try:
        work(carrier)
    finally:
        carrier.close()
