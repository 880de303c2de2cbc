"""F1: every shortcut, from the one table."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.i18n import N_, _
from ui.accessible import button, named
from ui.shortcuts import SHORTCUTS, sequence
from ui.sizes import resize_to_text


class ShortcutTable(QDialog):
    """Keys, what they do, and where."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show the table."""
        super().__init__(parent)
        self.setWindowTitle(_("Shortcuts"))
        resize_to_text(self, 100, 40)
        table = named(QTableWidget(len(SHORTCUTS), 3), N_("Shortcuts"))
        table.setHorizontalHeaderLabels([_("Keys"), _("What they do"), _("Where")])
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for row, item in enumerate(SHORTCUTS):
            keys = sequence(item.name).toString(QKeySequence.SequenceFormat.NativeText)
            for column, text in enumerate((keys, _(item.text), _(item.group))):
                table.setItem(row, column, QTableWidgetItem(text))
        table.resizeColumnToContents(0)
        table.resizeColumnToContents(2)
        table.resizeRowsToContents()
        buttons = QDialogButtonBox()
        close = button(N_("Close"), self.accept)
        buttons.addButton(close, QDialogButtonBox.ButtonRole.AcceptRole)
        layout = QVBoxLayout(self)
        layout.addWidget(table)
        layout.addWidget(buttons)
