"""Handing over one case file, or all of somebody's; what follows is said before it is done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.declarations import CASE_FILE, HANDOVER, STAND_IN
from app.domain.errors import NotFoundError
from app.domain.records import Record, new_record
from app.i18n import N_, _
from app.services import handovers
from app.services.handovers import Terms
from app.services.ports import Saved, today
from ui.context import ScreenContext
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.record_question import RecordQuestion
from ui.widgets.record_form import RecordForm

TERMS = ("handover_to", "handover_reason", "handover_note", "client_present", "client_agreed")
STANDS_IN = ("stand_in", "stand_in_since", "stand_in_until", "stand_in_reason")


def terms_of(record: Record) -> Terms:
    """Give what a filled in form agrees on."""
    return Terms(
        record.number("handover_to") or 0,
        record.text("handover_reason") or "other",
        record.text("handover_note"),
        record.get("client_present") is True,
        record.get("client_agreed") is True,
        record.text("identity_data"),
    )


def hand_over_dialog(
    context: ScreenContext, case: Record, *, at_once: bool, parent: QWidget | None = None
) -> FormDialog:
    """Give the dialog for one case file; `at_once`: a supervisor assigns instead of asking."""
    session = context.session
    # What became of contact data and attachments only the one who has them can say.
    form = RecordForm(context, HANDOVER, TERMS if at_once else (*TERMS, "identity_data"))
    form.set_record(_blank(context, case))
    hand = handovers.assign if at_once else handovers.ask

    def save(record: Record) -> Saved:
        if case.id is None:
            raise NotFoundError(record_type=case.type)
        return hand(session, case.id, terms_of(record))

    title = _("Assign this case file") if at_once else _("Hand this case file over")
    wish = N_("Assign it") if at_once else N_("Ask to take it over")
    return FormDialog(context, title, _intro(at_once=at_once), form, save, parent, wish=wish)


def all_files_question(
    context: ScreenContext, *, at_once: bool, answered: Callable[[Record], None], parent: QWidget
) -> RecordQuestion:
    """Ask whose case files go to whom."""
    form = RecordForm(context, HANDOVER, ("handover_from", *TERMS) if at_once else TERMS)
    form.set_record(new_record(HANDOVER, handover_from=None if at_once else context.session.me))
    title = _("Assign all case files of a case manager") if at_once else _("Hand all my case files over")
    text = _("Each case file is handed over on its own; those that cannot be are listed with the reason.")
    question = RecordQuestion(
        title,
        f"{text}\n\n{_intro(at_once=at_once)}",
        N_("Assign all") if at_once else N_("Ask for all"),
        form,
        ("handover_from", "handover_to") if at_once else ("handover_to",),
        parent,
    )
    question.answered.connect(answered)
    return question


def all_stand_ins_question(
    context: ScreenContext, *, answered: Callable[[Record, Record], None], parent: QWidget
) -> RecordQuestion:
    """Ask who stands in for a case manager in all their case files, and when."""
    whose = RecordForm(context, CASE_FILE, ("responsible",))
    form = RecordForm(context, STAND_IN, STANDS_IN)
    form.set_record(new_record(STAND_IN, stand_in_since=today(context.session.clock)))
    question = RecordQuestion(
        _("Name a stand-in for all case files of a case manager"),
        _(
            "The stand-in works under their own name, from the first day to the last. With another employer "
            "than the case manager's, they receive a case file only when the client agreed to a stand-in."
        ),
        N_("Name for all"),
        form,
        ("stand_in", "stand_in_since"),
        parent,
    )
    question.put_above(whose)
    question.answered.connect(lambda record: answered(whose.edited(), record))
    return question


def _blank(context: ScreenContext, case: Record) -> Record:
    return new_record(
        HANDOVER,
        case.id,
        handover_step="asked",
        handover_on=today(context.session.clock),
        handover_from=case.number("responsible"),
        handover_by=context.session.me,
    )


def _intro(*, at_once: bool) -> str:
    then = _(
        "Who had the case file reads it, but no longer writes in it; 14 days after all of it has arrived it "
        "is erased there. A case manager of another employer takes it over only when the client agreed. "
        "Sensitive entries reach only who is cleared for them."
    )
    if at_once:
        return _("The case file goes to the new case manager at once.") + " " + then
    first = _("Until they accept, the new case manager sees only the number and the languages.")
    return f"{first} {then}"
