"""The printed recovery key: 160 bits as eight groups that a person can copy, each with a check character."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field

from stdnum.iso7064 import mod_37_36

from app.security.errors import RecoveryKeyLengthError, RecoveryKeyMistypedError
from app.services.ports import Entropy

SECRET_BYTES = 20
GROUPS = 8
_DATA_CHARACTERS = 4
_GROUP_CHARACTERS = _DATA_CHARACTERS + 1

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RFC4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_CROCKFORD = str.maketrans(_RFC4648, _CROCKFORD)
_FROM_CROCKFORD = str.maketrans(_CROCKFORD, _RFC4648)
_LOOKALIKES = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s\-‐‑‒–—.,:/_]+")


@dataclass(frozen=True)
class RecoveryKey:
    """A recovery key; `text` is what is printed. The secret stays out of its repr."""

    secret: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """Eight groups of five, such as `7KQ2M-…`: four characters of Crockford base 32 and their check."""
        letters = base64.b32encode(self.secret).decode().translate(_TO_CROCKFORD)
        parts = (letters[i : i + _DATA_CHARACTERS] for i in range(0, len(letters), _DATA_CHARACTERS))
        return "-".join(part + _check(number, part) for number, part in enumerate(parts))


def make_recovery_key(entropy: Entropy) -> RecoveryKey:
    """A new random recovery key of 160 bits."""
    return RecoveryKey(entropy.bytes(SECRET_BYTES))


def read_recovery_key(text: str) -> RecoveryKey:
    """The key a person typed: lower case, any spacing, o for 0 and i or l for 1 are fine.

    Raises RecoveryKeyLengthError, or RecoveryKeyMistypedError with the first group to look at.
    """
    typed = _BETWEEN.sub("", text).upper().translate(_LOOKALIKES)
    wanted = GROUPS * _GROUP_CHARACTERS
    if len(typed) != wanted:
        raise RecoveryKeyLengthError(given=len(typed), wanted=wanted)
    parts = [_checked(i, typed[i * _GROUP_CHARACTERS :][:_GROUP_CHARACTERS]) for i in range(GROUPS)]
    return RecoveryKey(base64.b32decode("".join(parts).translate(_FROM_CROCKFORD)))


def _checked(number: int, group: str) -> str:
    part, check = group[:_DATA_CHARACTERS], group[_DATA_CHARACTERS:]
    if not set(group) <= set(_CROCKFORD) or _check(number, part) != check:
        raise RecoveryKeyMistypedError(group=number + 1)
    return part


def _check(number: int, part: str) -> str:
    # ISO 7064's hybrid system over this alphabet; the group's number goes in, so that swapped groups show.
    return str(mod_37_36.calc_check_digit(_CROCKFORD[number] + part, alphabet=_CROCKFORD))
