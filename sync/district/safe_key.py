"""The offline keeper key in the district's safe: where sync turns a printed key into a signer."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from app.security import prekeys
from app.security.offline_key import offline_identity, offline_sealing_key
from app.security.recovery_key import RecoveryKey, make_recovery_key, read_recovery_key
from sync.encoding.proquint import spoken
from sync.encoding.signing import Entropy, Sign

CHECK_TAG: Final = b"kim-mobil/safe-key-check/1"
CHECK_WORDS: Final = 3


@dataclass(frozen=True)
class SafeKey:
    """A key for the safe: `text` is printed and kept nowhere else, `public` stands in the roster."""

    public: bytes
    sign: Sign
    text: str = field(repr=False)
    seal_public: bytes
    """To this the shares of the read log are sealed for the safe."""
    seal_private: bytes = field(repr=False)


def make_safe_key(entropy: Entropy) -> SafeKey:
    """Draw a new key."""
    return _key(make_recovery_key(entropy))


def read_safe_key(typed: str) -> SafeKey:
    """Read the key a person typed; raises RecoveryKeyLengthError or RecoveryKeyMistypedError."""
    return _key(read_recovery_key(typed))


def check_words(public: bytes) -> str:
    """Give three words that stand on the sheet and on the page of members: which key in the safe counts.

    They follow from the public half and tell nothing of the key.
    """
    return " ".join(spoken(sha256(CHECK_TAG + public).digest(), CHECK_WORDS))


def _key(printed: RecoveryKey) -> SafeKey:
    identity = offline_identity(printed)
    private = offline_sealing_key(printed)
    return SafeKey(identity.public_bytes, identity.sign, printed.text, prekeys.public_half(private), private)
