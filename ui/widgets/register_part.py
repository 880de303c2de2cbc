"""The fields of one register within a form: they merge together, and are marked together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.errors import RegisterTooLargeError
from app.domain.records import Presence, Record
from app.domain.schema import Field, RecordType, Register, Value
from app.domain.values import encode_register
from app.error_messages import explain
from app.i18n import N_, _
from ui.accessible import EnterButton, named
from ui.icons import icon_label
from ui.widgets.field_editor import FieldEditor
from ui.widgets.field_row import FieldRow
from ui.widgets.meanwhile import MeanwhileNote


class RegisterPart(QObject):
    """The rows of a register, a mark while it is provisional, and a sentence while it is locked."""

    touched = Signal()
    decide_requested = Signal(str)
    taken_over = Signal(str)
    kept = Signal(str)
    """Names of the register whose newer value a person took over, or left beside their own."""

    def __init__(
        self,
        declared: RecordType,
        register: Register,
        fields: Sequence[Field],
        make_editor: Callable[[Field], FieldEditor],
        parent: QObject,
    ) -> None:
        """Make the rows; `fill` puts them into a card."""
        super().__init__(parent)
        self.declared, self.register = declared, register
        self.rows = [FieldRow(declared, item, make_editor(item)) for item in fields]
        # Made when needed first: most registers are neither provisional nor locked.
        self._notes = QVBoxLayout()
        self._mark: QWidget | None = None
        self._why: QLabel | None = None
        self.meanwhile: MeanwhileNote | None = None
        for row in self.rows:
            row.touched.connect(self.touched)

    def fill(self, card: QGridLayout, rows: Sequence[FieldRow]) -> None:
        """Put rows into a card, with mark and sentence before the first."""
        if rows[0] is self.rows[0]:
            card.addLayout(self._notes, card.rowCount(), 0, 1, 2)
        for row in rows:
            place = card.rowCount()
            card.addWidget(row.label, place, 0, Qt.AlignmentFlag.AlignTop)
            card.addWidget(row, place, 1)

    def show_record(self, record: Record) -> None:
        """Show the values of a record."""
        for row in self.rows:
            withheld = record.presence(self.declared, row.field.name) is Presence.WITHHELD
            row.show_value(record.get(row.field.name), withheld=withheld)
        provisional = self.register.name in record.conflicts
        if provisional and self._mark is None:
            self._mark = self._provisional_mark()
            self._notes.addWidget(self._mark)
        if self._mark is not None:
            self._mark.setVisible(provisional)

    def say_meanwhile(self, text: str) -> None:
        """Say beside the register what somebody else wrote there; empty text takes it away."""
        if text and self.meanwhile is None:
            self.meanwhile = MeanwhileNote(self.register.label)
            self.meanwhile.taken_over.connect(lambda: self.taken_over.emit(self.register.name))
            self.meanwhile.kept.connect(lambda: self.kept.emit(self.register.name))
            self._notes.addWidget(self.meanwhile)
        if self.meanwhile is not None:
            self.meanwhile.say(text) if text else self.meanwhile.hide()

    def values(self) -> dict[str, Value]:
        """Give what stands in the inputs; what is withheld is left out."""
        return {row.field.name: row.editor.value() for row in self.rows if not row.withheld}

    def lock(self, locked: bool, why: str) -> None:
        """Take no input while locked, and say why above the fields."""
        if why and self._why is None:
            self._why = QLabel()
            self._why.setWordWrap(True)
            self._notes.addWidget(self._why)
        if self._why is not None:
            self._why.setText(why)
            self._why.setVisible(locked and bool(why))
        for row in self.rows:
            row.editor.setEnabled(not locked)

    def complain(self, values: Mapping[str, Value]) -> list[FieldRow]:
        """Show what is wrong with each field; gives the rows that need a correction."""
        for row in self.rows:
            row.say(row.complaint())
        found = [row for row in self.rows if row.problem]
        return found or self._too_large(values)

    def _too_large(self, values: Mapping[str, Value]) -> list[FieldRow]:
        try:
            encode_register(self.register, values, {})
        except RegisterTooLargeError as error:
            found = explain(error)
            self.rows[-1].say(f"{found.what} {found.todo}")
            return [self.rows[-1]]
        return []

    def _provisional_mark(self) -> QWidget:
        mark = QWidget()
        row = QHBoxLayout(mark)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(icon_label("conflict"))
        text = QLabel(_("Provisional: two people wrote different things here."))
        text.setWordWrap(True)
        row.addWidget(text, 1)
        link = named(EnterButton(_("Decide …")), N_("Decide: {register}"), register=_(self.register.label))
        link.clicked.connect(lambda _checked=False: self.decide_requested.emit(self.register.name))
        row.addWidget(link)
        return mark
