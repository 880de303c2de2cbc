"""Why something that came from elsewhere is not taken: it lacks something, or it is wrong.

What lacks something is *held* and read again after each new roster, grant or assignment; what is
wrong is *quarantined* and shown. Both keep the sealed bytes; neither blocks anything else.
"""

from app.domain.errors import ABOUT_OTHERS, KimError


class ReadingError(KimError):
    """A signed or sealed thing could not be taken; `reason` is a stable id that may be stored and shown."""

    error_id = "not_readable"

    @property
    def reason(self) -> str:
        """The finer of the two ids: the parameter `reason` where one was given, else the error's own."""
        return str(self.params.get("reason", self.error_id))


class HeldError(ReadingError):
    """Something is missing that may still come: keep the bytes and read them again then."""

    error_id = "held"


class LacksGrantError(HeldError):
    """The channel key under which this was sealed has not been granted to this device yet."""

    error_id = "lacks_grant"


class LacksRosterError(HeldError):
    """It names a newer roster than the one known here (`known`, `named`)."""

    error_id = "lacks_roster"


class LacksAssignmentError(HeldError):
    """Only an assignment that is not known here could say whether the author may write this record."""

    error_id = "lacks_assignment"


class LacksRecordError(HeldError):
    """The record that it changes has not come yet, or is known as one of another case file or type."""

    error_id = "lacks_record"


class AboutOthersError(HeldError):
    """It only says where something belongs that never came here: nobody is asked for that."""

    error_id = ABOUT_OTHERS


class LacksFollowingError(HeldError):
    """What a suspended device sent counts once it is shown to lie before what the roster names."""

    error_id = "lacks_following"


class LacksPartsError(HeldError):
    """The last part of a state came before the others."""

    error_id = "lacks_parts"


class LacksPrekeyError(HeldError):
    """A grant was sealed to a prekey that this device does not hold."""

    error_id = "lacks_prekey"


class LacksProgramError(HeldError):
    """A newer program wrote it (`version`, `suite`)."""

    error_id = "lacks_program"


class QuarantinedError(ReadingError):
    """It is wrong and stays wrong: keep the bytes, show it with its reason, take nothing from it."""

    error_id = "quarantined"


class WrongSizeError(QuarantinedError):
    """It is larger than its kind may be (`size`, `limit` in bytes)."""

    error_id = "wrong_size"


class WrongDistrictError(QuarantinedError):
    """It belongs to another district."""

    error_id = "wrong_district"


class WrongVersionError(QuarantinedError):
    """Its version or suite is older than the roster still accepts (`version`, `suite`)."""

    error_id = "wrong_version"


class WrongSenderError(QuarantinedError):
    """The roster that it names does not know this device (`device`: roster index)."""

    error_id = "wrong_sender"


class WrongRecipientError(QuarantinedError):
    """A grant's recipient is not in its audience, or not in the roster."""

    error_id = "wrong_recipient"


class WrongSignatureError(QuarantinedError):
    """The signature was not made by the device that is named as sender (`kind`)."""

    error_id = "wrong_signature"


class SenderSuspendedError(QuarantinedError):
    """The device is suspended or revoked, and this is not among what was accepted before (`device`)."""

    error_id = "sender_suspended"


class WrongCommitmentError(QuarantinedError):
    """The key is not the one that was committed to."""

    error_id = "wrong_commitment"


class WrongContentError(QuarantinedError):
    """Ciphertext, padding or compression are not as they must be (`reason`)."""

    error_id = "wrong_content"


class StreamForkError(QuarantinedError):
    """Other bytes already stand at its place, or it does not follow the envelope before: a copied device."""

    error_id = "stream_fork"


class WrongDotError(QuarantinedError):
    """A change names another device than the sender as its origin."""

    error_id = "wrong_dot"


class WrongAuthorError(QuarantinedError):
    """The sender's member may not write this record (for the engine, which knows the assignments)."""

    error_id = "wrong_author"


class RosterRollbackError(QuarantinedError):
    """An older roster than the known one (`known`, `offered`)."""

    error_id = "roster_rollback"


class RosterGapError(HeldError):
    """Rosters between the known and the offered one are missing (`known`, `offered`)."""

    error_id = "roster_gap"


class RosterForkError(QuarantinedError):
    """Another roster of the same version, or one that does not follow the known one (`version`)."""

    error_id = "roster_fork"


class RosterSignaturesError(QuarantinedError):
    """Too few keepers have signed (`needed`, `valid`)."""

    error_id = "roster_signatures"


class RosterExpiredError(QuarantinedError):
    """It takes people in or changes a role after the roster before it had expired (`version`)."""

    error_id = "roster_expired"


class RosterChangeError(QuarantinedError):
    """A roster changes what may never change (`reason`)."""

    error_id = "roster_change"


class InvitationError(QuarantinedError):
    """An invitation cannot be used (`reason`: form, chain)."""

    error_id = "invitation"


class InvitationExpiredError(InvitationError):
    """An invitation's last day has passed."""

    error_id = "invitation_expired"


class EnrolmentError(QuarantinedError):
    """A request does not fit its invitation (`reason`: invitation, secret, used, slot, slots, member)."""

    error_id = "enrolment"
