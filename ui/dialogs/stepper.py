"""A dialog of steps, of which one takes its time in a lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget, QWizard, QWizardPage

from app.domain.errors import KimError
from app.i18n import N_, _
from ui.accessible import named
from ui.dialogs.passphrase_fields import PassphraseFields
from ui.labels import paragraph
from ui.notice import Notice
from ui.sizes import resize_to_text
from ui.tasks import Lanes

if TYPE_CHECKING:
    from ui.bootstrap import Doors

_BUTTONS = {
    QWizard.WizardButton.BackButton: N_("Back"),
    QWizard.WizardButton.NextButton: N_("Next"),
    QWizard.WizardButton.CommitButton: N_("Next"),
    QWizard.WizardButton.FinishButton: N_("Begin"),
    QWizard.WizardButton.CancelButton: N_("Cancel"),
}


class Stepper(QWizard):
    """A wizard with named buttons; see `may_leave` for steps that take their time."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        """Begin with no steps."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self.setOption(QWizard.WizardOption.NoBackButtonOnLastPage)
        self.setOption(QWizard.WizardOption.NoCancelButtonOnLastPage)
        for which, msgid in _BUTTONS.items():
            self.setButtonText(which, _(msgid))
            named(self.button(which), msgid)
        resize_to_text(self, 88, 34)

    def may_leave(self, _page: QWizardPage) -> bool:
        """Tell whether to go on at once; a step that takes its time says no and goes on by `next` later."""
        return True

    def validateCurrentPage(self) -> bool:  # noqa: N802 - Qt calls it
        """Ask `may_leave`."""
        return self.may_leave(self.currentPage())


class PassphrasePage(QWizardPage):
    """Choose the passphrase; the next step makes the keys, which takes a second."""

    def __init__(self, doors: Doors, lanes: Lanes, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.setTitle(_("Your passphrase"))
        self.setCommitPage(True)
        self.fields = PassphraseFields(doors, lanes)
        self.fields.acceptance_changed.connect(lambda _good: self.completeChanged.emit())
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.hide()
        self.notice = Notice()
        self._working = False
        column = QVBoxLayout(self)
        told = _("It locks everything on this computer. Only you know it; it is never sent anywhere.")
        column.addWidget(paragraph(told))
        column.addWidget(self.fields)
        column.addWidget(self._busy)
        column.addWidget(self.notice)
        column.addStretch(1)

    def isComplete(self) -> bool:
        """Whether the passphrase is accepted and nothing is under way."""
        return self.fields.accepted and not self._working

    def set_working(self, working: bool) -> None:
        """Show that the keys are being made."""
        self._working = working
        self._busy.setVisible(working)
        self.fields.setEnabled(not working)
        self.setCursor(Qt.CursorShape.BusyCursor if working else Qt.CursorShape.ArrowCursor)
        self.completeChanged.emit()

    def fail(self, error: KimError) -> None:
        """Say why the keys were not made."""
        self.set_working(False)
        self.notice.explain(error)
