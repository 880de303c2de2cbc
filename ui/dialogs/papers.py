"""Papers for a case file: choose, see the very PDF, print it, note that it was given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.domain.consent import CONSENT, ITEMS
from app.domain.errors import KimError
from app.domain.read_log import EXPORT, PRINT
from app.domain.records import Record
from app.domain.schema import Value
from app.i18n import N_, _
from app.printing.employer_profile import legal_basis_of, letterhead_profile
from app.printing.form_code import form_code
from app.printing.form_texts import load_form
from app.printing.papers import PaperRequest, print_paper, prints_as_specimen
from app.services import cases
from app.services.first_talk import AGREED, SHEET
from ui.accessible import button
from ui.context import ScreenContext
from ui.dialog_draft import keep_line
from ui.dialogs.confirm import ConfirmDialog
from ui.dialogs.given import given_dialog, given_entry
from ui.dialogs.paper_choice import PaperChoice, PaperWish
from ui.dialogs.paper_output import a4_printer, print_pages
from ui.dialogs.paper_preview import PaperPreview
from ui.dialogs.safety_stop import safety_stop
from ui.flow_layout import FlowLayout
from ui.notice import Notice
from ui.pages.case_sections.banner_list import paper_rule, safety_text, strict_record
from ui.pages.case_sections.case_data import CaseData
from ui.pages.case_sections.gate_words import is_closed
from ui.tasks import Task

REFRESH_MS = 200
SIZES = (420, 680)
"""Pixels that the choice and the preview share at first, in proportion."""
KINDS = {"art13": SHEET, "consent": AGREED}


class PapersDialog(QDialog):
    """`noted` carries the save of the entry that a paper was given."""

    noted = Signal(object)
    step_confirmed = Signal(str)
    """The reason for going on against a safety rule."""

    def __init__(self, context: ScreenContext, data: CaseData, parent: QWidget | None = None) -> None:
        """Show the first paper that the case file lacks."""
        super().__init__(parent)
        self.setWindowTitle(_("Papers"))
        self._context, self._data = context, data
        self._task: Task | None = None
        self._reason = ""
        self._specimen = True
        self.choice = PaperChoice(context, data)
        self.preview = PaperPreview(self)
        self.notice = Notice()
        self.state = QLabel()
        self.state.setWordWrap(True)
        self._pause = QTimer(self, interval=REFRESH_MS, singleShot=True)
        self._pause.timeout.connect(self._make)
        self.print_button = self._step(N_("Print …"), self._print)
        self.save_button = self._step(N_("Save outside the program …"), self._save_outside)
        self.note_button = self._step(N_("Note that it was given …"), self.note_given)
        self._steps = (self.print_button, self.save_button, self.note_button)
        self._lay_out()
        self.choice.changed.connect(self._pause.start)
        self._make()

    @property
    def reason(self) -> str:
        """The reason for going on against a safety rule, empty while there was no need."""
        return self._reason

    def note_given(self) -> None:
        """Note that the paper was given, with its text version, language and code."""
        wish = self.choice.wish
        kind = KINDS[wish.paper.form]
        form = "handed" if kind == SHEET else "signed"
        entry = given_entry(self._context, self._data.record, kind, form, wish.paper.language)
        dialog = given_dialog(self._context, entry.edited(**self._known(wish)), self)
        dialog.saved.connect(self.noted)
        dialog.open()

    def done(self, result: int) -> None:
        """Let go of the paper before the window goes."""
        self._pause.stop()
        self.preview.clear()
        super().done(result)

    def write_to(self, path: Path) -> None:
        """Write the paper to a file that the person chose; raises OSError."""
        path.write_bytes(self.preview.pdf)

    def _known(self, wish: PaperWish) -> dict[str, Value]:
        words = {True: "yes", False: "no"}
        answers = {f"{item}_item": words.get(wish.answers.get(item)) for item in ITEMS}  # type: ignore[arg-type]  # None finds nothing
        text = load_form(wish.paper.form, wish.paper.language)
        return {
            **answers,
            "person": wish.person,
            "recipients": wish.recipients or None,
            "text_version": wish.paper.version,
            # The code as it stands on the paper: a specimen shows no number.
            "form_code": form_code(text, None if self._specimen else self._data.record.text("number")),
        }

    def _make(self) -> None:
        if self._task is not None:
            self._task.drop()
        wish, session, number = self.choice.wish, self._context.session, self._data.record.text("number")
        today = date.fromisoformat(self._data.today)
        self.state.setText(_("Making the paper …"))
        self._enable(False)

        def work() -> tuple[bytes, bool]:
            employer = cases.employer_record(session.store.queries, session.employer_key)
            request = _request(wish, employer, number, today)
            return print_paper(request), prints_as_specimen(request)

        self._task = self._context.lanes.reading(work, self._on_made, self._on_failed, owner=self)

    def _on_made(self, made: tuple[bytes, bool]) -> None:
        pdf, specimen = made
        self._task = None
        self.notice.clear()
        self.preview.show_pdf(pdf)
        self._specimen = specimen
        self.state.setText(self._state_text())
        self._enable(True)

    def _on_failed(self, error: KimError) -> None:
        self._task = None
        self.state.clear()
        self.notice.explain(error)

    def _state_text(self) -> str:
        paper = self.choice.wish.paper
        parts = []
        if self._specimen:
            parts.append(_("Specimen: data or a release is still missing at the KI."))
        parts.append(_("Version {version}.").format(version=paper.version))
        if paper.review is None:
            parts.append(_("This text is a draft: nobody has checked the translation yet."))
        return " ".join(parts)

    def _enable(self, ready: bool) -> None:
        for step in self._steps:
            step.setEnabled(ready and (step is not self.note_button or not is_closed(CONSENT, self._data)))

    def _step(self, wish: str, step: Callable[[], None]) -> QPushButton:
        return button(wish, lambda: self._unless_stopped(step))

    def _unless_stopped(self, step: Callable[[], None]) -> None:
        strictest = strict_record(self._data)
        if not paper_rule(strictest) or self._reason:
            step()
            return
        rule = safety_text(strictest, self._context.session.members)
        dialog = safety_stop(rule, self)
        keep_line(self._context, "safety-stop", self._data.case, dialog.reason, dialog)

        def go_on(reason: str) -> None:
            self._reason = reason
            self.step_confirmed.emit(reason)
            step()

        dialog.confirmed.connect(go_on)
        dialog.open()

    def _print(self) -> None:
        printer = a4_printer()
        dialog = QPrintDialog(printer, self)

        def accepted() -> None:
            if print_pages(self.preview.pages, printer) == 0:
                self.notice.say(_("The printer took nothing. The paper is still here."), "conflict")
            else:
                self._note(PRINT)

        dialog.accepted.connect(accepted)
        QDialog.open(dialog)

    def _save_outside(self) -> None:
        told = _(
            "The file will lie on this computer unprotected: whoever can open the folder can read it, "
            "and it names the case number. Delete it when it is no longer needed."
        )
        question = ConfirmDialog(_("Save outside the program"), told, N_("Choose a folder …"), self)
        question.confirmed.connect(self._choose_file)
        question.open()

    def _choose_file(self) -> None:
        wish = self.choice.wish
        dialog = QFileDialog(self, _("Save outside the program"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"{wish.paper.form}-{wish.paper.language}.pdf")
        dialog.fileSelected.connect(self._on_file)
        dialog.open()

    def _on_file(self, name: str) -> None:
        try:
            self.write_to(Path(name))
        except OSError:
            self.notice.say(_("The file could not be written there. The paper is still here."), "conflict")
        else:
            self._note(EXPORT)

    def _note(self, act: str) -> None:
        case = self._data.record.id
        if case is not None:
            self._context.note_read(case, act)

    def _lay_out(self) -> None:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.choice)
        split = QSplitter()
        split.addWidget(area)
        split.addWidget(self.preview)
        split.setStretchFactor(1, 1)
        split.setSizes(list(SIZES))
        split.setChildrenCollapsible(False)
        foot = QWidget()
        flow = FlowLayout(foot)
        for step in (*self._steps, button(N_("Close"), self.reject)):
            step.setAutoDefault(False)
            flow.addWidget(step)
        column = QVBoxLayout(self)
        column.addWidget(split, 1)
        column.addWidget(self.notice)
        column.addWidget(self.state)
        column.addWidget(foot)
        self.resize(1100, 680)


def _request(wish: PaperWish, employer: Record | None, number: str, today: date) -> PaperRequest:
    return PaperRequest(
        form=wish.paper.form,
        language=wish.paper.language,
        profile=letterhead_profile(employer),
        case_number=number,
        legal_basis=legal_basis_of(employer),
        person_label=wish.person_label,
        consent_items=wish.answers,
        recipients=wish.recipients,
        today=today,
    )
