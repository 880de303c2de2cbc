"""The keys of a case file's page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from app.services.first_talk import AGREED, SHEET
from ui.shortcuts import bind

if TYPE_CHECKING:
    from ui.pages.case_file import CaseFilePage

NUMBERED = 9


def bind_keys(page: CaseFilePage) -> None:
    """Let the keys of the table, and Ctrl with the number of a section, work on the page."""
    bind("save", page, lambda: page.section.save())  # noqa: PLW0108 - the section is another one by then
    bind("add", page, lambda: page.section.begin_entry())  # noqa: PLW0108 - as above
    bind("papers", page, page.open_papers)
    bind("next_section", page, partial(page.go_by, 1))
    bind("previous_section", page, partial(page.go_by, -1))
    for form, name in (("handed", "sheet_handed"), ("shown", "sheet_shown"), ("read_out", "sheet_read")):
        bind(name, page, partial(page.note_given, SHEET, form))
    bind("consent_signed", page, partial(page.note_given, AGREED, "signed"))
    for place in range(min(NUMBERED, len(page.sections))):
        shortcut = QShortcut(QKeySequence(f"Ctrl+{place + 1}"), page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(partial(page.go_to, place))
