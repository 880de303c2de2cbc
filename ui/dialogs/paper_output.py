"""Printing pages as they are seen in the preview."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter

HIGHEST_DPI = 600
"""A page of A4 at 600 dots an inch takes 140 MB; more shows no difference on paper."""
POINTS_AN_INCH = 72


def a4_printer() -> QPrinter:
    """Give the system's printer set to whole A4 pages."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    # Names of print jobs are seen by others at the printer.
    printer.setDocName("KIM")
    return printer


def print_pages(pages: QPdfDocument, printer: QPrinter) -> int:
    """Draw the chosen pages on a printer at its own resolution; gives how many."""
    wanted = _wanted(pages.pageCount(), printer)
    dpi = min(printer.resolution(), HIGHEST_DPI)
    paper = QRectF(printer.paperRect(QPrinter.Unit.DevicePixel))
    painter = QPainter()
    if not painter.begin(printer):
        return 0
    for place, page in enumerate(wanted):
        if place:
            printer.newPage()
        points = pages.pagePointSize(page)
        size = QSize(*(round(side * dpi / POINTS_AN_INCH) for side in (points.width(), points.height())))
        painter.drawImage(paper, pages.render(page, size))
    painter.end()
    return len(wanted)


def _wanted(count: int, printer: QPrinter) -> list[int]:
    first, last = printer.fromPage() or 1, printer.toPage() or count
    once = list(range(first - 1, min(last, count)))
    return once * (1 if printer.supportsMultipleCopies() else max(1, printer.copyCount()))
