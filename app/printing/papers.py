"""The papers, for all callers: print one, list what there is. PDF bytes in memory, never a file.

What sets type (ReportLab and HarfBuzz: 25 MB, a fifth of a second) is loaded by the first paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.paths import resources_dir
from app.printing.errors import UnknownFormError
from app.printing.form_texts import LANGUAGES, PAPERS, Review, available_languages, load_form
from app.printing.profile import LDI_NRW, Controller, ImmigrationPassage, LetterheadProfile, Release
from app.printing.request import LegalBasis, PaperRequest

__all__ = [
    "LANGUAGES",
    "LDI_NRW",
    "Controller",
    "ImmigrationPassage",
    "LegalBasis",
    "LetterheadProfile",
    "Paper",
    "PaperRequest",
    "Release",
    "Review",
    "list_papers",
    "print_keeper_sheet",
    "print_paper",
    "print_recovery_sheet",
    "prints_as_specimen",
]

_CLIENT_PAPERS: Final = ("art13", "consent")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that can be printed; `review` is None while its text is a draft."""

    form: str
    language: str
    title: str
    version: str
    stand: date
    review: Review | None


def print_paper(request: PaperRequest) -> bytes:
    """Give a client's paper as PDF, bilingual with German.

    Raises UnknownFormError, UnknownLanguageError, FormLanguageMissingError, PersonLabelError,
    MissingGlyphError, and FormTextDamagedError, FormKeysError or FormPlaceholderError for a faulty text.
    """
    if request.form not in _CLIENT_PAPERS:
        raise UnknownFormError(form=request.form, known=" ".join(_CLIENT_PAPERS))
    if request.form == "consent":
        from app.printing.documents.consent import consent

        return consent(request)
    from app.printing.documents.information_sheet import information_sheet

    return information_sheet(request)


def prints_as_specimen(request: PaperRequest) -> bool:
    """Tell whether a client's paper comes out marked, because something is not given or not released."""
    if request.form == "art13":
        from app.printing.documents.information_sheet import is_specimen_sheet

        return is_specimen_sheet(request)
    from app.printing.opening import is_specimen

    return is_specimen(request)


def print_recovery_sheet(key_groups: Sequence[str], language: str, device_name: str, today: date) -> bytes:
    """Give the recovery sheet as PDF; raises as `print_paper` does."""
    from app.printing.documents.recovery_sheet import RECOVERY, key_sheet

    return key_sheet(RECOVERY, key_groups, language, {"device": device_name}, today)


def print_keeper_sheet(
    key_groups: Sequence[str], language: str, district: str, today: date, check_words: str
) -> bytes:
    """Give the sheet with the offline keeper key for a district's safe; raises as `print_paper` does.

    `check_words` tell by sight which sheet counts.
    """
    from app.printing.documents.recovery_sheet import KEEPER, key_sheet

    return key_sheet(KEEPER, key_groups, language, {"device": district, "check": check_words}, today)


def list_papers() -> tuple[Paper, ...]:
    """Give every paper in every language that it has a text in."""
    folder = resources_dir() / "forms"
    texts = (load_form(form, code) for form in PAPERS for code in available_languages(folder, form))
    return tuple(
        Paper(text.form, text.language, text["title"], text.version, text.stand, text.review)
        for text in texts
    )
