"""What can go wrong with keys, each with a stable id; the sentences are in `app.error_messages`."""

from app.domain.errors import KimError


class VaultMissingError(KimError):
    """There is no vault file where one was expected."""

    error_id = "vault_missing"


class VaultExistsError(KimError):
    """A vault was to be made where one already lies; it was left alone."""

    error_id = "vault_exists"


class VaultDamagedError(KimError):
    """The vault file is not the one that was written; no slot was tried."""

    error_id = "vault_damaged"


class NewerVaultError(KimError):
    """The vault was written by a newer program (`version`); it was not touched."""

    error_id = "vault_newer"


class VaultMismatchError(KimError):
    """The open keys are not those of this vault file; it was not touched."""

    error_id = "vault_mismatch"


class VaultNotWrittenError(KimError):
    """The vault's folder cannot be written (full, read-only); the old file stands (`reason`: errno name)."""

    error_id = "vault_not_written"


class VaultClosedError(KimError):
    """The keys were taken out of memory; a person has to unlock again."""

    error_id = "vault_closed"


class WrongPassphraseError(KimError):
    """The passphrase opens nothing (`free_tries` left before waiting, `wait_seconds` from now)."""

    error_id = "wrong_passphrase"


class TooManyTriesError(KimError):
    """The passphrase was not tried, because a wait is running (`wait_seconds` left)."""

    error_id = "too_many_tries"


class WrongRecoveryKeyError(KimError):
    """The recovery key is well-formed but belongs to another vault."""

    error_id = "wrong_recovery_key"


class RecoveryKeyLengthError(KimError):
    """The recovery key has too few or too many characters (`given`, `wanted`)."""

    error_id = "recovery_key_length"


class RecoveryKeyMistypedError(KimError):
    """A group of the recovery key does not fit its check character (`group`, counted from 1)."""

    error_id = "recovery_key_mistyped"


class PrekeyMalformedError(KimError):
    """Bytes that should be a prekey are none."""

    error_id = "prekey_malformed"


class SealBrokenError(KimError):
    """Something sealed does not open: other key, other context, or changed on the way."""

    error_id = "seal_broken"
