"""The very PDF that will be printed, kept in memory."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QWidget

from app.i18n import N_
from ui.accessible import named


class PaperPreview(QPdfView):
    """Shows PDF data; nothing of it ever lies in a file."""

    def __init__(self, parent: QWidget) -> None:
        """Begin with no paper."""
        super().__init__(parent)
        named(self, N_("Preview of the paper"))
        self.setPageMode(QPdfView.PageMode.MultiPage)
        self.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.pdf = b""
        # No children of the view: Qt would take them away before the part of it that still draws them.
        self._buffer = QBuffer()
        self._document = QPdfDocument()
        self.setDocument(self._document)

    @property
    def pages(self) -> QPdfDocument:
        """The document that is shown."""
        return self._document

    def show_pdf(self, pdf: bytes) -> None:
        """Show another paper."""
        self.clear()
        self.pdf = pdf
        self._buffer.setData(QByteArray(pdf))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(self._buffer)

    def clear(self) -> None:
        """Let go of the paper: the view must draw nothing any more when it is taken away."""
        self.pdf = b""
        self._document.close()
        self._buffer.close()
