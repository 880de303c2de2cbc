"""Sheets with a printed key: the recovery key of a device, and the keeper key for the district's safe."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from reportlab.platypus import Flowable

from app.printing.dates import printed_date
from app.printing.edition import open_edition
from app.printing.form import PALE, FormSetter
from app.printing.form_code import text_code
from app.printing.geometry import TEXT_WIDTH, Columns
from app.printing.rows import PairRow, RowLook
from app.printing.sheet import Sheet
from app.printing.text import Paragraph

RECOVERY: Final = "recovery"
KEEPER: Final = "keeper"
_GROUPS_A_ROW: Final = 4
_KEY: Final = (21.0, 27.0)
_NUMBER: Final = (9.0, 12.0)


def key_sheet(
    form: str, key_groups: Sequence[str], language: str, facts: Mapping[str, str], today: date
) -> bytes:
    """Give a sheet as PDF; the key is held in no cache that outlives the call.

    `form`: RECOVERY or KEEPER; `facts`: what stands at its head, by the keys of the form. It is for the
    district's own people and stands in one language, so that it is one page.
    """
    edition = open_edition(form, language, {}, alone=True)
    setter = FormSetter(edition)
    story: list[Flowable] = [*setter.title(), _facts(setter, facts, today)]
    warning, key, *rest = edition.parts(frozenset())
    story += [setter.text(warning.key), setter.heading(key.key), KeyBox(setter, key_groups)]
    story += setter.paragraphs(rest)
    return Sheet(setter, "|".join(text_code(edition.client.text)), today).render(story)


def _facts(setter: FormSetter, facts: Mapping[str, str], today: date) -> Flowable:
    told = {**facts, "printed": printed_date(today)}
    labelled = [f"{setter.edition.client.text[key]}:  {value}" for key, value in told.items()]
    cell = setter.plain("\n".join(labelled), setter.body, bold=True)
    return PairRow([cell], Columns(1), RowLook(below=6, divider=False))


class KeyBox(Flowable):
    """The key in numbered groups, large enough to type from; never split."""

    def __init__(self, setter: FormSetter, groups: Sequence[str]) -> None:
        super().__init__()
        self._groups: list[tuple[Paragraph, Paragraph]] = [
            (
                setter.plain(str(number), _NUMBER, align="center"),
                setter.plain(group, _KEY, bold=True, align="center"),
            )
            for number, group in enumerate(groups, start=1)
        ]

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Give the height of all rows of groups."""
        self._cell = (TEXT_WIDTH / _GROUPS_A_ROW, _KEY[1] + _NUMBER[1] + 12)
        rows = -(-len(self._groups) // _GROUPS_A_ROW)
        self.width, self.height = TEXT_WIDTH, rows * self._cell[1] + 8
        return self.width, self.height

    def draw(self) -> None:
        """Draw each group on its own ground with its number above."""
        width, height = self._cell
        for place, (number, group) in enumerate(self._groups):
            row, column = divmod(place, _GROUPS_A_ROW)
            left, top = column * width, self.height - row * height
            self.canv.setFillColorRGB(*PALE)
            self.canv.roundRect(left + 2, top - height + 4, width - 4, height - 4, 4, stroke=0, fill=1)
            for part, below in ((number, 3), (group, _NUMBER[1] + 6)):
                part.wrap(width, height)
                part.drawOn(self.canv, left, top - below - part.height)
