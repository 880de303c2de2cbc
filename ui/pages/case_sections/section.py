"""What a case file's page asks of each of its sections."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.pages.case_sections.case_data import CaseData


class Section(QWidget):
    """A part of a case file's page; what nothing is said about does nothing."""

    decide_requested = Signal(object, str)
    """Record id and register whose values are to be compared."""

    @property
    def title(self) -> str:
        """The heading in the list of sections."""
        raise NotImplementedError

    def show_case(self, data: CaseData) -> None:
        """Show the case file, or take in what moved."""
        raise NotImplementedError

    def save(self) -> None:
        """Make a change of what was typed."""

    def leave(self) -> None:
        """Make a change of what was typed, or keep it as a draft when it cannot be saved."""

    def finish(self) -> None:
        """Make a change of what was typed although the page goes."""

    def keep_drafts(self) -> None:
        """Keep what was typed as drafts."""

    def begin_entry(self) -> None:
        """Begin a new entry."""

    def take_focus(self) -> None:
        """Put the focus where work begins."""
        self.setFocus()
