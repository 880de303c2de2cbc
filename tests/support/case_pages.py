"""The page of a case file in a test: opened, its parts found, typed into."""

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.records import Record
from tests.support.screen import settle
from ui.context import ScreenContext
from ui.dialogs.form_dialog import FormDialog
from ui.pages.case_file import CaseFilePage
from ui.pages.case_sections.banner_list import Matter
from ui.pages.case_sections.entries import EntriesSection
from ui.pages.case_sections.overview import OverviewSection


def open_page(qtbot: QtBot, screen: ScreenContext, record: Record) -> CaseFilePage:
    assert record.id is not None
    page = CaseFilePage(screen, record.id)
    qtbot.addWidget(page)
    page.resize(1200, 680)
    page.show()
    settle(screen.lanes)
    page.take_focus()
    return page


def overview(page: CaseFilePage) -> OverviewSection:
    section = page.sections[0]
    assert isinstance(section, OverviewSection)
    return section


def entries(page: CaseFilePage, name: str) -> EntriesSection:
    found = [
        item for item in page.sections if isinstance(item, EntriesSection) and item.record_type.name == name
    ]
    page.go_to(page.sections.index(found[0]))
    return found[0]


def type_text(section: OverviewSection | EntriesSection, name: str, text: str) -> None:
    line = section.editor.form.editor(name).input
    assert isinstance(line, QLineEdit)
    line.clear()
    QTest.keyClicks(line, text)


def matters(page: CaseFilePage) -> list[Matter]:
    return [banner.matter for banner in page.banners.shown]


def form_dialog(page: CaseFilePage) -> FormDialog:
    return next(item for item in page.findChildren(FormDialog) if item.isVisible())
