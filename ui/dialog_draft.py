"""What was typed in a dialog survives a lock or a crash, as what was typed on a page does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QLineEdit

from app.domain.declarations import CASE_FILE
from app.domain.dots import Dot
from app.domain.records import Record
from app.domain.schema import Value
from app.services import cases
from app.services.ports import Draft
from ui.context import ScreenContext

DRAFT_MS = 2000
_PREFIX = "dialog/"
_LINE = "phase_reason"
"""The field in which a single line is kept; a draft's values are fields of its base's type."""


class DialogDraft(QObject):
    """Keeps what `typed` gives under a key; `restore` is given what lay there from last time."""

    def __init__(
        self,
        context: ScreenContext,
        key: str,
        typed: Callable[[], tuple[Record, Mapping[str, Value]] | None],
        restore: Callable[[Draft], None],
        parent: QObject,
    ) -> None:
        """Look for a draft at once."""
        super().__init__(parent)
        self._context, self._key, self._typed, self._restore = context, _PREFIX + key, typed, restore
        self._pause = QTimer(self, interval=DRAFT_MS, singleShot=True)
        self._pause.timeout.connect(self.keep)
        self._leaving = False
        store, name = context.session.store, self._key
        # In the writing lane: a draft that is just being kept must be seen.
        context.lanes.database(lambda: store.queries.draft(name), self._on_found, owner=self)

    def note_typing(self) -> None:
        """Keep what was typed, soon."""
        self._pause.start()

    def keep(self) -> None:
        """Put what was typed into the store, encrypted."""
        self._pause.stop()
        found = self._typed()
        if found is not None:
            session = self._context.session
            draft = Draft(self._key, found[0], dict(found[1]))
            self._run(lambda: cases.keep_draft(session, draft))

    def stay(self) -> None:
        """Keep what was typed, and let it lie although the dialog is taken away."""
        self.keep()
        self._leaving = True

    def forget(self) -> None:
        """Drop the draft: the dialog did what it was for, or was given up."""
        self._pause.stop()
        if not self._leaving:
            session, key = self._context.session, self._key
            self._run(lambda: cases.drop_draft(session, key))

    def _run(self, work: Callable[[], None]) -> None:
        self._context.lanes.database(work, lambda _done: None, owner=self._context.lanes)

    def _on_found(self, draft: Draft | None) -> None:
        if draft is not None and self._typed() is None:
            self._restore(draft)


def keep_line(
    context: ScreenContext, key: str, case: Dot | None, line: QLineEdit, dialog: QObject
) -> DialogDraft:
    """Keep one line of a dialog of a case file; a dialog that closes by itself forgets it."""

    def typed() -> tuple[Record, Mapping[str, Value]] | None:
        text = line.text()
        return (Record(CASE_FILE.name, case, case), {_LINE: text}) if text.strip() else None

    kept = DialogDraft(
        context, f"{key}/{case}", typed, lambda draft: line.setText(str(draft.values[_LINE])), dialog
    )
    line.textEdited.connect(lambda _text: kept.note_typing())
    if isinstance(dialog, QDialog):
        dialog.finished.connect(lambda _result: kept.forget())
    return kept
