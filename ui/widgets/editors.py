"""Which input a kind of field gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.schema import Field, Kind
from app.services.ports import Members
from ui.widgets import text_editors
from ui.widgets.choice_editors import CodeEditor, FlagEditor, MemberEditor, ReferenceEditor
from ui.widgets.field_editor import FieldEditor
from ui.widgets.several_editors import SHORT, FoundCodes, TextsEditor, TickedCodes

_SIMPLE: dict[Kind, Callable[[Field], FieldEditor]] = {
    Kind.TEXT: text_editors.TextEditor,
    Kind.NOTE: text_editors.NoteEditor,
    Kind.INTEGER: text_editors.integer_editor,
    Kind.DATE: text_editors.date_editor,
    Kind.MONTH: text_editors.month_editor,
    Kind.MOMENT: text_editors.moment_editor,
    Kind.FLAG: FlagEditor,
    Kind.TEXTS: TextsEditor,
    Kind.REFERENCE: ReferenceEditor,
}


def editor_for(field: Field, members: Members, only: Sequence[str] = ()) -> FieldEditor:
    """Give the input for a field; `only` narrows the codes that are offered."""
    if field.kind is Kind.CODE:
        return CodeEditor(field, only)
    if field.kind is Kind.CODES:
        short = field.codes is not None and len(field.codes.labels) <= SHORT
        return TickedCodes(field) if short else FoundCodes(field)
    if field.kind is Kind.MEMBER:
        return MemberEditor(field, members)
    return _SIMPLE[field.kind](field)
