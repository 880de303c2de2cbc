"""The form code: which text, in which version and language, belongs to which case file."""

from typing import Final

from app.printing.form_texts import FormText

SPECIMEN_NUMBER: Final = "MUSTER"


def form_code(text: FormText, case_number: str | None) -> str:
    """Give the code in clear, such as `art13|1.0|uk|ABC-2026-XXXX-C`; a specimen has no number."""
    return "|".join((*text_code(text), case_number or SPECIMEN_NUMBER))


def text_code(text: FormText) -> tuple[str, str, str]:
    """Give form, version and language, for papers that belong to no case file."""
    return text.form, text.version, text.language
