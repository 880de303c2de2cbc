"""Case numbers `AAA-YYYY-XXXX-C`: readable over the phone, made offline, a name and not an identity."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum.iso7064 import mod_37_36

from app.domain.errors import CaseNumberError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALONE = "ZZZ"
"""District code of a device that works alone; such numbers are kept when it joins."""
NUMBERS_A_SLOT = 1024
NUMBERS_A_BLOCK = 128
BLOCKS = NUMBERS_A_SLOT // NUMBERS_A_BLOCK
SLOTS = 1024
_NOT_GIVEN_OUT = frozenset("ILOU")
_SHAPE = re.compile(r"([A-Z]{3})-?(\d{4})-?([0-9A-Z]{4})-?([0-9A-Z])")
_LENIENT = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class CaseNumber:
    """A valid case number in its parts; `serial` is 0 to 1,048,575 (slot and number within it)."""

    district: str
    year: int
    serial: int

    @property
    def body(self) -> str:
        """The four characters of Crockford base 32."""
        return "".join(ALPHABET[(self.serial >> shift) & 31] for shift in (15, 10, 5, 0))

    @property
    def check(self) -> str:
        """The check character after ISO 7064 MOD 37,36 over district, year and body."""
        return str(mod_37_36.calc_check_digit(f"{self.district}{self.year:04d}{self.body}"))

    def __str__(self) -> str:
        """Give the number as it is printed."""
        return f"{self.district}-{self.year:04d}-{self.body}-{self.check}"


def read_case_number(typed: str) -> CaseNumber:
    """Give the case number that a person typed or scanned; raises CaseNumberError.

    Only the four characters are read leniently (o for 0, i and l for 1).
    """
    match = _SHAPE.fullmatch(re.sub(r"\s", "", typed).upper())
    if match is None:
        raise CaseNumberError(reason="shape")
    district, year, body, check = match.groups()
    body = body.translate(_LENIENT)
    if any(letter not in ALPHABET for letter in body):
        raise CaseNumberError(reason="letters")
    number = CaseNumber(district, int(year), int("".join(f"{ALPHABET.index(c):05b}" for c in body), 2))
    if number.check != check:
        raise CaseNumberError(reason="check")
    return number


def block_numbers(district: str, year: int, slot: int, block: int) -> tuple[CaseNumber, ...]:
    """Give the numbers of one block of 128 of a device's slot that may be given out."""
    first = slot * NUMBERS_A_SLOT + block * NUMBERS_A_BLOCK
    numbers = (CaseNumber(district, year, first + index) for index in range(NUMBERS_A_BLOCK))
    return tuple(number for number in numbers if number.check not in _NOT_GIVEN_OUT)
