"""F1: every shortcut, from the one table."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QVBoxLayout,
    QWidget,
)

from app.i18n import N_, _
from ui.accessible import button
from ui.dialogs.button_row import button_row
from ui.shortcuts import SHORTCUTS, sequence
from ui.sizes import resize_to_text
from ui.tables import fill_rows, reading_table

COLUMNS = (N_("Keys"), N_("What they do"), N_("Where"))


class ShortcutTable(QDialog):
    """Keys, what they do, and where."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show the table."""
        super().__init__(parent)
        self.setWindowTitle(_("Shortcuts"))
        resize_to_text(self, 100, 40)
        table = reading_table(N_("Shortcuts"), COLUMNS)
        native = QKeySequence.SequenceFormat.NativeText
        fill_rows(
            table,
            [(sequence(item.name).toString(native), _(item.text), _(item.group)) for item in SHORTCUTS],
        )
        close = button(N_("Close"), self.reject)
        buttons = button_row(away=close, enter=close)
        layout = QVBoxLayout(self)
        layout.addWidget(table)
        layout.addWidget(buttons)
