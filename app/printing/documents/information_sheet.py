"""The information sheet after Art. 13 GDPR: its opening lines first, then all the rest."""

from collections.abc import Iterator

from reportlab.platypus import Flowable

from app.printing.edition import Edition, open_edition
from app.printing.form import FormSetter
from app.printing.form_code import form_code
from app.printing.form_texts import BINDING_LANGUAGE, load_form
from app.printing.opening import is_specimen, open_paper
from app.printing.profile import LetterheadProfile
from app.printing.request import PaperRequest
from app.printing.sheet import Sheet

FORM = "art13"


def information_sheet(request: PaperRequest) -> bytes:
    """Give the sheet as PDF.

    A specimen unless case number, employer and all that Art. 13 asks are there and the data
    protection officer has released the passage on the immigration office.
    """
    specimen = is_specimen_sheet(request)
    languages = dict.fromkeys((request.language, BINDING_LANGUAGE))
    edition = open_edition(
        FORM, request.language, {code: _values(request.profile, code) for code in languages}
    )
    setter = FormSetter(edition)
    code = form_code(edition.client.text, None if specimen else request.case_number)
    story = [*open_paper(setter, request, specimen=specimen), *_paragraphs(setter, edition, request)]
    return Sheet(setter, code, request.today, specimen).render(story)


def is_specimen_sheet(request: PaperRequest) -> bool:
    """Tell whether the sheet may only be shown: it does not say all that it must, or nobody released it."""
    profile = request.profile
    told = profile.names_its_controllers and profile.immigration_passage is not None
    return is_specimen(request) or not told


def _paragraphs(setter: FormSetter, edition: Edition, request: PaperRequest) -> Iterator[Flowable]:
    parts = edition.parts(_facts(request))
    first = [part for part in parts if part.role == "first"]
    for number, part in enumerate(first, start=1):
        yield setter.first(part.key, number)
    yield from setter.paragraphs(parts[len(first) :])


def _facts(request: PaperRequest) -> frozenset[str]:
    profile = request.profile
    passage = profile.immigration_passage
    return frozenset(
        {
            request.legal_basis,
            "joint" if len(profile.controllers) > 1 else "single",
            "years" if profile.retention.strip().isdigit() else "rule",
            "own_passage" if passage and passage.text.strip() else "standard_passage",
        }
    )


def _values(profile: LetterheadProfile, language: str) -> dict[str, str]:
    gaps = load_form("frame", language)
    passage = profile.immigration_passage
    own = passage.text.strip() if passage else ""
    return {
        "controllers": "\n".join(map(str, profile.controllers)) or gaps["gap_controller"],
        "officer": profile.data_protection_officer.strip() or gaps["gap_officer"],
        "law": profile.law.strip() or gaps["gap_law"],
        "authority": profile.authority.strip() or gaps["gap_authority"],
        "retention": profile.retention.strip() or gaps["gap_retention"],
        "passage": own if language == BINDING_LANGUAGE else gaps["passage_in_german"],
    }
