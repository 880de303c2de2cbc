"""The paragraph of every paper: text of any language, set in lines, split between pages, drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from app.printing.lines import Line, cut_units, fill_lines
from app.printing.page_canvas import write_operators
from app.printing.spans import Span
from app.printing.typefaces import Direction, Typeface, face_for
from app.printing.typesetter import ShapedRun, Typesetter

Colour = tuple[float, float, float]
Align = Literal["start", "center", "end"]

BLACK: Colour = (0.0, 0.0, 0.0)
_FEWEST_LINES = 2  # that may stand alone before or after a page break


class Role(Enum):
    """What a flowable is in the structure of the document (PDF 32000-1, 14.8.4)."""

    TITLE = "H1"
    HEADING = "H2"
    PARAGRAPH = "P"
    LIST_ITEM = "LI"
    TABLE_ROW = "TR"
    FORM_FIELD = "Form"
    FIGURE = "Figure"
    ARTIFACT = "Artifact"


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a paragraph looks; `size` and `leading` (line to line) in points."""

    size: float
    leading: float
    language: str
    direction: Direction = "ltr"
    bold: bool = False
    colour: Colour = BLACK
    align: Align = "start"
    role: Role = Role.PARAGRAPH


class Paragraph(Flowable):
    """Text in one style that fills the width it is given. Raises MissingGlyphError when made."""

    def __init__(self, typesetter: Typesetter, content: str | Sequence[Span], style: TextStyle) -> None:
        super().__init__()
        spans = (Span(content),) if isinstance(content, str) else tuple(content)
        if style.bold:
            spans = tuple(Span(span.text, bold=True) for span in spans)
        self.style = style
        self.role = style.role
        self._typesetter = typesetter
        self._units = list(cut_units(typesetter, spans, style.language, style.direction))
        self._lines: list[Line] = []
        self._set_width: float | None = None

    @classmethod
    def _of_lines(cls, source: "Paragraph", lines: list[Line], width: float) -> "Paragraph":
        part = cls(source._typesetter, (), source.style)
        part._lines, part._set_width = lines, width
        return part

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Set the lines for a width and give the room they take, in points."""
        if self._set_width != width:
            self._lines = fill_lines(self._typesetter, self._units, width * 1000 / self.style.size)
            self._set_width = width
        self.width, self.height = width, len(self._lines) * self.style.leading
        return self.width, self.height

    @property
    def text_width(self) -> float:
        """Width of the longest line as set, in points."""
        return max((line.width for line in self._lines), default=0.0) * self.style.size / 1000

    def divide(self, width: float, height: float) -> tuple["Paragraph", "Paragraph | None"] | None:
        """Give what fits into `height` and the rest; None when too few lines would stand alone."""
        self.wrap(width, height)
        fitting = int((height + 0.01) // self.style.leading)
        rest = len(self._lines) - fitting
        if rest <= 0:
            return self, None
        if rest < _FEWEST_LINES:
            fitting -= _FEWEST_LINES - rest
        if fitting < _FEWEST_LINES:
            return None
        first, second = self._lines[:fitting], self._lines[fitting:]
        return self._of_lines(self, first, width), self._of_lines(self, second, width)

    def split(self, width: float, height: float) -> list[Flowable]:
        """Give the two parts of a paragraph at a page break, none when it should move as a whole."""
        parts = self.divide(width, height)
        return [part for part in parts if part is not None] if parts else []

    def draw(self) -> None:
        """Draw the lines from the top of the flowable's box."""
        style = self.style
        baseline = self.height - first_baseline(style)
        for line in self._lines:
            draw_line(self.canv, self._typesetter, line, style, (self._start(line), baseline))
            baseline -= style.leading

    def _start(self, line: Line) -> float:
        spare = self.width - line.width * self.style.size / 1000
        if self.style.align == "center":
            return spare / 2
        return spare if (self.style.align == "end") == (self.style.direction == "ltr") else 0.0


def first_baseline(style: TextStyle) -> float:
    """Give the distance from the top of a paragraph to its first baseline, in points."""
    face = face_for("Latn")
    ascent, descent = (length * style.size / 1000 for length in (face.ascent, face.descent))
    return (style.leading - ascent - descent) / 2 + ascent


def draw_line(
    canvas: Canvas, typesetter: Typesetter, line: Line, style: TextStyle, at: tuple[float, float]
) -> None:
    """Draw a set line with its baseline beginning at `at` (points)."""
    red, green, blue = style.colour
    code = [f"q {red:.3f} {green:.3f} {blue:.3f} rg BT 1 0 0 1 {at[0]:.3f} {at[1]:.3f} Tm"]
    face: Typeface | None = None
    for run in line.runs:
        if run.face is not face:
            face = run.face
            code.append(f"/{typesetter.font(face, canvas).resource} {style.size:g} Tf")
        code += _show(canvas, typesetter, run, style.size)
    write_operators(canvas, " ".join([*code, "ET Q"]))


def _show(canvas: Canvas, typesetter: Typesetter, run: ShapedRun, size: float) -> list[str]:
    """Give the operators that show a run: glyph codes, and moves where shaping left the font's widths."""
    font = typesetter.font(run.face, canvas)
    code: list[str] = []
    shown: list[str] = []
    rise = move = 0.0
    for glyph in run.glyphs:
        if abs(glyph.up - rise) > 0.01:
            code += [f"[{''.join(shown)}] TJ", f"{glyph.up * size / 1000:.3f} Ts"]
            shown, rise = [], glyph.up
        move += glyph.right
        if abs(move) > 0.01:
            shown.append(f"{-move:.2f}")
        shown.append(f"<{font.code(glyph):04X}>")
        move = glyph.advance - run.face.advance(glyph.index) - glyph.right
    if abs(move) > 0.01:
        shown.append(f"{-move:.2f}")
    code.append(f"[{''.join(shown)}] TJ")
    return [*code, "0 Ts"] if rise else code
