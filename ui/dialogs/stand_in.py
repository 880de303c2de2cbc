"""A supervisor names a stand-in for a case file."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.declarations import STAND_IN
from app.domain.errors import NotFoundError
from app.domain.records import Record, new_record
from app.i18n import _
from app.services import stand_ins
from app.services.ports import Saved, today
from ui.context import ScreenContext
from ui.dialogs.form_dialog import FormDialog
from ui.widgets.record_form import RecordForm

FIELDS = ("stand_in", "stand_in_since", "stand_in_until", "stand_in_reason")


def stand_in_dialog(context: ScreenContext, case: Record, parent: QWidget | None = None) -> FormDialog:
    """Give the dialog for the case file `case`."""
    session = context.session
    form = RecordForm(context, STAND_IN, FIELDS)
    form.set_record(new_record(STAND_IN, case.id, stand_in_since=today(session.clock)))
    intro = _(
        "The stand-in works under their own name. With another employer than the case manager's, "
        "they receive the case file only when the client agreed to a stand-in."
    )

    def save(record: Record) -> Saved:
        if case.id is None:
            raise NotFoundError(record_type=case.type)
        return stand_ins.name_stand_in(
            session,
            case.id,
            record.number("stand_in") or 0,
            record.text("stand_in_since"),
            record.text("stand_in_until"),
            record.text("stand_in_reason"),
        )

    return FormDialog(context, _("Name a stand-in"), intro, form, save, parent)
