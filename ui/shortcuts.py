"""The one table of shortcuts: actions take their keys from it, and F1 shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.i18n import N_, _

EVERYWHERE = N_("Everywhere")
CASE_LIST = N_("Case files")
CASE_FILE = N_("Case file")
NEW_CASE = N_("New case file")
DESK = N_("Desk")


@dataclass(frozen=True)
class Shortcut:
    """Keys for one wish; `text` and `group` are catalogue ids."""

    name: str
    keys: str
    text: str
    group: str


SHORTCUTS = (
    Shortcut("help", "F1", N_("Show this table"), EVERYWHERE),
    Shortcut("go_cases", "Alt+1", N_("Go to the case files"), EVERYWHERE),
    Shortcut("go_desk", "Alt+2", N_("Go to the desk"), EVERYWHERE),
    Shortcut("go_members", "Alt+3", N_("Go to the members"), EVERYWHERE),
    Shortcut("go_sync", "Alt+4", N_("Go to the sync page"), EVERYWHERE),
    Shortcut("go_handovers", "Alt+5", N_("Go to the handovers"), EVERYWHERE),
    Shortcut("go_read_log", "Alt+6", N_("Go to the read log"), EVERYWHERE),
    Shortcut("go_orders", "Alt+7", N_("Go to the orders"), EVERYWHERE),
    Shortcut("go_backups", "Alt+8", N_("Go to the backups"), EVERYWHERE),
    Shortcut("back", "Alt+Left", N_("Back to the page before"), EVERYWHERE),
    Shortcut("sync_now", "F9", N_("Sync now"), EVERYWHERE),
    Shortcut("lock", "Ctrl+L", N_("Lock"), EVERYWHERE),
    Shortcut("language", "Ctrl+Shift+L", N_("Switch between German and English"), EVERYWHERE),
    Shortcut("larger", "Ctrl++", N_("Larger text"), EVERYWHERE),
    Shortcut("smaller", "Ctrl+-", N_("Smaller text"), EVERYWHERE),
    Shortcut("normal_size", "Ctrl+0", N_("Text in normal size"), EVERYWHERE),
    Shortcut("quit", "Ctrl+Q", N_("Quit"), EVERYWHERE),
    Shortcut("search", "Ctrl+F", N_("Search case files"), CASE_LIST),
    Shortcut("new_case", "Ctrl+N", N_("New case file"), CASE_LIST),
    Shortcut("open", "Return", N_("Open the chosen case file"), CASE_LIST),
    Shortcut("save", "Ctrl+S", N_("Save"), CASE_FILE),
    Shortcut("papers", "Ctrl+P", N_("Papers"), CASE_FILE),
    Shortcut("add", "Ctrl+Shift+N", N_("New entry in this section"), CASE_FILE),
    Shortcut("next_section", "Ctrl+PgDown", N_("Next section"), CASE_FILE),
    Shortcut("previous_section", "Ctrl+PgUp", N_("Previous section"), CASE_FILE),
    Shortcut("sheet_handed", "F5", N_("The information sheet was handed over"), NEW_CASE),
    Shortcut("sheet_shown", "F6", N_("The information sheet was shown"), NEW_CASE),
    Shortcut("sheet_read", "F7", N_("The information sheet was read out"), NEW_CASE),
    Shortcut("consent_signed", "F8", N_("Consent was given, signed"), NEW_CASE),
    Shortcut("take_first", "Ctrl+1", N_("Take the first value"), DESK),
    Shortcut("take_second", "Ctrl+2", N_("Take the second value"), DESK),
    Shortcut("write_third", "Ctrl+3", N_("Write another value"), DESK),
)
_BY_NAME = {item.name: item for item in SHORTCUTS}


def sequence(name: str) -> QKeySequence:
    """Give the keys of a wish of the table."""
    return QKeySequence(_BY_NAME[name].keys)


def bind(name: str, widget: QWidget, wish: Callable[[], object]) -> QShortcut:
    """Let the keys of `name` call `wish` while the focus is in `widget` or a part of it."""
    made = QShortcut(sequence(name), widget)
    made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.activated.connect(wish)
    return made


def action(name: str, widget: QWidget, wish: Callable[[], object]) -> QAction:
    """Give an action with text and keys of the table that calls `wish`, for a menu of `widget`'s window."""
    made = QAction(_(_BY_NAME[name].text), widget)
    made.setShortcut(sequence(name))
    made.triggered.connect(lambda _checked=False: wish())
    return made
