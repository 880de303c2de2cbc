"""A drop-down list that finds what is typed and never turns under the mouse wheel."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QSizePolicy, QWidget

from app.i18n import sort_key

NOTHING = "–"
LONG = 12
"""A list longer than this is searched by typing any part of a name."""


class ChoiceBox(QComboBox):
    """Keys with texts; the first entry stands for nothing."""

    chosen = Signal()
    """A person chose an entry."""
    typed = Signal()
    """A person typed letters that may not name an entry yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with nothing to choose from."""
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda _index: self.chosen.emit())

    def offer(self, pairs: Iterable[tuple[object, str]], *, nothing: str = NOTHING) -> None:
        """Offer these (key, text) after the entry for nothing; the present choice stays."""
        before = self.key()
        known = list(pairs)
        self.clear()
        self.addItem(nothing, None)
        for key, text in known:
            self.addItem(text, key)
        self._let_search(len(known) > LONG)
        self.choose(before)

    def key(self) -> object:
        """Give the chosen key, None for nothing, or the typed text when it is no entry."""
        if not self.isEditable():
            return self.currentData()
        text = self.currentText().strip()
        if text in ("", NOTHING):
            return None
        index = self._index_of(text)
        return self.itemData(index) if index >= 0 else text

    def choose(self, key: object, text: str = "") -> None:
        """Show a key; one that is not offered is added with its text."""
        index = next((i for i in range(self.count()) if self.itemData(i) == key), -1)
        if index < 0 and key is not None:
            self.addItem(text or str(key), key)
            index = self.count() - 1
        self.setCurrentIndex(max(index, 0))
        if self.isEditable():
            self.setEditText("" if index <= 0 else self.itemText(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter take the entry that was typed, and not press a dialog's button."""
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and self.isEditable()
            and self.key() is not None
        ):
            self._complete()
            event.accept()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll: a value must not change because somebody scrolled past it."""
        event.ignore()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the one entry that the typed letters leave when the person goes on."""
        if event.type() == QEvent.Type.FocusOut and watched is self.lineEdit():
            self._complete()
        return super().eventFilter(watched, event)

    def _let_search(self, searched: bool) -> None:
        if not searched or self.isEditable():
            return
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        line = self.lineEdit()
        if line is not None:
            line.installEventFilter(self)
            line.textEdited.connect(lambda _text: self.typed.emit())

    def _index_of(self, text: str) -> int:
        wanted = sort_key(text)
        return next((i for i in range(1, self.count()) if sort_key(self.itemText(i)) == wanted), -1)

    def _complete(self) -> None:
        text = self.currentText().strip()
        if text in ("", NOTHING):
            self.choose(None)
            return
        index = self._index_of(text)
        if index < 0:
            found = [
                i for i in range(1, self.count()) if sort_key(self.itemText(i)).startswith(sort_key(text))
            ]
            index = found[0] if len(found) == 1 else -1
        if index >= 0:
            self.choose(self.itemData(index))
            self.chosen.emit()
