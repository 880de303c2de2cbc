"""Taking people in: a keeper's invitations, the requests that answer them, and the new roster."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol

from app.domain.audience import Member
from app.domain.errors import KimError
from sync.district.keepers import Keepers, NotKeeperError, Step
from sync.district.rosters import RosterRelay, Rosters
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.entry import enrolment
from sync.entry.enrolment import EnrolmentRequest, Intended, Invitation
from sync.entry.enrolment_files import read_application, write_admission
from sync.errors import EnrolmentError, ReadingError

VALID_DAYS: Final = 14
_TOKEN_TAG: Final = b"kim-mobil/relay-token/1"
_INVITATIONS: Final = "invitation:"


class NotYetAdmittedError(KimError):
    """No keeper has admitted this device yet."""

    error_id = "not_yet_admitted"


@dataclass(frozen=True)
class Applicant:
    """Somebody who answers an invitation: the intended member (id 0 when new) and six words to compare."""

    invitation_id: bytes
    member: Member
    fingerprint: str
    request: bytes = field(repr=False)


class KeeperRelay(RosterRelay, Protocol):
    """What a keeper needs of a carrier."""

    def deposit_invitation(self, invitation: bytes, token_hash: bytes, expires_ms: int) -> None:
        """Let the holder of the token behind `token_hash` send an enrolment."""
        ...

    def get_enrolments(self) -> tuple[bytes, ...]:
        """Give the enrolments that wait for a keeper."""
        ...


class Joining:
    """A keeper's side of enrolment."""

    def __init__(self, engine: Engine, relay: KeeperRelay | None, rosters: Rosters) -> None:
        """Work for a keeper's device; without a relay requests and admissions go as files."""
        self._keepers = Keepers(engine, lambda: rosters)
        self._engine = engine
        self._relay = relay
        self._rosters = rosters

    def invite(self, person: Member) -> bytes:
        """Give the content of an invitation file, good for 14 days, and leave its token's hash at the relay.

        `person.id` is that of a member who gets another device, 0 for somebody new.
        """
        self._check_keeper()
        if self._relay is not None:
            self._rosters.publish()
        with self._engine.office.transaction() as post:
            chain = post.keys.rosters()
        invitation = enrolment.invite(
            chain, self._engine.roster.relays, self._intended(person), self._last_day(), self._engine.entropy
        )
        content = enrolment.write_invitation(invitation).encode()
        if self._relay is not None:
            expires = datetime.combine(invitation.expires + timedelta(days=1), time.min, UTC)
            self._relay.deposit_invitation(
                invitation.id, sha256(relay_token(invitation)), int(expires.timestamp()) * 1000
            )
        with self._engine.office.transaction() as post:
            post.keys.put_own_key(_INVITATIONS + invitation.id.hex(), content)
        return content

    def applicants(self) -> tuple[Applicant, ...]:
        """Ask the relay who answers an invitation of this keeper; those already admitted are left out."""
        self._check_keeper()
        waiting = () if self._relay is None else self._relay.get_enrolments()
        return tuple(self._read_all(waiting))

    def read_application(self, content: bytes) -> Applicant:
        """Read an application that came as a file; raises EnrolmentFileError, EnrolmentError."""
        self._check_keeper()
        data = read_application(content)
        for applicant in self._read_all((data,)):
            return applicant
        raise EnrolmentError(reason="invitation")

    def admission(self) -> bytes:
        """Give the file by which somebody who was admitted learns it without the relay."""
        with self._engine.office.transaction() as post:
            return write_admission(post.keys.rosters())

    def admit(self, applicant: Applicant) -> Step:
        """Sign and post a new roster with the applicant; the words were compared by voice before.

        PROPOSED where another keeper must sign too. Raises RosterMovedError when another keeper was
        faster: ask for the applicants again.
        """
        self._check_keeper()
        if self._relay is not None:
            self._rosters.take(self._relay.get_roster())
        request = enrolment.read_request(applicant.request)
        invitation = self._invitation(request)
        enrolment.verify_request(request, invitation)
        intended = replace(invitation.intended, slot=enrolment.free_slot(self._engine.roster))
        return self._keepers.bring(enrolment.enrol(self._engine.roster, intended, request))

    def _read_all(self, requests: tuple[bytes, ...]) -> Iterator[Applicant]:
        keys = {device.public_key for device in self._engine.roster.devices}
        for data in requests:
            try:
                request = enrolment.read_request(data)
                invitation = self._invitation(request)
                enrolment.verify_request(request, invitation)
            except ReadingError:
                continue  # whoever found the address may post anything; only answers to an invitation count
            if request.public_key not in keys:
                words = " ".join(enrolment.request_fingerprint(request))
                yield Applicant(invitation.id, _member(invitation.intended), words, data)

    def _invitation(self, request: EnrolmentRequest) -> Invitation:
        with self._engine.office.transaction() as post:
            content = post.keys.own_key(_INVITATIONS + request.invitation.hex())
        if content is None:
            raise EnrolmentError(reason="invitation")
        return enrolment.read_invitation(content.decode())

    def _intended(self, person: Member) -> Intended:
        known = self._engine.roster.member(person.id)
        return Intended(
            person.name,
            person.employer,
            person.role,
            enrolment.free_slot(self._engine.roster),
            person.cleared,
            person.supervisor,
            person.immigration_duties,
            None if known is None else known.id,
        )

    def _last_day(self) -> date:
        return self._engine.clock.now().date() + timedelta(days=VALID_DAYS)

    def _check_keeper(self) -> None:
        if self._engine.me.id not in self._engine.roster.keepers:
            raise NotKeeperError


def relay_token(invitation: Invitation) -> bytes:
    """Give the token that opens the relay's door for one enrolment: it follows from the secret, not back."""
    return hmac.digest(invitation.secret, _TOKEN_TAG, "sha256")


def _member(intended: Intended) -> Member:
    return Member(
        intended.member or 0,
        intended.name,
        intended.employer,
        intended.role,
        intended.cleared,
        intended.supervisor,
        intended.immigration_duties,
    )
