"""Who prints: the employer's data that letterhead and information sheet name. Frozen values, no I/O."""

from dataclasses import dataclass
from datetime import date
from typing import Final

LDI_NRW: Final = "LDI NRW, Postfach 20 04 44, 40102 Düsseldorf"
"""Supervisory authority as delivered: the state's commissioner for data protection."""


@dataclass(frozen=True, slots=True)
class Controller:
    """A controller in the sense of Art. 4(7) GDPR; several are jointly responsible (Art. 26)."""

    name: str
    address: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Give name and address in one line."""
        return ", ".join((self.name, *self.address))


@dataclass(frozen=True, slots=True)
class Release:
    """Who released something for printing, and when."""

    by: str
    on: date


@dataclass(frozen=True, slots=True)
class ImmigrationPassage:
    """What the immigration office learns, as the data protection officer released it.

    An empty `text` releases the form's own wording in every language. A wording of the
    employer's own is German; other languages then say that they explain it.
    """

    text: str
    released_by: str
    released_on: date


@dataclass(frozen=True, slots=True)
class LetterheadProfile:
    """The employer as its papers show it; what is empty prints as a marked gap and makes a specimen.

    `retention` is a number of years or a rule in words. Logos are PNG or JPEG data.
    """

    employer_name: str = ""
    address: tuple[str, ...] = ()
    controllers: tuple[Controller, ...] = ()
    data_protection_officer: str = ""
    law: str = ""
    authority: str = LDI_NRW
    retention: str = ""
    funding_period: str | None = None
    logo: bytes | None = None
    funding_logo: bytes | None = None
    letterhead_release: Release | None = None
    immigration_passage: ImmigrationPassage | None = None

    @property
    def names_its_controllers(self) -> bool:
        """Tell whether everything is there that Art. 13(1) and (2) GDPR ask about the controller."""
        told = (self.data_protection_officer, self.law, self.authority, self.retention)
        return bool(self.controllers) and all(text.strip() for text in told)
