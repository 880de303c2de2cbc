"""The letterhead: who prints, with whose money. German, as on every letter of that employer."""

from io import BytesIO
from typing import Final

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from app.printing.form import GREY
from app.printing.form_texts import BINDING_LANGUAGE, load_form
from app.printing.geometry import TEXT_WIDTH
from app.printing.profile import LetterheadProfile
from app.printing.text import BLACK, Colour, Paragraph, Role, TextStyle
from app.printing.typesetter import Typesetter

LOGO: Final = (44 * mm, 15 * mm)
_FUNDING_WIDTH: Final = 58 * mm
_GAP: Final = 5 * mm
_RULE: Final[Colour] = (0.10, 0.27, 0.42)


class Letterhead(Flowable):
    """The employer's logo, name and address, and the state's funding logo with the funding period."""

    role = Role.ARTIFACT

    def __init__(self, typesetter: Typesetter, profile: LetterheadProfile) -> None:
        super().__init__()
        self._typesetter = typesetter
        self._profile = profile
        self._words = load_form("letterhead", BINDING_LANGUAGE)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Give the height of the taller of its blocks."""
        self._address = self._set(self._address_lines(), TEXT_WIDTH - LOGO[0] - _FUNDING_WIDTH - 2 * _GAP)
        self._funding = self._set(self._funding_lines(), _FUNDING_WIDTH)
        heights = [sum(part.height for part in block) for block in (self._address, self._funding)]
        self.width = TEXT_WIDTH
        self.height = max(LOGO[1], heights[0], LOGO[1] + 3 + heights[1]) + 8
        return self.width, self.height

    def draw(self) -> None:
        """Draw the blocks and the rule below them."""
        right = TEXT_WIDTH - _FUNDING_WIDTH
        self._draw_logo(self._profile.logo, "logo", 0, LOGO[0])
        self._draw_lines(self._address, LOGO[0] + _GAP, self.height)
        self._draw_logo(self._profile.funding_logo, "funding_logo", right, _FUNDING_WIDTH)
        self._draw_lines(self._funding, right, self.height - LOGO[1] - 3)
        self.canv.setStrokeColorRGB(*_RULE)
        self.canv.setLineWidth(1)
        self.canv.line(0, 0, TEXT_WIDTH, 0)

    def _address_lines(self) -> list[Paragraph]:
        profile, words = self._profile, self._words
        lines = [self._line(profile.employer_name or words["gap_employer"], 10.5, bold=True)]
        lines += [self._line(line, 9) for line in profile.address or (words["gap_address"],)]
        if profile.letterhead_release is None:
            lines.append(self._line(words["not_released"], 8, colour=GREY))
        return lines

    def _funding_lines(self) -> list[Paragraph]:
        period = self._profile.funding_period or self._words["gap_period"]
        told = (self._words["funded"], self._words["funding_period"].format(period=period))
        return [self._line(line, 8) for line in told]

    def _line(self, text: str, size: float, *, bold: bool = False, colour: Colour = BLACK) -> Paragraph:
        style = TextStyle(size, size * 1.3, BINDING_LANGUAGE, bold=bold, colour=colour, role=Role.ARTIFACT)
        return Paragraph(self._typesetter, text, style)

    def _set(self, lines: list[Paragraph], width: float) -> list[Paragraph]:
        for line in lines:
            line.wrap(width, 0)
        return lines

    def _draw_lines(self, lines: list[Paragraph], left: float, top: float) -> None:
        for line in lines:
            top -= line.height
            line.drawOn(self.canv, left, top)

    def _draw_logo(self, image: bytes | None, word: str, left: float, width: float) -> None:
        bottom, height = self.height - LOGO[1], LOGO[1]
        if image is not None:
            _draw_image(self.canv, image, (left, bottom, width, height))
            return
        self.canv.setStrokeColorRGB(*GREY)
        self.canv.setLineWidth(0.6)
        self.canv.setDash(2, 2)
        self.canv.rect(left, bottom, width, height)
        self.canv.setDash()
        style = TextStyle(8, 10.4, BINDING_LANGUAGE, colour=GREY, align="center", role=Role.ARTIFACT)
        label = Paragraph(self._typesetter, f"[{self._words[word]}]", style)
        label.wrap(width, height)
        label.drawOn(self.canv, left, bottom + (height - label.height) / 2)


def _draw_image(canvas: Canvas, image: bytes, box: tuple[float, float, float, float]) -> None:
    left, bottom, width, height = box
    picture = ImageReader(BytesIO(image))
    canvas.drawImage(picture, left, bottom, width, height, mask="auto", preserveAspectRatio=True, anchor="w")
