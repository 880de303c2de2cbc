"""Shows a PDF as it will be printed, and prints it by the system's dialog; nothing is written to disk."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app.i18n import N_, _
from ui.accessible import button, named
from ui.sizes import resize_to_text


class PdfDialog(QDialog):
    """A preview that is the PDF itself."""

    def __init__(self, title: str, data: bytes, parent: QWidget | None = None) -> None:
        """Show `data`."""
        super().__init__(parent)
        self.setWindowTitle(title)
        resize_to_text(self, 100, 60)
        self._buffer = QBuffer(self)
        self._buffer.setData(QByteArray(data))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document = QPdfDocument(self)
        self.document.load(self._buffer)
        view = named(QPdfView(self), N_("Preview"))
        view.setDocument(self.document)
        view.setPageMode(QPdfView.PageMode.MultiPage)
        view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        buttons = QDialogButtonBox()
        buttons.addButton(button(N_("Print …"), self._print), QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(button(N_("Close"), self.accept), QDialogButtonBox.ButtonRole.AcceptRole)
        column = QVBoxLayout(self)
        column.addWidget(view)
        column.addWidget(buttons)

    def _print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(_("KIM mobil"))
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            print_document(self.document, printer)


def print_document(document: QPdfDocument, printer: QPrinter) -> None:
    """Print every page of `document` over the whole sheet, at the printer's resolution."""
    printer.setFullPage(True)
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    painter = QPainter(printer)
    for number in range(document.pageCount()):
        if number:
            printer.newPage()
        area = painter.viewport()
        painter.drawImage(QRectF(area), document.render(number, area.size()))
    painter.end()
