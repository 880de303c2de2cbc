"""Fills lines: from shaped runs to lines of at most a given width."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.printing.itemise import Run, itemise
from app.printing.line_breaking import break_positions
from app.printing.spans import Span
from app.printing.typefaces import Direction
from app.printing.typesetter import ShapedRun, Typesetter


@dataclass(frozen=True, slots=True)
class Unit:
    """What stays together on a line, and the spaces after it that vanish at a line's end."""

    runs: tuple[ShapedRun, ...]
    spaces: tuple[ShapedRun, ...] = ()
    ends_line: bool = False

    @property
    def width(self) -> float:
        """Width without the spaces."""
        return sum(run.width for run in self.runs)

    @property
    def gap(self) -> float:
        """Width of the spaces."""
        return sum(run.width for run in self.spaces)


@dataclass(frozen=True, slots=True)
class Line:
    """A set line: its runs in reading order and its width, in 1/1000 of the type size."""

    runs: tuple[ShapedRun, ...]
    width: float


def cut_units(
    typesetter: Typesetter, spans: Sequence[Span], language: str, direction: Direction
) -> Iterator[Unit]:
    """Give the unbreakable parts of a paragraph in reading order; raises MissingGlyphError."""
    text = "".join(span.text for span in spans)
    start = 0
    for end in break_positions(text):
        piece = _slice(spans, start, end)
        ends_line = text[end - 1] == "\n"
        runs = [run for run in itemise(piece, language, direction) if run.text.strip("\n")]
        shaped = [typesetter.shape(replace(run, text=run.text.rstrip("\n"))) for run in runs]
        visible = len(shaped)
        while visible and not shaped[visible - 1].run.text.strip(" "):
            visible -= 1
        yield Unit(tuple(shaped[:visible]), tuple(shaped[visible:]), ends_line)
        start = end


def _slice(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    pieces, offset = [], 0
    for span in spans:
        piece = span.text[max(0, start - offset) : max(0, end - offset)]
        if piece:
            pieces.append(Span(piece, span.bold))
        offset += len(span.text)
    return pieces


def fill_lines(typesetter: Typesetter, units: Sequence[Unit], width: float) -> list[Line]:
    """Give the lines of a paragraph, each as full as it gets within `width` (1/1000 of the type size)."""
    lines: list[Line] = []
    current: list[Unit] = []
    used = 0.0
    for unit in _fitting(typesetter, units, width):
        gap = current[-1].gap if current else 0.0
        if current and used + gap + unit.width > width:
            lines.append(_line(current))
            current, used, gap = [], 0.0, 0.0
        current.append(unit)
        used += gap + unit.width
        if unit.ends_line:
            lines.append(_line(current))
            current, used = [], 0.0
    if current:
        lines.append(_line(current))
    return lines


def _line(units: Sequence[Unit]) -> Line:
    runs = [run for unit in units[:-1] for run in (*unit.runs, *unit.spaces)] + list(units[-1].runs)
    return Line(tuple(runs), sum(run.width for run in runs))


def _fitting(typesetter: Typesetter, units: Sequence[Unit], width: float) -> Iterator[Unit]:
    """Give the units, an over-long one cut into its letters so that nothing leaves the column."""
    for unit in units:
        if unit.width <= width:
            yield unit
            continue
        letters = [_letter(run.run, cluster) for run in unit.runs for cluster in _clusters(run)]
        for letter in letters[:-1]:
            yield Unit((typesetter.shape(letter),))
        yield Unit((typesetter.shape(letters[-1]),), unit.spaces, unit.ends_line)


def _clusters(run: ShapedRun) -> list[str]:
    texts = [glyph.text for glyph in run.glyphs if glyph.text]
    return texts if run.run.direction == "ltr" else texts[::-1]


def _letter(run: Run, text: str) -> Run:
    return replace(run, text=text)
