"""The two dialogs for failures: one for those we can explain, one for those we cannot."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.errors import KimError
from app.error_messages import explain
from app.i18n import N_, _
from ui.accessible import button, named
from ui.dialogs.button_row import button_row
from ui.labels import paragraph, subheading
from ui.sizes import letters

COLUMNS = 66


class ErrorDialog(QDialog):
    """An expected failure in three answers; what can be copied holds no value."""

    def __init__(self, error: KimError, parent: QWidget | None = None) -> None:
        """Explain `error`."""
        super().__init__(parent)
        self.setWindowTitle(_("This did not work"))
        self.setMinimumWidth(letters(self, COLUMNS))
        found = explain(error)
        column = QVBoxLayout(self)
        for heading, answer in (
            (_("What happened"), found.what),
            (_("What is safe"), found.safe),
            (_("What to do"), found.todo),
        ):
            column.addWidget(subheading(heading))
            column.addWidget(paragraph(answer))
        column.addWidget(_buttons(self, N_("Copy details"), f"{error.error_id}\n{found.what}"))


class CrashDialog(QDialog):
    """A failure of ours: what is safe, and a report without values that can be copied and sent."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        """Show `report`, redacted already."""
        super().__init__(parent)
        self.setWindowTitle(_("A fault in the program"))
        self.setMinimumWidth(letters(self, COLUMNS))
        column = QVBoxLayout(self)
        column.addWidget(subheading(_("A fault in the program")))
        column.addWidget(
            paragraph(
                _(
                    "Something happened that the program did not expect. What was called saved is saved. "
                    "You can go on working. Please send the report below to your KI: it names places in the "
                    "program and holds nothing about clients."
                )
            )
        )
        view = named(QPlainTextEdit(report), N_("Report"))
        view.setReadOnly(True)
        view.setTabChangesFocus(True)
        column.addWidget(view)
        column.addWidget(_buttons(self, N_("Copy report"), report))


def _buttons(dialog: QDialog, copy: str, text: str) -> QWidget:
    close = button(N_("Close"), dialog.reject)
    row = button_row(button(copy, lambda: QGuiApplication.clipboard().setText(text)), away=close, enter=close)
    close.setFocus()
    return row
