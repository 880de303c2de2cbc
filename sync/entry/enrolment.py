"""Joining a district: an invitation with a one-time secret, a request, six words compared by voice."""

from __future__ import annotations

import base64
import binascii
import hmac
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from app.domain.audience import Member, Role
from app.domain.case_number import SLOTS
from sync.district.roster_chain import verify_chain
from sync.encoding import wire
from sync.encoding.proquint import spoken
from sync.encoding.signing import SUITE, Entropy, Kind, Sign, check_signature, sign_kind, suite_of, tagged
from sync.encoding.wire import WireError, array, blob, boolean, integer, optional, text
from sync.errors import (
    EnrolmentError,
    InvitationError,
    InvitationExpiredError,
    QuarantinedError,
    RosterGapError,
)
from sync.roster import Device, Roster, day_number, day_of, decode_roster, successor

_BEGIN: Final = "-----BEGIN KIM MOBIL INVITATION-----"
_END: Final = "-----END KIM MOBIL INVITATION-----"
_ARMOUR_WIDTH: Final = 64
_INVITATION_FIELDS: Final = 8
_INTENDED_FIELDS: Final = 8
_REQUEST_FIELDS: Final = 6
RELAY_TOKEN_TAG: Final = b"kim-mobil/relay-token/1"
FINGERPRINT_TAG: Final = b"kim-mobil/fingerprint/1"
FINGERPRINT_WORDS: Final = 6


@dataclass(frozen=True)
class Intended:
    """Whom an invitation is for. `member`: the id of somebody who is in the roster already, else None."""

    name: str
    employer: str
    role: Role
    slot: int
    cleared: bool = False
    supervisor: int | None = None
    immigration_duties: bool = False
    member: int | None = None


@dataclass(frozen=True)
class Invitation:
    """What a keeper hands over as a file: the chain of rosters to trust, and a secret that is used once."""

    rosters: tuple[bytes, ...]
    relays: tuple[str, ...]
    secret: bytes
    id: bytes
    intended: Intended
    expires: date

    @property
    def roster(self) -> Roster:
        """The newest roster of the invitation."""
        return decode_roster(self.rosters[-1])

    @property
    def district(self) -> bytes:
        """The district that the invitation is for."""
        return self.roster.district


@dataclass(frozen=True)
class EnrolmentRequest:
    """What the new device answers: its identity, and the prekey for what it is to be sent first."""

    district: bytes
    invitation: bytes
    public_key: bytes
    prekey_public: bytes
    suite: int = SUITE.id
    signature: bytes = b""
    mac: bytes = b""

    @property
    def content(self) -> bytes:
        """The bytes that are signed and covered by the MAC."""
        return wire.encode(_request_row(self))


def invite(
    rosters: tuple[bytes, ...], relays: tuple[str, ...], intended: Intended, expires: date, entropy: Entropy
) -> Invitation:
    """Give a new invitation; `rosters` is the whole chain from the first one, as bytes."""
    secret, name = entropy.bytes(wire.SECRET_BYTES), entropy.bytes(wire.INVITATION_ID_BYTES)
    return Invitation(rosters, relays, secret, name, intended, expires)


def write_invitation(invitation: Invitation) -> str:
    """Give the content of an invitation file: text lines that survive e-mail and editors."""
    fields = [
        wire.WIRE_VERSION,
        invitation.district,
        list(invitation.rosters),
        list(invitation.relays),
        invitation.secret,
        invitation.id,
        _intended_row(invitation.intended),
        day_number(invitation.expires),
    ]
    lines = textwrap.wrap(base64.b64encode(wire.encode(fields)).decode(), _ARMOUR_WIDTH)
    return "\n".join((_BEGIN, *lines, _END, ""))


def read_invitation(content: str) -> Invitation:
    """Read an invitation file and verify its chain of rosters.

    Raises InvitationError (`reason`: form, chain), LacksProgramError for one of a newer program.
    """
    try:
        invitation, district = _decode_invitation(_unarmoured(content))
    except QuarantinedError as error:
        raise InvitationError(reason="form") from error
    try:
        newest = verify_chain(None, map(decode_roster, invitation.rosters))
    except (QuarantinedError, RosterGapError) as error:
        raise InvitationError(reason="chain") from error
    if newest is None or newest.district != district:
        raise InvitationError(reason="chain")
    return invitation


def check_invitation_date(invitation: Invitation, today: date) -> None:
    """Raise InvitationExpiredError after the last day on which an invitation is good."""
    if today > invitation.expires:
        raise InvitationExpiredError


def request_enrolment(invitation: Invitation, public_key: bytes, prekey_public: bytes, sign: Sign) -> bytes:
    """Give the bytes of a request, signed by the new device and bound to the invitation's secret."""
    request = EnrolmentRequest(invitation.district, invitation.id, public_key, prekey_public)
    signature = sign_kind(sign, Kind.ENROLMENT, request.content)
    return wire.encode([_request_row(request), signature, _mac(invitation.secret, request)])


def read_request(data: bytes) -> EnrolmentRequest:
    """Read a request; checks its form only."""
    fields, signature, mac = array(wire.decode_strict(data, limit=wire.REQUEST_LIMIT), 3)
    known = array(wire.known_version(fields), _REQUEST_FIELDS)
    suite_of(integer(known[1]))
    return EnrolmentRequest(
        suite=known[1],
        district=blob(known[2], wire.HASH_BYTES),
        invitation=blob(known[3], wire.INVITATION_ID_BYTES),
        public_key=blob(known[4], wire.PUBLIC_KEY_BYTES),
        prekey_public=blob(known[5], wire.PREKEY_PUBLIC_BYTES),
        signature=blob(signature, wire.SIGNATURE_BYTES),
        mac=blob(mac, wire.HASH_BYTES),
    )


def verify_request_signature(request: EnrolmentRequest) -> None:
    """Raise WrongSignatureError unless the new device itself has signed: all that a relay can tell."""
    suite = suite_of(request.suite)
    check_signature(suite, request.public_key, Kind.ENROLMENT, request.content, request.signature)


def verify_request(request: EnrolmentRequest, invitation: Invitation) -> None:
    """Raise EnrolmentError or WrongSignatureError unless the request answers this invitation.

    The keeper enrols only after the six words of `fingerprint` were compared as well.
    """
    if (request.district, request.invitation) != (invitation.district, invitation.id):
        raise EnrolmentError(reason="invitation")
    verify_request_signature(request)
    if not hmac.compare_digest(request.mac, _mac(invitation.secret, request)):
        raise EnrolmentError(reason="secret")


def relay_token(invitation: Invitation) -> bytes:
    """Give what opens the relay's door to a request: it follows from the secret, and does not tell it."""
    return hmac.digest(invitation.secret, RELAY_TOKEN_TAG + invitation.id, "sha256")


def fingerprint(district: bytes, invitation: bytes, public_key: bytes) -> tuple[str, ...]:
    """Give six words that both sides compute alike and read to each other: 96 bits of a hash."""
    digest = sha256(FINGERPRINT_TAG + district + invitation + public_key).digest()
    return spoken(digest, FINGERPRINT_WORDS)


def request_fingerprint(request: EnrolmentRequest) -> tuple[str, ...]:
    """Give the six words of a request."""
    return fingerprint(request.district, request.invitation, request.public_key)


def enrol(roster: Roster, intended: Intended, request: EnrolmentRequest) -> Roster:
    """Give the unsigned next roster with the requesting device, and with its member where new.

    Raises EnrolmentError (`reason`: used, member, slot).
    """
    if any(device.public_key == request.public_key for device in roster.devices):
        raise EnrolmentError(reason="used")
    if any(device.slot == intended.slot for device in roster.devices):
        raise EnrolmentError(reason="slot")
    members, member_id = _with_member(roster, intended)
    index = max((device.index for device in roster.devices), default=-1) + 1
    device = Device(index, member_id, request.public_key, intended.slot)
    return successor(roster, members=members, devices=(*roster.devices, device))


def free_slot(roster: Roster) -> int:
    """Give the lowest number slot that no device ever had; raises EnrolmentError (`reason`: slots)."""
    taken = {device.slot for device in roster.devices}
    for slot in range(SLOTS):
        if slot not in taken:
            return slot
    raise EnrolmentError(reason="slots")


def _with_member(roster: Roster, intended: Intended) -> tuple[tuple[Member, ...], int]:
    if intended.member is not None:
        if roster.member(intended.member) is None:
            raise EnrolmentError(reason="member")
        return roster.members, intended.member
    member_id = max((member.id for member in roster.members), default=0) + 1
    member = Member(
        member_id,
        intended.name,
        intended.employer,
        intended.role,
        intended.cleared,
        intended.supervisor,
        intended.immigration_duties,
    )
    return (*roster.members, member), member_id


def _unarmoured(content: str) -> bytes:
    if len(content) > 2 * wire.INVITATION_LIMIT:
        raise WireError(reason="invitation_size")
    _, begin, rest = content.partition(_BEGIN)
    body, end, _ = rest.partition(_END)
    if not begin or not end:
        raise WireError(reason="armour")
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise WireError(reason="armour") from error


def _decode_invitation(data: bytes) -> tuple[Invitation, bytes]:
    fields = wire.known_version(wire.decode_strict(data, limit=wire.INVITATION_LIMIT))
    known = array(fields, _INVITATION_FIELDS)
    rosters = tuple(blob(item) for item in array(known[2]))
    if not rosters:
        raise WireError(reason="no_roster")
    invitation = Invitation(
        rosters=rosters,
        relays=tuple(text(item) for item in array(known[3], most=16)),
        secret=blob(known[4], wire.SECRET_BYTES),
        id=blob(known[5], wire.INVITATION_ID_BYTES),
        intended=_intended(known[6]),
        expires=day_of(known[7]),
    )
    return invitation, blob(known[1], wire.HASH_BYTES)


def _intended_row(intended: Intended) -> list[Any]:
    return [
        intended.name,
        intended.employer,
        intended.role.value,
        intended.slot,
        intended.cleared,
        intended.supervisor,
        intended.immigration_duties,
        intended.member,
    ]


def _intended(value: object) -> Intended:
    row = array(value, _INTENDED_FIELDS)
    number: Callable[[object], int] = integer
    if text(row[2]) not in {role.value for role in Role}:
        raise WireError(reason="role")
    return Intended(
        name=text(row[0]),
        employer=text(row[1]),
        role=Role(row[2]),
        slot=integer(row[3], high=SLOTS - 1),
        cleared=boolean(row[4]),
        supervisor=optional(number, row[5]),
        immigration_duties=boolean(row[6]),
        member=optional(number, row[7]),
    )


def _request_row(request: EnrolmentRequest) -> list[Any]:
    return [
        wire.WIRE_VERSION,
        request.suite,
        request.district,
        request.invitation,
        request.public_key,
        request.prekey_public,
    ]


def _mac(secret: bytes, request: EnrolmentRequest) -> bytes:
    return hmac.digest(secret, tagged(Kind.ENROLMENT, request.content), "sha256")
