"""The pages of a paper: frames, column names on later pages, foot with page x of y, the specimen mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageTemplate

from app.printing.dates import printed_date
from app.printing.form import GREY, SMALL, FormSetter
from app.printing.geometry import BOTTOM, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, TEXT_WIDTH, TOP_FIRST, TOP_LATER
from app.printing.page_canvas import PageCanvas
from app.printing.rows import HAIRLINE
from app.printing.text import Align, Colour, Paragraph

_MARK_COLOUR: Final[Colour] = (0.30, 0.30, 0.30)
_MARK_OPACITY: Final = 0.13  # over the text, which must stay legible
_MARK_SIZE: Final = (84.0, 100.0)
_PRODUCER: Final = "KIM mobil"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a paper is beside its paragraphs. `code`: the form code in clear, printed at the foot."""

    setter: FormSetter
    code: str
    today: date
    specimen: bool = False

    def render(self, story: Sequence[Flowable]) -> bytes:
        """Give the paper as PDF; the same bytes for the same content and day."""
        title = " / ".join(dict.fromkeys(side.text["title"] for side in self.setter.edition.sides))
        target = BytesIO()
        document = BaseDocTemplate(
            target,
            pagesize=A4,
            title=title,
            author=_PRODUCER,
            creator=_PRODUCER,
            subject=self.setter.edition.german.text.form,
            lang=self.setter.edition.client.text.language.split("_")[0],
            invariant=1,
            pageCompression=1,
        )
        document.addPageTemplates([self._template("first", TOP_FIRST), self._template("later", TOP_LATER)])
        document.build([NextPageTemplate("later"), *story], canvasmaker=self._canvas)
        return target.getvalue()

    def _canvas(self, *arguments: object, **options: object) -> PageCanvas:
        canvas = PageCanvas(*arguments, finish_page=self._finish_page, **options)
        canvas.setDateFormatter(lambda *_: f"D:{self.today:%Y%m%d}000000Z")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        return canvas

    def _template(self, name: str, top: float) -> PageTemplate:
        frame = Frame(MARGIN, BOTTOM, TEXT_WIDTH, PAGE_HEIGHT - top - BOTTOM, 0, 0, 0, 0)
        return PageTemplate(name, [frame], onPage=self._begin_page)

    def _begin_page(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        if document.page > 1 and self.setter.edition.bilingual:
            names = self.setter.column_names()
            names.wrap(TEXT_WIDTH, PAGE_HEIGHT)
            names.drawOn(canvas, MARGIN, PAGE_HEIGHT - TOP_LATER + 4)
            _draw_rule(canvas, PAGE_HEIGHT - TOP_LATER + 4)

    def _draw_specimen_mark(self, canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT / 2)
        canvas.rotate(52)
        canvas.setFillAlpha(_MARK_OPACITY)
        names = dict.fromkeys(side.word("specimen") for side in self.setter.edition.sides)
        for line, name in enumerate(names):
            mark = self.setter.plain(name, _MARK_SIZE, bold=True, colour=_MARK_COLOUR, align="center")
            mark.wrap(PAGE_HEIGHT, PAGE_HEIGHT)
            mark.drawOn(canvas, -PAGE_HEIGHT / 2, (len(names) / 2 - line - 1) * _MARK_SIZE[1])
        canvas.restoreState()

    def _finish_page(self, canvas: Canvas, page: int, pages: int) -> None:
        if self.specimen:
            self._draw_specimen_mark(canvas)
        top = BOTTOM - 8
        _draw_rule(canvas, top)
        for note in self._notes():
            top = self._draw_small(canvas, note, top, "start")
        sides = self.setter.edition.sides
        versions = (
            side.word("version", version=side.text.version, date=printed_date(side.text.stand))
            for side in sides
        )
        numbers = (side.word("page", page=page, pages=pages) for side in sides)
        self._draw_small(canvas, self.code, top, "start", bold=True)
        self._draw_small(canvas, " / ".join(dict.fromkeys(numbers)), top, "end")
        self._draw_small(canvas, " / ".join(dict.fromkeys(versions)), top - SMALL[1], "start")

    def _notes(self) -> list[str]:
        edition = self.setter.edition
        keys = []
        if edition.bilingual and edition.client.text.review is None:
            keys.append("draft_translation")
        if edition.german.text.review is None:
            keys.append("draft_german")
        return [edition.words(key) for key in keys]

    def _draw_small(
        self, canvas: Canvas, text: str, top: float, align: Align, *, bold: bool = False
    ) -> float:
        line: Paragraph = self.setter.plain(text, SMALL, bold=bold, colour=GREY, align=align)
        _, height = line.wrap(TEXT_WIDTH, BOTTOM)
        line.drawOn(canvas, MARGIN, top - height)
        return top - height


def _draw_rule(canvas: Canvas, height: float) -> None:
    canvas.setStrokeColorRGB(*HAIRLINE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, height, MARGIN + TEXT_WIDTH, height)
