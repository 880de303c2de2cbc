"""Shows a PDF as it will be printed, and prints it by the system's dialog; nothing is written to disk."""

from __future__ import annotations

from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.i18n import N_, _
from ui.accessible import button
from ui.dialogs.button_row import button_row
from ui.dialogs.paper_output import a4_printer, print_pages
from ui.dialogs.paper_preview import PaperPreview
from ui.notice import Notice
from ui.sizes import resize_to_text


class PdfDialog(QDialog):
    """A preview that is the PDF itself."""

    def __init__(self, title: str, data: bytes, parent: QWidget | None = None) -> None:
        """Show `data`."""
        super().__init__(parent)
        self.setWindowTitle(title)
        resize_to_text(self, 100, 60)
        self.preview = PaperPreview(self)
        self.preview.show_pdf(data)
        self.notice = Notice()
        printing = button(N_("Print …"), self._print)
        buttons = button_row(printing, away=button(N_("Close"), self.reject), enter=printing)
        column = QVBoxLayout(self)
        column.addWidget(self.preview, 1)
        column.addWidget(self.notice)
        column.addWidget(buttons)

    def _print(self) -> None:
        printer = a4_printer()
        dialog = QPrintDialog(printer, self)

        def accepted() -> None:
            if print_pages(self.preview.pages, printer) == 0:
                self.notice.say(_("The printer took nothing. The paper is still here."), "conflict")

        dialog.accepted.connect(accepted)
        QDialog.open(dialog)
