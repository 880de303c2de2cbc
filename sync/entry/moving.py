"""A device that worked alone joins a district with all it has: same keys, same store, another roster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.audience import AT_THE_KI, Role
from app.domain.errors import KimError
from sync.district.rosters import keep_roster
from sync.engine import Engine
from sync.entry import enrolment
from sync.entry.applying import admitted_chain, open_invitation, own_device, post_request
from sync.entry.enrolment import Invitation, read_invitation
from sync.entry.enrolment_files import EnrolmentFileError, write_application
from sync.ports import Post
from sync.roster import Roster, encode_roster
from sync.sending.own_prekeys import keep_prekey

_INVITATION: Final = "moving:invitation"
_REQUEST: Final = "moving:request"
_PREKEY: Final = "moving:prekey"
_PREKEY_PUBLIC: Final = "moving:prekey_public"
_OWN_TRADE: Final = (
    "FolderKey",
    "RosterProposal",
    "ProposalWithdrawal",
    "ParcelRelease",
    "SafeSeal",
    "LogOpening",
    "LogAgreement",
)
"""What only made sense among the old district's own devices."""
_KI_DATA: Final = ("Employer",)


class NotAloneError(KimError):
    """Only a device whose district has no other device can join another one."""

    error_id = "not_alone"


class Moving:
    """From an invitation to the new district; after `finish` close the workplace and unlock anew."""

    def __init__(self, engine: Engine) -> None:
        """Work for a device that is alone."""
        self._engine = engine

    @property
    def possible(self) -> bool:
        """Whether this device is the only one of its district."""
        return len(self._engine.roster.devices) == 1

    def waiting(self) -> str:
        """Give the six words of an application that waits, empty when none does."""
        invitation = self._invitation()
        return "" if invitation is None else self._words(invitation)

    def apply(self, content: bytes, *, by_file: bool = False) -> str:
        """Apply with an invitation, by the relay unless `by_file`; gives the six words to compare.

        Work goes on as before until `finish`. Raises NotAloneError, InvitationError, the relay's errors.
        """
        if not self.possible:
            raise NotAloneError
        invitation = open_invitation(content, self._engine.clock.now().date())
        private, public = self._engine.new_prekey()
        request = enrolment.request_enrolment(
            invitation, self._engine.device.public_key, public, self._engine.sign
        )
        if not by_file:
            post_request(invitation, request)
        with self._engine.office.transaction() as post:
            kept = ((_INVITATION, content), (_REQUEST, request), (_PREKEY, private), (_PREKEY_PUBLIC, public))
            for name, value in kept:
                post.keys.put_own_key(name, value)
        return self._words(invitation)

    def application(self) -> bytes:
        """Give the application that waits as a file for the keeper."""
        with self._engine.office.transaction() as post:
            request = post.keys.own_key(_REQUEST)
        if request is None:
            raise EnrolmentFileError(reason="none")
        return write_application(request)

    def finish(self, admission: bytes | None = None) -> None:
        """Become a device of the district that admitted it, by its file or the relay's word.

        All or nothing. Raises NotYetAdmittedError, EnrolmentFileError, the relay's errors.
        """
        invitation = self._invitation()
        if invitation is None or not self.possible:
            raise NotAloneError
        chain = self._chain(invitation, admission)
        device = own_device(chain[-1], self._engine.device.public_key)
        with self._engine.office.transaction() as post:
            self._take_over(post, chain, device.member)
            self._engine.roster, self._engine.index = chain[-1], device.index
            self._keep_keys(post)

    def _chain(self, invitation: Invitation, admission: bytes | None) -> tuple[Roster, ...]:
        found = admitted_chain(invitation, self._engine.device.public_key, admission)
        return tuple(roster for roster, _sealed in found)

    def _take_over(self, post: Post, chain: Sequence[Roster], member: int) -> None:
        old = self._engine.me.id
        me = chain[-1].member(member)
        at_the_ki = me is not None and me.role in AT_THE_KI
        post.moving.drop_records(_OWN_TRADE if at_the_ki else (*_OWN_TRADE, *_KI_DATA))
        post.moving.leave_district()
        post.moving.become(old, member, self._engine.device.id)
        if me is not None and me.role is Role.CASE_MANAGER and me.supervisor is not None:
            _supervise(post, me.supervisor)
        post.moving.write_as(old, member)
        for roster in chain:
            keep_roster(post.keys, roster, encode_roster(roster))

    def _keep_keys(self, post: Post) -> None:
        private, public = post.keys.own_key(_PREKEY), post.keys.own_key(_PREKEY_PUBLIC)
        if private is not None and public is not None:
            keep_prekey(self._engine, post, private, public)
        for name in (_INVITATION, _REQUEST, _PREKEY, _PREKEY_PUBLIC):
            post.keys.drop_own_key(name)

    def _invitation(self) -> Invitation | None:
        with self._engine.office.transaction() as post:
            content = post.keys.own_key(_INVITATION)
        return None if content is None else read_invitation(content.decode())

    def _words(self, invitation: Invitation) -> str:
        key = self._engine.device.public_key
        return " ".join(enrolment.fingerprint(invitation.district, invitation.id, key))


def _supervise(post: Post, supervisor: int) -> None:
    """Give every case file without a supervisor the one whom the district names."""
    for case in post.into.case_files():
        record = post.records.record("CaseFile", case)
        if record is not None and record.number("supervision") is None:
            post.records.save(record, record.edited(supervision=supervisor))
