"""Admitting an applicant: six words, read out to each other on the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from app.i18n import N_, _
from ui.accessible import button, named
from ui.check_line import CheckLine
from ui.dialogs.button_row import button_row
from ui.labels import heading, paragraph
from ui.sizes import letters

if TYPE_CHECKING:
    from sync.workplace import Applicant

SAME = N_("I have compared all six words on the phone; they are the same")


class AdmitDialog(QDialog):
    """Accepted only when the words were compared."""

    def __init__(self, applicant: Applicant, parent: QWidget | None = None) -> None:
        """Show the words of `applicant`'s computer."""
        super().__init__(parent)
        self.setWindowTitle(_("Admit an applicant"))
        self.setMinimumWidth(letters(self, 72))
        self.fingerprint = applicant.fingerprint
        self.same = CheckLine(SAME)
        self.admit_button = button(N_("Admit"), self.accept)
        self.admit_button.setEnabled(False)
        self.same.toggled.connect(self.admit_button.setEnabled)
        buttons = button_row(
            self.admit_button, away=button(N_("Cancel"), self.reject), enter=self.admit_button
        )
        column = QVBoxLayout(self)
        column.addWidget(heading(applicant.member.name))
        column.addWidget(
            paragraph(
                _(
                    "Ring them up at a number that you know, and read the words to each other. If one "
                    "differs, somebody else sits at the other end: cancel, and make a new invitation."
                )
            )
        )
        column.addWidget(_words(self.fingerprint))
        column.addWidget(self.same)
        column.addWidget(buttons)


def _words(fingerprint: str) -> QLabel:
    made = named(QLabel(fingerprint), N_("Six words to compare"))
    font = QFont(made.font())
    font.setPointSizeF(font.pointSizeF() * 1.8)
    font.setBold(True)
    made.setFont(font)
    made.setWordWrap(True)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setFrameShape(QLabel.Shape.StyledPanel)
    made.setMargin(16)
    return made
