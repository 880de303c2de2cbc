"""What a caller says to get a paper."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.printing.errors import PersonLabelError
from app.printing.profile import LetterheadProfile

LegalBasis = Literal["consent", "public_task"]
_LABEL: Final = re.compile(r"Person ([1-9]\d?)")


@dataclass(frozen=True)
class PaperRequest:
    """A client's paper to print; without a case number it is a marked specimen.

    `person_label` is "Person 1", never a name. `consent_items`: answers that are known already,
    by item (`special_categories`, `contact_data`, `supervision`, `stand_in`, `recipients`).
    """

    form: str
    language: str
    profile: LetterheadProfile
    case_number: str | None
    legal_basis: LegalBasis
    person_label: str | None
    consent_items: Mapping[str, bool | None] | None
    recipients: tuple[str, ...]
    today: date

    @property
    def person_number(self) -> str:
        """Number within the household, empty when no person is meant; raises PersonLabelError."""
        if not self.person_label:
            return ""
        match = _LABEL.fullmatch(self.person_label)
        if match is None:
            raise PersonLabelError
        return match.group(1)

    def answer(self, item: str) -> bool | None:
        """Give what was said to an item, None when it is to be ticked by hand."""
        return (self.consent_items or {}).get(item)
