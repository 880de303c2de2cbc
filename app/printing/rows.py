"""Rows of a form: the same paragraph in each language, side by side, and what stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from app.printing.geometry import Columns
from app.printing.text import Colour, Paragraph, Role, first_baseline

_MOVED_WHOLE: Final = 120.0  # a row of this height or less is not torn apart at a page break
HAIRLINE: Final[Colour] = (0.72, 0.72, 0.72)


@dataclass(frozen=True, slots=True)
class RowLook:
    """The room around a row and what lies behind it, in points."""

    above: float = 0.0
    below: float = 5.0
    indent: float = 0.0
    tint: Colour | None = None
    divider: bool = True
    inset: float = 0.0


class PairRow(Flowable):
    """A paragraph in one or two languages, side by side; splits between pages when it is long."""

    def __init__(
        self,
        cells: Sequence[Paragraph | None],
        columns: Columns,
        look: RowLook,
        marks: Sequence[Flowable | None] = (),
        role: Role = Role.TABLE_ROW,
    ) -> None:
        super().__init__()
        self.role = role
        self._cells = tuple(cells)
        self._columns = columns
        self._look = look
        self._marks = tuple(marks)

    @property
    def cell_width(self) -> float:
        """Width that a paragraph of this row has."""
        return self._columns.column_width - self._look.indent - 2 * self._look.inset

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        """Give the height of the longer text with the room around it."""
        tallest = max(cell.wrap(self.cell_width, height)[1] for cell in self._cells if cell)
        self.width = self._columns.width
        self.height = tallest + self._look.above + self._look.below
        return self.width, self.height

    def split(self, _width: float, height: float) -> list[Flowable]:
        """Give the row in two parts; none where it is short or too few lines would stand alone."""
        if self.height <= _MOVED_WHOLE:
            return []
        room = height - self._look.above - self._look.below
        parts = [cell.divide(self.cell_width, room) if cell else (None, None) for cell in self._cells]
        divided = [part for part in parts if part is not None]
        if len(divided) < len(parts) or not any(second for _, second in divided):
            return []
        first = self._with([part for part, _ in divided], self._marks)
        second = self._with([part for _, part in divided], ())
        return [first, second]

    def _with(self, cells: Sequence[Paragraph | None], marks: Sequence[Flowable | None]) -> "PairRow":
        return PairRow(cells, self._columns, self._look, marks, self.role)

    def draw(self) -> None:
        """Draw background, texts and marks."""
        self._draw_background(self.canv)
        top = self.height - self._look.above
        for index, cell in enumerate(self._cells):
            left = self._columns.left(index) + self._look.inset
            if cell:
                start = left + (0 if self._columns.mirrored else self._look.indent)
                cell.drawOn(self.canv, start, top - cell.height)
                self._draw_mark(index, left, top - first_baseline(cell.style))

    def _draw_background(self, canvas: Canvas) -> None:
        look, middle = self._look, self._columns.middle
        if look.tint:
            canvas.setFillColorRGB(*look.tint)
            canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        if look.divider and middle is not None:
            canvas.setStrokeColorRGB(*HAIRLINE)
            canvas.setLineWidth(0.5)
            canvas.line(middle, 0, middle, self.height)

    def _draw_mark(self, index: int, left: float, baseline: float) -> None:
        mark = self._marks[index] if index < len(self._marks) else None
        if mark is None:
            return
        width, height = mark.wrap(self._look.indent, self.height)
        at = left + self._columns.column_width - width if self._columns.mirrored else left
        below = height - first_baseline(mark.style) if isinstance(mark, Paragraph) else 1.2
        mark.drawOn(self.canv, at, baseline - below)


class AsideRow(Flowable):
    """A row with a narrow column at its end, for the answer; never split."""

    def __init__(
        self, row: Flowable, aside: Sequence[Flowable], aside_left: float, *, ruled: bool = True
    ) -> None:
        super().__init__()
        self.role = Role.TABLE_ROW
        self._row = row
        self._aside = tuple(aside)
        self._aside_left = aside_left
        self._ruled = ruled

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Give the height of the text or of the answers, whichever needs more."""
        _, text_height = self._row.wrap(self._aside_left, height)
        self._heights = [part.wrap(width - self._aside_left, height)[1] for part in self._aside]
        self.width = width
        self.height = max(text_height, sum(self._heights)) + 10
        return self.width, self.height

    def draw(self) -> None:
        """Draw the text, the answers beside it and the rule below."""
        self._row.drawOn(self.canv, 0, self.height - 5 - self._row.height)
        top = self.height - 5
        for part, height in zip(self._aside, self._heights, strict=True):
            top -= height
            part.drawOn(self.canv, self._aside_left, top)
        if self._ruled:
            self.canv.setStrokeColorRGB(*HAIRLINE)
            self.canv.setLineWidth(0.5)
            self.canv.line(0, 0, self.width, 0)
