"""The last steps of a door: a key that is shown once, to print or write down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget, QWizardPage

from app.i18n import N_, _
from ui.accessible import button, named
from ui.check_line import CheckLine

Sheet = Callable[[str, QWidget], None]


@dataclass(frozen=True)
class KeyWords:
    """What a page says of its key: catalogue ids."""

    title: str
    name: str
    why: str
    printing: str
    kept: str


RECOVERY = KeyWords(
    N_("Your recovery key"),
    N_("Recovery key"),
    N_(
        "Whoever forgets the passphrase opens the case files with this key, and with nothing else: "
        "nobody, not even the KI, can give you another one. Keep it as you keep the key to the "
        "locked cabinet."
    ),
    N_("Print the recovery sheet …"),
    N_("I have printed it or written it down, and keep it away from the computer"),
)
SAFE = KeyWords(
    N_("The key for the district's safe"),
    N_("Offline keeper key"),
    N_(
        "What needs two keepers goes on with one keeper and this key: print it and put it into the safe, "
        "in a sealed envelope. The program keeps no copy of it and shows it only now."
    ),
    N_("Print the sheet for the safe …"),
    N_("I have printed it; it goes into the safe, away from every computer"),
)


class KeyPage(QWizardPage):
    """Complete when the person says that the key is kept."""

    def __init__(self, words: KeyWords, sheet: Sheet, parent: QWidget | None = None) -> None:
        """Print through `sheet`, which is given the key and the window to print from."""
        super().__init__(parent)
        self._words, self._sheet = words, sheet
        self.setTitle(_(words.title))
        self.setCommitPage(False)
        self._key = named(QLabel(), words.name)
        self.kept = CheckLine(words.kept)
        self.kept.toggled.connect(lambda _on: self.completeChanged.emit())
        self._lay_out()

    def show_key(self, text: str) -> None:
        """Show the key in two lines of four groups."""
        groups = text.split("-")
        half = len(groups) // 2
        self._text = text
        self._key.setText("  ".join(groups[:half]) + "\n" + "  ".join(groups[half:]))

    def isComplete(self) -> bool:
        """Whether the person says that the key is kept."""
        return self.kept.is_checked()

    def _lay_out(self) -> None:
        why = QLabel(_(self._words.why))
        why.setWordWrap(True)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF() * 1.7)
        self._key.setFont(font)
        self._key.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._key.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        column = QVBoxLayout(self)
        column.addWidget(why)
        column.addWidget(self._key, 1)
        printing = button(self._words.printing, self._print)
        column.addWidget(printing, 0, Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.kept)

    def _print(self) -> None:
        self._sheet(self._text, self)
