"""The page that everything is drawn on. The only place that reaches behind reportlab's public face.

reportlab's own text needs its own fonts; the text of the papers is shaped here, so its
operators and fonts are put into the page and the document directly.
"""

from collections.abc import Callable
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObject
from reportlab.pdfgen.canvas import Canvas

DrawOnPage = Callable[[Canvas, int, int], None]
"""Draws what a finished page needs, told its number and how many there are."""


class PageCanvas(Canvas):
    """A canvas that keeps its pages until their number is known, and names no font of the viewer's."""

    def __init__(self, *arguments: Any, finish_page: DrawOnPage, **options: Any) -> None:
        self._finish_page = finish_page
        self._kept: list[dict[str, Any]] = []
        super().__init__(*arguments, **options)

    def _make_preamble(self) -> None:
        # The usual preamble selects Helvetica, which then stands in the file without being embedded.
        self._preamble = "1 0 0 1 0 0 cm"

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Keep the page and begin the next."""
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # reportlab's stubs leave out what is not public

    def save(self) -> None:
        """Finish every page and write the document."""
        for number, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            self._finish_page(self, number, len(self._kept))
            super().showPage()
        super().save()


def write_operators(canvas: Canvas, operators: str) -> None:
    """Add operators to the page's content."""
    canvas._code.append(operators)  # type: ignore[attr-defined]  # not in reportlab's stubs


def document_of(canvas: Canvas) -> PDFDocument:
    """Give the document that a canvas draws into."""
    document: PDFDocument = canvas._doc  # type: ignore[attr-defined]  # not in reportlab's stubs
    return document


def add_object(document: PDFDocument, thing: PDFObject, key: str) -> Any:
    """Add an object to the document and give the reference to it."""
    return document.Reference(thing, key)  # type: ignore[no-untyped-call]  # untyped in reportlab's stubs


def add_font(document: PDFDocument, resource: str, reference: Any) -> None:
    """Make a font known to every page under a resource name."""
    fonts: Any = document.idToObject["BasicFonts"]
    fonts.dict[resource] = reference
