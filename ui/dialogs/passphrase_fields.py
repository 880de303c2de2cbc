"""Choosing a passphrase: typed twice, judged while typing, or taken from an offer of six words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import N_, _
from ui.accessible import button, label_for, named
from ui.notice import Notice
from ui.secret_field import CAPS_LOCK, SecretField
from ui.tasks import Lanes, Task

if TYPE_CHECKING:
    from ui.bootstrap import Doors, PassphraseVerdict

PAUSE_MS = 250
PROBLEMS = {
    "too_short": N_("It needs 15 characters or more; a sentence of six words is easy to keep."),
    "too_long": N_("It is too long."),
    "common": N_("It stands on lists of passwords that others try first."),
    "local_words": N_("It is made of words that everybody in the district would try first."),
    "guessable": N_("It can be guessed by a computer; make it longer or less usual."),
}


class PassphraseFields(QWidget):
    """`acceptance_changed` tells whether the passphrase may be used as it stands."""

    acceptance_changed = Signal(bool)

    def __init__(self, doors: Doors, lanes: Lanes, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self._doors, self._lanes = doors, lanes
        self._district_words: tuple[str, ...] = ()
        self._verdict: PassphraseVerdict | None = None
        self._task: Task | None = None
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self.first, self.second = SecretField(), SecretField()
        self._feedback = Notice()
        self._lay_out()
        self._pause.timeout.connect(self._judge)
        for field in (self.first, self.second):
            field.textChanged.connect(self._on_text)
            field.caps_lock_noticed.connect(self._on_caps_lock)

    @property
    def passphrase(self) -> str:
        """What was typed."""
        return self.first.text()

    @property
    def accepted(self) -> bool:
        """Whether it may be used: judged, found good, and typed twice alike."""
        good = self._verdict is not None and self._verdict.accepted
        return good and self.first.text() == self.second.text()

    @property
    def feedback(self) -> str:
        """What is said about it now."""
        return self._feedback.text

    def use_district_words(self, *words: str) -> None:
        """Names that everybody in the district would try first."""
        self._district_words = tuple(part for word in words for part in word.split())

    def offer(self) -> None:
        """Fill in six random words and show them, to be written down until they are known by heart."""
        phrase = self._doors.offer()
        self._show.setChecked(True)
        self.first.setText(phrase)
        self.second.setText(phrase)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(label_for(self.first, N_("Passphrase")), self.first)
        form.addRow(label_for(self.second, N_("Passphrase once more")), self.second)
        self._show = named(QCheckBox(_("Show what I type")), N_("Show what I type"))
        self._show.toggled.connect(self.first.show_text)
        self._show.toggled.connect(self.second.show_text)
        row = QHBoxLayout()
        row.addWidget(self._show, 1)
        row.addWidget(button(N_("Offer me six words"), self.offer))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addLayout(row)
        column.addWidget(self._feedback)

    def _on_text(self) -> None:
        self._verdict = None
        self.acceptance_changed.emit(False)
        self._pause.start()

    def _on_caps_lock(self, on: bool) -> None:
        if on:
            self._feedback.say(_(CAPS_LOCK))

    def _judge(self) -> None:
        if self._task is not None:
            self._task.drop()
        typed, words = self.passphrase, self._district_words
        if not typed:
            self._feedback.clear()
            return
        self._task = self._lanes.reading(
            lambda: self._doors.judge(typed, words), self._on_verdict, owner=self
        )

    def _on_verdict(self, verdict: PassphraseVerdict) -> None:
        self._verdict = verdict
        self._feedback.say(self._words(verdict), "good" if verdict.accepted else "conflict")
        self.acceptance_changed.emit(self.accepted)

    def _words(self, verdict: PassphraseVerdict) -> str:
        if verdict.problems:
            return "\n".join(_(PROBLEMS[problem]) for problem in verdict.problems)
        if not self.second.text():
            return _("That is a good passphrase. Please type it once more.")
        if not self.accepted:
            return _("The two are not alike yet.")
        return _("That is a good passphrase.")
