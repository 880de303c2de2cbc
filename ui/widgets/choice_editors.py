"""Inputs that choose one: a yes, a code, a member, another record."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QWidget

from app.domain.audience import suits
from app.domain.dots import Dot
from app.domain.schema import Field, Value
from app.i18n import _, sort_key
from app.services.ports import Members
from ui.display import known_name, member_name, sorted_codes
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.field_editor import FieldEditor


class FlagEditor(FieldEditor):
    """A box to tick; it stays empty, and not "no", until somebody touches it."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(field, parent)
        self.box = QCheckBox(_("Yes"))
        self._given: bool | None = None
        self.put(self.box)
        self.box.clicked.connect(self._on_clicked)

    @property
    def input(self) -> QWidget:
        """The box."""
        return self.box

    def value(self) -> Value:
        """Give yes or no, None when nobody said."""
        return self._given

    def show_value(self, value: Value) -> None:
        """Show yes or no."""
        self._given = value if isinstance(value, bool) else None
        self.box.setChecked(self._given is True)

    def _on_clicked(self, checked: bool) -> None:
        self._given = checked
        self.touched.emit()


class OneEditor(FieldEditor):
    """A list to choose one entry from."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        """Begin with an empty list."""
        super().__init__(field, parent)
        self.box = ChoiceBox()
        self.put(self.box)
        self.box.chosen.connect(self.touched)
        self.box.typed.connect(self.touched)

    @property
    def input(self) -> QWidget:
        """The list."""
        return self.box

    def value(self) -> Value:
        """Give the chosen key, or what was typed when it is no entry."""
        key = self.box.key()
        return key if isinstance(key, str | int | Dot) else None

    def show_value(self, value: Value) -> None:
        """Show the entry of a key; an unknown one gets an entry of its own."""
        self.box.choose(value, self._text_of(value))

    def complaint(self) -> str:
        """Ask to choose when the typed text is no entry."""
        key = self.box.key()
        known = key is None or any(self.box.itemData(index) == key for index in range(self.box.count()))
        return "" if known else _("Please choose an entry of the list.")

    def _text_of(self, value: Value) -> str:
        return "" if value is None else str(value)


class CodeEditor(OneEditor):
    """One code of a code list; `only` narrows the list."""

    def __init__(self, field: Field, only: Sequence[str] = (), parent: QWidget | None = None) -> None:
        """Offer the list."""
        super().__init__(field, parent)
        self.box.offer([pair for pair in sorted_codes(field) if not only or pair[0] in only])

    def _text_of(self, value: Value) -> str:
        labels = self.field.codes.labels if self.field.codes else {}
        return _(labels.get(str(value), str(value))) if value is not None else ""


class MemberEditor(OneEditor):
    """One member of the roster, by name with the employer."""

    def __init__(self, field: Field, members: Members, parent: QWidget | None = None) -> None:
        """Offer the members whom the declaration of the field lets it name."""
        super().__init__(field, parent)
        self._members = members
        offered = [item for item in members.members() if suits(item, field.whom)]
        offered.sort(key=lambda item: sort_key(item.name))
        self.box.offer([(item.id, f"{known_name(item)}, {item.employer}") for item in offered])

    def _text_of(self, value: Value) -> str:
        return member_name(self._members, value) if isinstance(value, int) else ""


class ReferenceEditor(OneEditor):
    """Another record of the case file, by its heading; the headings come after the form stands."""

    def offer(self, pairs: Sequence[tuple[Dot, str]]) -> None:
        """Offer these records; what is chosen stays chosen."""
        self.box.offer(pairs)

    def _text_of(self, value: Value) -> str:
        return "…" if value is not None else ""
