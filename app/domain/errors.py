"""The root of every failure that the program expects and can explain to a person."""

from typing import ClassVar, Final

ABOUT_OTHERS: Final = "about_others"
"""Why something is held that counts as having come: it is kept, and nobody owes anything for it."""


class KimError(Exception):
    """An expected failure: a stable id and parameters, no sentences.

    The three answers a person gets (what happened, what is safe, what to do)
    are found by `error_id` in `app.error_messages`. Parameters must never hold
    client data: they may reach a log.
    """

    error_id: ClassVar[str] = "unknown"
    exit_code: ClassVar[int] = 1

    def __init__(self, **params: str | int) -> None:
        """Keep the parameters that the explanation may name."""
        super().__init__(self.error_id, params)
        self.params: dict[str, str | int] = params


class SchemaError(KimError):
    """A record type is declared in a way that cannot work; found at import."""

    error_id = "schema"


class ValidationError(KimError):
    """A value does not fit its declared field (`record_type`, `field`, `rule`)."""

    error_id = "validation"


class RegisterTooLargeError(KimError):
    """A register would exceed 32 KiB (`register`, `size`, `limit` in bytes)."""

    error_id = "register_too_large"


class AddOnlyError(KimError):
    """An add-only entry was to be edited; it is corrected by a later entry."""

    error_id = "add_only"


class GateError(KimError):
    """Something about a person was to be stored before sheet or consent was given (`missing`)."""

    error_id = "gate_closed"


class CaseNumberError(KimError):
    """A case number cannot be read, or its check character is wrong (`reason`)."""

    error_id = "case_number"


class NumbersUsedUpError(KimError):
    """The device's block of case numbers for this year is used up (`year`)."""

    error_id = "numbers_used_up"


class PhaseError(KimError):
    """A phase may not follow another (`phase`, `target`) without a reason."""

    error_id = "phase"


class NotFoundError(KimError):
    """A record that was asked for is not in this store (`record_type`)."""

    error_id = "not_found"


class WithheldError(KimError):
    """A register that is not for this reader was to be written (`register`)."""

    error_id = "withheld"


class NotDeletableError(KimError):
    """A record was to be deleted whose type stays for good (`record_type`)."""

    error_id = "not_deletable"


class CaseMergeError(KimError):
    """Case files cannot be merged or parted like this (`reason`)."""

    error_id = "case_merge"


class CaseSplitError(KimError):
    """Persons cannot leave a case file like this (`reason`)."""

    error_id = "case_split"
