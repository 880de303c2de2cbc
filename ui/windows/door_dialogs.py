"""The dialogs behind the doors; imported when the first of them is opened, not before the window stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app import i18n
from app.i18n import _
from ui.dialogs.join import JoinDialog
from ui.dialogs.pdf_dialog import PdfDialog
from ui.dialogs.recover import RecoverDialog
from ui.dialogs.restore import RestoreDialog
from ui.dialogs.set_up import SetUpDialog
from ui.tasks import Lanes

if TYPE_CHECKING:
    from ui.bootstrap import Doors


class DoorDialogs:
    """Makes the dialogs over one set of doors, each a child of `parent`."""

    def __init__(self, doors: Doors, lanes: Lanes, parent: QWidget) -> None:
        """Keep what every dialog is given."""
        self._doors, self._lanes, self._parent = doors, lanes, parent

    def set_up(self) -> SetUpDialog:
        """Set up a district."""
        return SetUpDialog(self._doors, self._lanes, self.print_sheet, self.print_safe_sheet, self._parent)

    def join(self) -> JoinDialog:
        """Join with an invitation."""
        return JoinDialog(self._doors, self._lanes, self.print_sheet, self._parent)

    def recover(self) -> RecoverDialog:
        """Unlock by the recovery key."""
        return RecoverDialog(self._doors, self._lanes, self._parent)

    def restore(self) -> RestoreDialog:
        """Bring a backup back."""
        return RestoreDialog(self._doors, self._lanes, self._parent)

    def print_safe_sheet(self, key: str, district: str, parent: QWidget) -> None:
        """Show the sheet with the offline keeper key, to be printed."""
        language = i18n.language()

        def show(data: bytes) -> None:
            PdfDialog(_("Sheet for the safe"), data, parent).open()

        self._lanes.reading(lambda: self._doors.safe_sheet(key, district, language), show, owner=parent)

    def print_sheet(self, key: str, parent: QWidget) -> None:
        """Show the sheet with a recovery key, to be printed."""
        language = i18n.language()

        def show(data: bytes) -> None:
            PdfDialog(_("Recovery sheet"), data, parent).open()

        self._lanes.reading(lambda: self._doors.recovery_sheet(key, language), show, owner=parent)
