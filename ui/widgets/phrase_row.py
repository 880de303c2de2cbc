"""A reason to type, and buttons that fill its line with a phrase used often."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.i18n import N_, _
from ui.accessible import button, label_for
from ui.flow_layout import flowing


def phrase_row(line: QLineEdit, phrases: Sequence[str]) -> QWidget:
    """Give a row of buttons over `line`; `phrases` are catalogue ids."""
    return flowing(*(button(phrase, partial(_fill, line, phrase)) for phrase in phrases))


def add_reason(column: QVBoxLayout, line: QLineEdit, phrases: Sequence[str]) -> None:
    """Put a labelled reason into a dialog's column, its phrases below."""
    column.addWidget(label_for(line, N_("Reason")))
    column.addWidget(line)
    column.addWidget(phrase_row(line, phrases))


def _fill(line: QLineEdit, phrase: str) -> None:
    line.setText(_(phrase))
