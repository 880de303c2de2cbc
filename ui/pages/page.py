"""What the main window asks of every page."""

from PySide6.QtWidgets import QWidget

from ui.context import Changes


class Page(QWidget):
    """A page of the main window. It is built anew when the language changes and after each unlock."""

    def keep_drafts(self) -> None:
        """Put what was typed and not saved into the database lane as drafts: a lock or a rebuild follows."""

    def leave(self) -> None:
        """Finish what was typed: another page follows, by the person's own wish."""
        self.keep_drafts()

    def place(self) -> str:
        """Name where the person is in this page (a section, a row), so that a rebuilt page returns there."""
        return ""

    def return_to(self, place: str) -> None:
        """Go to what `place` had named; an unknown place changes nothing."""

    def take_focus(self) -> None:
        """Put the keyboard's focus where work goes on."""
        self.setFocus()

    def refresh(self) -> None:
        """Read anew what the page shows."""

    def follow(self, changes: Changes) -> None:
        """Read anew whenever records changed, for as long as the page is there."""
        # Qt lets go of a method with its page; what is no method of the page it would call for ever.
        changes.records_changed.connect(self._on_any_change)

    def _on_any_change(self, _moved: object) -> None:
        self.refresh()
