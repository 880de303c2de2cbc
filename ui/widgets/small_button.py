"""Buttons that several sections of one window have, each with a name of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from app.i18n import N_, _
from ui.accessible import EnterButton, named

NAME = N_("{section}: {wish}")


def section_button(section: str, wish: str, clicked: Callable[[], object]) -> QPushButton:
    """Give a button that shows `wish` and is named after its section too; both are catalogue ids."""
    made = named(EnterButton(_(wish)), NAME, section=_(section), wish=_(wish))
    made.clicked.connect(lambda _checked=False: clicked())
    return made
