"""What every client's paper begins with: letterhead, title, case number or the note on a specimen."""

from reportlab.platypus import Flowable

from app.printing.form import GREY, FormSetter
from app.printing.geometry import Columns
from app.printing.letterhead import Letterhead
from app.printing.profile import LetterheadProfile
from app.printing.request import PaperRequest
from app.printing.rows import PairRow, RowLook


def open_paper(setter: FormSetter, request: PaperRequest, *, specimen: bool) -> list[Flowable]:
    """Give the first rows of a paper."""
    return [
        Letterhead(setter.typesetter, request.profile),
        *setter.title(),
        reference_row(setter, request, specimen=specimen),
    ]


def is_specimen(request: PaperRequest) -> bool:
    """Tell whether a paper may only be shown: it belongs to no case file or names no employer."""
    return not request.case_number or not _named(request.profile)


def _named(profile: LetterheadProfile) -> bool:
    return bool(profile.employer_name.strip() and profile.address)


def reference_row(setter: FormSetter, request: PaperRequest, *, specimen: bool) -> Flowable:
    """Give the line with the case number and the person's label, or the note that this is a specimen."""
    words = setter.edition.words
    if specimen:
        told = words("specimen_note")
    else:
        told = f"{words('case_number')}:  {request.case_number}"
        if request.person_number:
            told += f"      {words('person')} {request.person_number}"
    cell = setter.plain(told, setter.body, bold=True, colour=GREY if specimen else (0.0, 0.0, 0.0))
    return PairRow([cell], Columns(1), RowLook(below=10, divider=False))
