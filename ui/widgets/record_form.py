"""A form for any record, made from the declaration of its type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QGroupBox, QVBoxLayout, QWidget

from app.domain.dots import Dot
from app.domain.records import Record, new_record
from app.domain.schema import BELONGS, Field, Kind, RecordType, Register, Value
from app.i18n import _
from ui.context import ScreenContext
from ui.display import member_name
from ui.field_text import Names, field_text, record_title
from ui.widgets.card_columns import CardColumns
from ui.widgets.choice_editors import ReferenceEditor
from ui.widgets.editors import editor_for
from ui.widgets.field_editor import FieldEditor
from ui.widgets.field_row import FieldRow
from ui.widgets.register_part import RegisterPart

LONG_REGISTER = 9
"""A register with more fields is shown in two cards, so that they stand beside each other."""
_WEIGHTS = {Kind.NOTE: 4, Kind.CODES: 3, Kind.TEXTS: 2}


class RecordForm(QWidget):
    """Shows a record and gives it back edited; what is not shown or withheld stays as it was.

    `names` picks fields (all that people write, by default); `only` narrows the codes of a field.
    """

    edited_changed = Signal()
    decide_requested = Signal(str)
    """The name of the register whose values are to be compared."""

    def __init__(
        self,
        context: ScreenContext,
        record_type: RecordType,
        names: Sequence[str] | None = None,
        *,
        only: Mapping[str, Sequence[str]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Begin with an empty record of the type."""
        super().__init__(parent)
        self._context, self._declared = context, record_type
        self._only = dict(only or {})
        self._base = new_record(record_type)
        self._newer: dict[str, Record] = {}
        """What somebody else wrote meanwhile, by the register that is edited here."""
        self.parts = self._make_parts(names)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(CardColumns(self._cards()))
        self._show(self._base)

    @property
    def base(self) -> Record:
        """The record as it was shown: what an edit covers."""
        return self._base

    @property
    def record_type(self) -> RecordType:
        """The declared type."""
        return self._declared

    def set_record(self, base: Record) -> None:
        """Show a record; edits are held against it from now on."""
        self._forget_newer()
        self._base = base
        self._show(base)

    def show_values(self, values: Mapping[str, Value]) -> None:
        """Put values into the inputs, as if a person had typed them."""
        self._show(self._base.edited(**values))

    def restore(self, base: Record, values: Mapping[str, Value]) -> None:
        """Show what a draft had kept, over the base that it had kept."""
        self._forget_newer()
        self._base = base
        self._show(base.edited(**values))

    def rebase(self, saved: Record, sent: Record) -> None:
        """Take what was saved as the base; what was typed after `sent` stays."""
        self._forget_newer()
        typed = self.edited()
        later = {name: value for name, value in typed.values.items() if not same(value, sent.get(name))}
        self._base = saved
        if later:
            self._show(saved.edited(**later))
        else:
            self._show(saved)

    def refresh(self, record: Record) -> tuple[str, ...]:
        """Take what somebody else wrote meanwhile into the registers that nobody edits here.

        A register that is edited keeps the base that was shown; gives the labels of those that moved.
        """
        typed = self.edited()
        kept = [part.register for part in self.parts if self._is_touched(part.register, typed)]
        moved = [item for item in kept if self._base.shown.get(item.name) != record.shown.get(item.name)]
        old, now = self._base, record
        for register in kept:
            now = _with_register_of(now, old, register)
        self._base = now
        names = [name for register in kept for name in register.field_names]
        self._show(now.edited(**{name: typed.get(name) for name in names}))
        for register in moved:
            self._say_newer(register, record)
        return tuple(register.label for register in moved)

    def take_over(self, name: str) -> None:
        """Show what somebody else wrote into a register instead of what was typed; it is the base now."""
        newer = self._newer.pop(name, None)
        if newer is not None:
            register = self._declared.register_by_name[name]
            typed = self.edited()
            self._base = _with_register_of(self._base, newer, register)
            taken = {item: newer.get(item) for item in register.field_names}
            self._part(name).say_meanwhile("")
            self._show(_with_register_of(typed, newer, register).edited(**taken))
            self.edited_changed.emit()

    def keep_mine(self, name: str) -> None:
        """Leave what was typed; both values stand once it is saved, and somebody decides."""
        self._part(name).say_meanwhile("")

    def edited(self) -> Record:
        """Give the record with what stands in the inputs."""
        values: dict[str, Value] = {}
        for part in self.parts:
            values.update(part.values())
        moved = {name: value for name, value in values.items() if not same(value, self._base.get(name))}
        return self._base.edited(**moved)

    def is_edited(self) -> bool:
        """Tell whether anything differs from the base."""
        return self.edited().values != self._base.values

    def complain(self) -> bool:
        """Show all that must be corrected before saving and go to the first; tells whether there is any."""
        values = self.edited().values
        rows = [row for part in self.parts for row in part.complain(values)]
        if rows:
            rows[0].editor.input.setFocus()
        return bool(rows)

    def lock(self, why: str, registers: frozenset[str]) -> None:
        """Take no input for these registers while `why` holds; all others take it."""
        said: QWidget | None = None
        for part in self.parts:
            locked = part.register.name in registers
            card = part.rows[0].parentWidget()
            part.lock(locked, "" if card is said else why)
            said = card if locked else said

    def focus_first(self) -> None:
        """Put the focus into the first input that takes one."""
        rows = [row for part in self.parts for row in part.rows]
        free = (row for row in rows if row.editor.isEnabled() and not row.withheld)
        row = next(free, None)
        if row is not None:
            row.editor.input.setFocus()

    def editor(self, name: str) -> FieldEditor:
        """Give the input of a field that is shown."""
        return next(row.editor for part in self.parts for row in part.rows if row.field.name == name)

    def _part(self, name: str) -> RegisterPart:
        return next(part for part in self.parts if part.register.name == name)

    def _forget_newer(self) -> None:
        for name in self._newer:
            self._part(name).say_meanwhile("")
        self._newer = {}

    def _say_newer(self, register: Register, record: Record) -> None:
        known = self._newer.get(register.name)
        if known is not None and known.shown.get(register.name) == record.shown.get(register.name):
            return
        self._newer[register.name] = record
        names = Names(self._context.session.members)
        texts = ((_(item.label), field_text(record, item.name, names)) for item in register.fields)
        value = "; ".join(f"{label}: {text}" for label, text in texts if text) or _("(empty)")
        author = member_name(names.members, record.authors.get(register.name))
        line = _("Changed meanwhile by {name}. {value}").format(name=author, value=value)
        self._part(register.name).say_meanwhile(line)

    def _make_parts(self, names: Sequence[str] | None) -> list[RegisterPart]:
        found = []
        for register in self._declared.all_registers:
            fields = [item for item in register.fields if _is_shown(self._declared, item, names)]
            if fields:
                found.append(self._make_part(register, fields))
        return found

    def _make_part(self, register: Register, fields: Sequence[Field]) -> RegisterPart:
        part = RegisterPart(self._declared, register, fields, self._make_editor, self)
        part.touched.connect(self.edited_changed)
        part.decide_requested.connect(self.decide_requested)
        part.taken_over.connect(self.take_over)
        part.kept.connect(self.keep_mine)
        return part

    def _make_editor(self, field: Field) -> FieldEditor:
        return editor_for(field, self._context.session.members, self._only.get(field.name, ()))

    def _is_touched(self, register: Register, typed: Record) -> bool:
        return any(not same(typed.get(name), self._base.get(name)) for name in register.field_names)

    def _cards(self) -> list[tuple[QWidget, int]]:
        cards: list[tuple[QWidget, int]] = []
        plain: list[RegisterPart] = []
        belongs: list[RegisterPart] = []
        for part in self.parts:
            if part.register.name == BELONGS:
                belongs = [part]
                continue
            if len(part.rows) == 1:
                plain.append(part)
                continue
            cards += _plain_card(plain)
            plain = []
            cards += _register_cards(part, belongs)
            belongs = []
        return cards + _plain_card([*belongs, *plain])

    def _show(self, record: Record) -> None:
        for part in self.parts:
            part.show_record(record)
            for row in part.rows:
                if isinstance(row.editor, ReferenceEditor):
                    self._offer_records(row.editor, record.case)

    def _offer_records(self, editor: ReferenceEditor, case: Dot | None) -> None:
        session = self._context.session
        names = Names(session.members)

        def read() -> list[tuple[Dot, str]]:
            found = session.store.queries.records(editor.field.refers_to, case) if case else ()
            return [(item.id, record_title(item, names)) for item in found if item.id]

        if case is not None:
            self._context.lanes.reading(read, editor.offer, owner=editor)


def _with_register_of(record: Record, old: Record, register: Register) -> Record:
    name = register.name
    shown = {key: context for key, context in record.shown.items() if key != name}
    if name in old.shown:
        shown[name] = old.shown[name]
    return replace(record.edited(**{item: old.get(item) for item in register.field_names}), shown=shown)


def same(one: Value, other: Value) -> bool:
    """Tell whether two values say the same; empty ones do."""
    return _given(one) == _given(other)


def _given(value: Value) -> Value:
    return None if value in ("", ()) else value


def _is_shown(declared: RecordType, item: Field, names: Sequence[str] | None) -> bool:
    if item.generated or item.refers_to == declared.name:
        return False
    return names is None or item.name in names


def _register_cards(part: RegisterPart, before: Sequence[RegisterPart]) -> list[tuple[QWidget, int]]:
    rows = part.rows
    middle = (len(rows) + 1) // 2 if len(rows) > LONG_REGISTER else len(rows)
    halves = [half for half in (rows[:middle], rows[middle:]) if half]
    titles = (_(part.register.label), "")
    content: list[list[tuple[RegisterPart, Sequence[FieldRow]]]] = [[(part, half)] for half in halves]
    # Whom an entry is about stands at its head.
    content[0] = [*((item, item.rows) for item in before), *content[0]]
    return [
        (_filled(QGroupBox(title), rows), _weight([row for _part, found in rows for row in found]))
        for title, rows in zip(titles, content, strict=False)
    ]


def _plain_card(parts: Sequence[RegisterPart]) -> list[tuple[QWidget, int]]:
    if not parts:
        return []
    rows = [row for part in parts for row in part.rows]
    return [(_filled(QFrame(), [(part, part.rows) for part in parts]), _weight(rows))]


def _weight(rows: Sequence[FieldRow]) -> int:
    return sum(_WEIGHTS.get(row.field.kind, 1) for row in rows) + 1


def _filled(card: QWidget, content: Sequence[tuple[RegisterPart, Sequence[FieldRow]]]) -> QWidget:
    grid = QGridLayout(card)
    grid.setColumnStretch(0, 2)
    grid.setColumnStretch(1, 3)
    for part, rows in content:
        part.fill(grid, rows)
    return card
