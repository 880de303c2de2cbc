"""A person at a computer: unlocks the program by typing, works in its windows, and closes it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QTableView

from app import log
from app.domain.declarations import REGISTRY
from app.i18n import _
from tests.demo.hand import Hand, NothingHappenedError, find, until
from tests.support.invented.district import Laptop
from ui.application import Program
from ui.bootstrap import doors
from ui.dialogs.last_round import LastRoundDialog
from ui.pages.case_file import CaseFilePage
from ui.pages.case_list import CaseListPage
from ui.pages.page import Page
from ui.widgets.field_editor import NAME
from ui.windows.unlock_panel import UnlockPanel
from ui.work import Work

P = TypeVar("P", bound=Page)


class Person(Hand):
    """Works in an unlocked program; `at_work` gives one."""

    def __init__(self, program: Program) -> None:
        """Take the keyboard of a computer on which the program runs."""
        self._program = program

    @property
    def work(self) -> Work:
        """The unlocked program."""
        if self._program.work is None:
            raise NothingHappenedError("the program is locked")
        return self._program.work

    def page(self, kind: type[P]) -> P:
        """Give the page that is shown, once it is of this kind."""
        until(lambda: isinstance(self.work.window.frame.page, kind), kind.__name__)
        found = self.work.window.frame.page
        if not isinstance(found, kind):
            raise NothingHappenedError(f"another page than {kind.__name__}")
        return found

    def synchronise(self, *, reached: bool = True) -> None:
        """Press F9 and wait until the round is over; `reached`: whether the relay should answer."""
        until(lambda: not self.work.rounds.running, "the round before")
        ended: list[object] = []
        self.work.rounds.ended.connect(ended.append)
        self.press("F9")
        until(lambda: ended, "the end of the round")
        if (ended[0] is not None) is not reached:
            raise NothingHappenedError(f"the round ended otherwise: {self.work.rounds.last_error}")
        if reached:
            until(lambda: not self.work.window.state_line.waiting, "all of it to have left")

    def find_case(self, typed: str) -> CaseFilePage:
        """Search as one types and open the first case file that is found."""
        self.press("Alt+1")
        page = self.page(CaseListPage)
        until(lambda: page.findChild(QTableView), "the list")
        self.press("Ctrl+F")
        self.type(typed)
        until(lambda: page.model.typed == typed and page.model.rowCount() == 1, f"one case file with {typed}")
        self.press("Return")
        return self.opened_case()

    def opened_case(self) -> CaseFilePage:
        """Wait until a case file is shown."""
        page = self.page(CaseFilePage)
        until(lambda: page.data is not None, "the case file")
        return page

    def write_concern(self, text: str) -> None:
        """Write the concern of the case file that is shown anew, and save it."""
        page = self.opened_case()
        self.tab_to(field_name("CaseFile", "concern"))
        self.press("Ctrl+A")
        self.type(text)
        self.press("Ctrl+S")
        until(lambda: page.data is not None and page.data.record.text("concern") == text, "the save")


@contextmanager
def at_work(application: QApplication, laptop: Laptop) -> Iterator[Person]:
    """Start the program on somebody's computer, unlock it by typing, and quit it at the end."""
    os.environ["KIM_MOBIL_HOME"] = str(laptop.home)
    log.start()
    program = Program(application, doors)
    program.guard.install()
    program.start()
    person = Person(program)
    until(
        lambda: program.door is not None and find(UnlockPanel) is not None, "the question for the passphrase"
    )
    person.type(laptop.person.passphrase)
    person.press("Return")
    until(lambda: program.work is not None, "the main window")
    # What a window manager does at the person's wish.
    person.work.window.setGeometry(QGuiApplication.primaryScreen().availableGeometry())
    until(lambda: person.page(CaseListPage).model.rowCount() >= 0, "the list")
    yield person
    person.press("Ctrl+Q")
    until(lambda: program.ended or find_last_round() is not None, "the end of the program")
    if not program.ended:
        person.tab_to(_("Quit now"))
        person.press("Space")
    until(lambda: program.ended, "the end of the program")


def find_last_round() -> LastRoundDialog | None:
    """Give the question whether to synchronise before quitting, when it is asked."""
    asked = (item for item in QApplication.topLevelWidgets() if isinstance(item, LastRoundDialog))
    return next((item for item in asked if item.isVisible()), None)


def field_name(record_type: str, name: str) -> str:
    """Give what the screen reader says of a field."""
    declared = REGISTRY[record_type]
    return _(NAME).format(record=_(declared.label), field=_(declared.fields[name].label))
