"""The end of a client's paper: place, date, "Signature or mark", witness; never torn apart."""

from typing import Final

from reportlab.platypus import Flowable

from app.printing.form import FormSetter
from app.printing.geometry import GUTTER, TEXT_WIDTH
from app.printing.marks import LINE, WritingLine
from app.printing.text import Paragraph, Role

_HALF: Final = (TEXT_WIDTH - GUTTER) / 2
_WRITING: Final = 27.0
_MARK: Final = 70.0


class SignatureBlock(Flowable):
    """Lines for place, date and witness on the left, a box for the signature or mark on the right."""

    role = Role.FORM_FIELD

    def __init__(self, setter: FormSetter) -> None:
        super().__init__()
        words = setter.edition.words
        self._labels = [setter.plain(words(key), setter.body) for key in ("place", "date", "witness")]
        self._signature = setter.plain(words("signature", "\n"), setter.body, bold=True)
        self._mirrored = setter.mirrored

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        """Give the height of the taller side."""
        for label in (*self._labels, self._signature):
            label.wrap(_HALF, height)
        lines = sum(_WRITING + label.height for label in self._labels)
        self.width = TEXT_WIDTH
        self.height = max(lines, _MARK + 12 + self._signature.height) + 6
        return self.width, self.height

    def draw(self) -> None:
        """Draw the lines, the box and their labels."""
        left, right = (_HALF + GUTTER, 0.0) if self._mirrored else (0.0, _HALF + GUTTER)
        top = self.height
        for label in self._labels:
            top -= _WRITING
            WritingLine(_HALF, 0).drawOn(self.canv, left, top)
            top = self._below(label, left, top)
        bottom = self.height - 12 - _MARK
        self.canv.setStrokeColorRGB(*LINE)
        self.canv.setLineWidth(0.9)
        self.canv.rect(right, bottom, _HALF, _MARK)
        self._below(self._signature, right, bottom)

    def _below(self, label: Paragraph, left: float, top: float) -> float:
        label.drawOn(self.canv, left, top - label.height - 1)
        return top - label.height
