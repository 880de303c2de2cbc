"""Noting that the information sheet was given, or what the client agreed to."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.declarations import CONSENT
from app.domain.records import Record, new_record
from app.i18n import _
from app.printing.papers import list_papers
from app.services import cases
from app.services.first_talk import AGREED, SHEET, noted_entry
from app.services.ports import Saved
from ui.context import ScreenContext
from ui.dialogs.form_dialog import FormDialog
from ui.widgets.record_form import RecordForm

FORMS = {
    SHEET: ("handed", "shown", "read_out"),
    AGREED: ("signed", "mark", "screen", "oral"),
}
_SHEET_FIELDS = ("person", "given_on", "consent_form", "text_language", "read_out_by")
_CONSENT_FIELDS = (
    *_SHEET_FIELDS,
    "given_by",
    "own_agreement",
    "witness",
    "supervision_item",
    "stand_in_item",
    "contact_data_item",
    "special_categories_item",
    "recipients",
    "valid_until",
)
PAPER_OF = {SHEET: "art13", AGREED: "consent"}


def given_dialog(context: ScreenContext, entry: Record, parent: QWidget | None = None) -> FormDialog:
    """Give a dialog over an unsaved entry made by `given_entry`."""
    kind = entry.text("consent_kind")
    sheet = kind == SHEET
    fields = _SHEET_FIELDS if sheet else _CONSENT_FIELDS
    form = RecordForm(context, CONSENT, fields, only={"consent_form": FORMS[kind]})
    form.set_record(entry)
    title = _("Information sheet given") if sheet else _("Consent given")
    intro = (
        _("Noted for good: how the information sheet was given, and in which language.")
        if sheet
        else _("Noted for good: what the client agreed to. An item without an answer stays open.")
    )
    session = context.session

    def save(record: Record) -> Saved:
        return cases.save_record(session, None, with_version(record))

    return FormDialog(context, title, intro, form, save, parent, kind)


def given_entry(context: ScreenContext, case: Record, kind: str, form: str, language: str) -> Record:
    """Give an unsaved entry of today for a case file, with what is known already."""
    noted = noted_entry(context.session, kind, form, language)
    return new_record(CONSENT, case.id, **{**noted.values, "case_file": case.id})


def with_version(entry: Record) -> Record:
    """Give the entry with the version of the text that lies in the program in its language."""
    wanted = (PAPER_OF.get(entry.text("consent_kind")), entry.text("text_language"))
    version = next((paper.version for paper in list_papers() if (paper.form, paper.language) == wanted), None)
    return entry.edited(text_version=version) if version and not entry.text("text_version") else entry
