"""Undo with a name: writes the value from before as the next change."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.records import Record
from app.domain.schema import RecordType, Value
from app.i18n import N_, _
from app.services import cases
from app.services.ports import Saved
from ui.accessible import named
from ui.context import ScreenContext
from ui.sizes import letters

NAME = N_("Undo: {what}")
SHOWN_LETTERS = 32
"""A longer name is cut on the button, so that it pushes nothing out of the window."""


class UndoButton(QPushButton):
    """Takes back the save that was offered last; hidden while there is none."""

    undone = Signal(object)
    """What the undo did (Saved)."""

    def __init__(
        self, context: ScreenContext, record_type: RecordType, parent: QWidget | None = None
    ) -> None:
        """Begin with nothing to undo."""
        super().__init__(parent)
        self._context, self._type = context, record_type
        self._undo: Callable[[], Saved] | None = None
        self.clicked.connect(lambda _checked=False: self.undo())
        self.hide()

    def offer(self, before: Record, saved: Saved) -> None:
        """Offer to write again what stood in `before`."""
        names = [name for item in saved.changed for name in self._type.register_by_name[item].field_names]
        values: dict[str, Value] = {name: before.get(name) for name in names}
        # A phase may only be skipped with a reason; taking a step back is one.
        if "phase_reason" in values and not values["phase_reason"]:
            values["phase_reason"] = _("Step taken back")
        base, session = saved.record, self._context.session
        self._undo = lambda: cases.save_record(session, base, base.edited(**values))
        what = ", ".join(_(self._type.register_by_name[name].label) for name in saved.changed)
        text, room = _(NAME).format(what=what), letters(self, SHOWN_LETTERS)
        self.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))
        self.setToolTip(text)
        named(self, NAME, what=what)
        self.show()

    def forget(self) -> None:
        """Offer nothing more."""
        self._undo = None
        self.hide()

    def undo(self) -> None:
        """Write the earlier value."""
        if self._undo is not None:
            work, self._undo = self._undo, None
            self.hide()
            self._context.lanes.database(work, self.undone.emit, owner=self)
