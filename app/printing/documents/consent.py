"""The consent: by person, each item yes or no, signed, marked, on screen or orally with a witness."""

from collections.abc import Callable, Iterator
from typing import Final

from reportlab.platypus import Flowable, KeepTogether

from app.printing.edition import open_edition
from app.printing.form import FormSetter
from app.printing.form_code import form_code
from app.printing.form_texts import Part
from app.printing.opening import is_specimen, open_paper
from app.printing.request import PaperRequest
from app.printing.sheet import Sheet
from app.printing.signature import SignatureBlock

FORM: Final = "consent"
_LAST_SECTION: Final = "how_heading"
_FEWEST_RECIPIENTS: Final = 3  # rows for offices; those that are not named are empty, to write in


def consent(request: PaperRequest) -> bytes:
    """Give the consent as PDF; a specimen without case number or employer. Raises PersonLabelError."""
    specimen = is_specimen(request)
    edition = open_edition(FORM, request.language, {})
    setter = FormSetter(edition)
    code = form_code(edition.client.text, None if specimen else request.case_number)
    parts = edition.parts(frozenset({request.legal_basis}))
    end = next(index for index, part in enumerate(parts) if part.key == _LAST_SECTION)
    story = open_paper(setter, request, specimen=specimen)
    story += [row for part in parts[:end] for row in _rows(setter, part, request)]
    signed = [row for part in parts[end:] for row in _rows(setter, part, request)]
    # A signature must never stand alone on a page: what it signs would be another sheet.
    story.append(KeepTogether([*signed, SignatureBlock(setter)]))
    return Sheet(setter, code, request.today, specimen).render(story)


def _rows(setter: FormSetter, part: Part, request: PaperRequest) -> Iterator[Flowable]:
    if part.role == "recipients":
        yield from _recipients(setter, part.key, request)
    elif part.role == "choice":
        yield setter.choice(part.key, request.answer(part.key))
    else:
        make: dict[str, Callable[[str], Flowable]] = {
            "heading": setter.heading,
            "text": setter.text,
            "option": setter.option,
            "line": setter.line,
        }
        yield make[part.role](part.key)


def _recipients(setter: FormSetter, key: str, request: PaperRequest) -> Iterator[Flowable]:
    for name in request.recipients:
        yield setter.named_choice(key, name, request.answer(key))
    for _ in range(_FEWEST_RECIPIENTS - len(request.recipients)):
        yield setter.named_choice(key, "", None)
