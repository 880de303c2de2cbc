"""Boxes to tick and lines to write on, as vectors that every viewer draws alike."""

from reportlab.platypus import Flowable

from app.printing.text import Colour, Role

LINE: Colour = (0.25, 0.25, 0.25)


class Box(Flowable):
    """A square to tick; with a cross where the answer is known already."""

    role = Role.FORM_FIELD

    def __init__(self, size: float, *, ticked: bool = False) -> None:
        super().__init__()
        self.width = self.height = size
        self._ticked = ticked

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Give the box's own size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the square and its cross."""
        canvas, size = self.canv, self.width
        canvas.setStrokeColorRGB(*LINE)
        canvas.setLineWidth(0.9)
        canvas.rect(0, 0, size, size)
        if self._ticked:
            canvas.setLineWidth(1.6)
            canvas.line(2, 2, size - 2, size - 2)
            canvas.line(2, size - 2, size - 2, 2)


class WritingLine(Flowable):
    """A line to write on, with the room above it."""

    role = Role.FORM_FIELD

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Give the room that writing needs."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the line at the bottom."""
        self.canv.setStrokeColorRGB(*LINE)
        self.canv.setLineWidth(0.7)
        self.canv.line(0, 0, self.width, 0)
