"""The measures of a paper, in points: A4, its margins, its columns."""

from dataclasses import dataclass
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

PAGE_WIDTH: Final[float] = A4[0]
PAGE_HEIGHT: Final[float] = A4[1]
MARGIN: Final[float] = 16 * mm
TOP_FIRST: Final[float] = 12 * mm
TOP_LATER: Final[float] = 18 * mm
BOTTOM: Final[float] = 21 * mm
TEXT_WIDTH: Final[float] = PAGE_WIDTH - 2 * MARGIN
GUTTER: Final[float] = 7 * mm
ASIDE: Final[float] = 28 * mm


@dataclass(frozen=True, slots=True)
class Columns:
    """One or two columns side by side within `width`; `mirrored` puts the first one on the right."""

    count: int
    width: float = TEXT_WIDTH
    mirrored: bool = False

    @property
    def column_width(self) -> float:
        """Width of one column."""
        return (self.width - (self.count - 1) * GUTTER) / self.count

    def left(self, index: int) -> float:
        """Give the left edge of a column, counted in reading order."""
        place = self.count - 1 - index if self.mirrored else index
        return place * (self.column_width + GUTTER)

    @property
    def middle(self) -> float | None:
        """Place of the line between two columns."""
        return self.column_width + GUTTER / 2 if self.count == 2 else None
