"""Buttons that fill a line with a phrase used often."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from app.i18n import _
from ui.accessible import button
from ui.flow_layout import flowing


def phrase_row(line: QLineEdit, phrases: Sequence[str]) -> QWidget:
    """Give a row of buttons over `line`; `phrases` are catalogue ids."""
    return flowing(*(button(phrase, partial(_fill, line, phrase)) for phrase in phrases))


def _fill(line: QLineEdit, phrase: str) -> None:
    line.setText(_(phrase))
