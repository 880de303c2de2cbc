"""A new case file in under a minute: what the gate lets in, how the sheet was given, the concern."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCompleter, QGroupBox, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.domain.declarations import CASE_FILE, CONSENT
from app.domain.errors import KimError
from app.domain.gate import missing_for_gate
from app.domain.records import Record, new_record
from app.i18n import N_, _
from app.services import cases
from app.services.first_talk import AGREED, SHEET, noted_entry
from app.services.ports import Draft, Saved
from ui.accessible import button
from ui.context import ScreenContext
from ui.labels import heading, paragraph
from ui.notice import Notice
from ui.pages import new_case_work as work
from ui.pages.given_row import GivenRow
from ui.pages.new_case_work import DRAFT
from ui.pages.page import Page
from ui.shortcuts import bind
from ui.widgets.record_form import RecordForm

BEFORE = ("access_route", "municipality", "speaks", "reads", "interpreter_needed")
AFTER = ("concern",)
SHEET_FORMS = ("handed", "shown", "read_out")
CONSENT_FORMS = ("signed", "mark", "screen", "oral")
DRAFT_AFTER_MS = 2000
WHY = {
    "sheet": N_("First note how the information sheet was given: nothing about a person comes before it."),
    "consent": N_("First note the consent: nothing about a person is stored without it."),
}


class NewCasePage(Page):
    """Saved as a whole by one key; what was typed is kept as a draft until then."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Begin empty, or with the draft that was left."""
        super().__init__(parent)
        self._context, self._session = context, context.session
        self._basis = "consent"
        self._finished = False
        self.before = RecordForm(context, CASE_FILE, BEFORE)
        # At once: whoever types before the drafts are read must find a form that can be saved.
        self.before.set_record(cases.new_case_file(self._session))
        self.sheet = GivenRow(N_("Information sheet"), SHEET_FORMS)
        self.consent = GivenRow(N_("Consent"), CONSENT_FORMS)
        self.after = RecordForm(context, CASE_FILE, AFTER)
        self.notice = Notice()
        self.save_button = button(N_("Save the case file"), self.save)
        self._pause = QTimer(self, interval=DRAFT_AFTER_MS, singleShot=True)
        self._lay_out()
        self._connect()
        self._refresh_gate()
        context.lanes.reading(lambda: work.prepare(self._session), self._on_prepared, owner=self)

    def keep_drafts(self) -> None:
        """Keep what was typed; nothing when nothing was."""
        self._pause.stop()
        drafts = [] if self._finished else self._drafts()
        if drafts:
            self._context.lanes.database(
                lambda: work.keep(self._session, drafts), lambda _answer: None, owner=self._context.lanes
            )

    def take_focus(self) -> None:
        """Begin in the first field."""
        self.before.focus_first()

    def save(self) -> None:
        """Save the case file with its number, the entries and the concern."""
        if self._finished or self.before.complain():
            return
        form, entries = self.before.edited(), self._entries()
        concern, missing = self.after.edited().text("concern"), self._missing()
        if concern and missing:
            self.notice.say(_(WHY[missing]), "conflict")
            return
        self._finished = True
        self._pause.stop()
        self.save_button.setEnabled(False)
        self._context.lanes.database(
            lambda: work.save(self._session, form, entries, concern),
            self._on_saved,
            self._on_failed,
            owner=self,
        )

    def _lay_out(self) -> None:
        talk = QGroupBox(_("What was given"))
        rows = QVBoxLayout(talk)
        rows.addWidget(self.sheet)
        rows.addWidget(self.consent)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.addWidget(heading(_("New case file")))
        column.addWidget(paragraph(_("The number is given on saving. Everything else can wait.")))
        for part in (self.before, talk, self.after):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(inner)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button(N_("Discard"), self.discard))
        foot.addWidget(self.save_button)
        whole = QVBoxLayout(self)
        whole.addWidget(scroll, 1)
        whole.addWidget(self.notice)
        whole.addLayout(foot)
        self.save_button.setDefault(True)

    def _connect(self) -> None:
        for part in (self.before.edited_changed, self.after.edited_changed):
            part.connect(self._pause.start)
        for row in (self.sheet, self.consent):
            row.changed.connect(self._on_given)
        self._pause.timeout.connect(self.keep_drafts)
        bind("save", self, self.save)
        bind("sheet_handed", self, lambda: self.sheet.take("handed"))
        bind("sheet_shown", self, lambda: self.sheet.take("shown"))
        bind("sheet_read", self, lambda: self.sheet.take("read_out"))
        bind("consent_signed", self, lambda: self.consent.take("signed"))

    def _on_given(self) -> None:
        self._refresh_gate()
        self._pause.start()

    def _refresh_gate(self) -> None:
        why = self._missing()
        self.after.lock(_(WHY[why]) if why else "", frozenset(AFTER if why else ()))

    def _missing(self) -> str | None:
        return missing_for_gate(self._entries(), self._basis)

    def _entries(self) -> list[Record]:
        language = self._language()
        rows = ((SHEET, self.sheet), (AGREED, self.consent))
        return [noted_entry(self._session, kind, row.form, language) for kind, row in rows if row.form]

    def _language(self) -> str:
        """The language that the client reads, else the first that they speak: the papers are given in it."""
        edited = self.before.edited()
        return next(iter((*edited.items("reads"), *edited.items("speaks"))), "")

    def _drafts(self) -> list[Draft]:
        now = int(self._session.clock.now().timestamp() * 1000)
        typed = work.given_values(self.before.edited(), BEFORE)
        if self._missing() is None:
            typed |= work.given_values(self.after.edited(), AFTER)
        found = [Draft(DRAFT, self.before.base, typed, now)] if typed else []
        for entry in self._entries():
            key = f"{DRAFT}/{entry.text('consent_kind')}"
            found.append(Draft(key, new_record(CONSENT), dict(entry.values), now))
        return found

    def _on_prepared(self, prepared: work.Prepared) -> None:
        self._basis = prepared.basis
        self.consent.setVisible(prepared.basis == "consent")
        self._complete_municipality(prepared.municipalities)
        if not self._finished:
            self._restore(prepared.drafts)
        self._refresh_gate()

    def _complete_municipality(self, known: tuple[str, ...]) -> None:
        field = self.before.editor("municipality").input
        if isinstance(field, QLineEdit):
            completer = QCompleter(known, field)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            field.setCompleter(completer)

    def _restore(self, drafts: Mapping[str, Draft]) -> None:
        for key, row in ((SHEET, self.sheet), (AGREED, self.consent)):
            draft = drafts.get(f"{DRAFT}/{key}")
            if draft is not None and not row.form:
                row.choose(str(draft.values.get("consent_form") or ""))
        draft = drafts.get(DRAFT)
        if draft is not None:
            for form, names in ((self.before, BEFORE), (self.after, AFTER)):
                kept = {name: value for name, value in draft.values.items() if name in names}
                # What was typed while the draft was being read is newer.
                form.restore(form.base, kept | work.given_values(form.edited(), names))
            self.notice.say(_("What you had typed before is here again. “Discard” empties the form."))

    def discard(self) -> None:
        """Forget what was typed and go back to the list."""
        self._finished = True
        self._pause.stop()
        self._context.lanes.database(
            lambda: work.drop(self._session), lambda _answer: None, owner=self._context.lanes
        )
        self._context.navigation.list_requested.emit()

    def _on_saved(self, saved: Saved) -> None:
        self._context.changes.note_saved(saved.record)
        self._context.navigation.case_requested.emit(saved.record.id)

    def _on_failed(self, error: KimError) -> None:
        self._finished = False
        self.save_button.setEnabled(True)
        self.notice.explain(error)
