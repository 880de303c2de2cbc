"""Sets the paragraphs of a form: titles, headings, lists, boxes, answers, in one or two languages."""

from collections.abc import Iterator, Sequence
from typing import Final

from reportlab.platypus import Flowable

from app.printing.edition import Edition, Side
from app.printing.form_texts import Part
from app.printing.geometry import ASIDE, GUTTER, TEXT_WIDTH, Columns
from app.printing.marks import Box, WritingLine
from app.printing.rows import AsideRow, PairRow, RowLook
from app.printing.spans import Span
from app.printing.text import BLACK, Align, Colour, Paragraph, Role, TextStyle
from app.printing.typesetter import Typesetter

ACCENT: Final[Colour] = (0.10, 0.27, 0.42)
GREY: Final[Colour] = (0.35, 0.35, 0.35)
PALE: Final[Colour] = (0.925, 0.945, 0.965)
BODY: Final = (10.5, 13.7)
BODY_ALONE: Final = (11.0, 15.0)
TITLE: Final = (18.0, 23.0)
HEADING: Final = (12.5, 16.5)
FIRST: Final = (12.0, 16.0)
SMALL: Final = (8.0, 10.0)
LIST_INDENT: Final = 13.0
BOX_INDENT: Final = 19.0
NUMBER_INDENT: Final = 22.0


class FormSetter:
    """Makes the flowables of one paper; every method gives one row in the paper's languages."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.typesetter = Typesetter(edition.german.text.form)
        self.mirrored = edition.client.text.direction == "rtl"
        self.columns = Columns(len(edition.sides), mirrored=self.mirrored)
        self.body = BODY if edition.bilingual else BODY_ALONE

    def style(
        self,
        side: Side,
        measure: tuple[float, float],
        *,
        bold: bool = False,
        colour: Colour = BLACK,
        role: Role = Role.PARAGRAPH,
        align: Align = "start",
    ) -> TextStyle:
        """Give the style of a language at a size and leading."""
        language = side.text.language.split("_")[0]
        return TextStyle(*measure, language, side.text.direction, bold, colour, align, role)

    def plain(
        self,
        content: str,
        measure: tuple[float, float],
        *,
        bold: bool = False,
        colour: Colour = BLACK,
        align: Align = "start",
    ) -> Paragraph:
        """Give a paragraph in the client's reading direction that is not a paragraph of the form."""
        style = self.style(self.edition.client, measure, bold=bold, colour=colour, align=align)
        return Paragraph(self.typesetter, content, style)

    def title(self) -> list[Flowable]:
        """Give the names of the languages, the title and what stands below it."""
        rows: list[Flowable] = [self.column_names()] if self.edition.bilingual else []
        look = RowLook(above=3, below=2)
        rows.append(self._keyed("title", TITLE, look, role=Role.TITLE, bold=True, colour=ACCENT))
        rows.append(self._keyed("subtitle", self.body, RowLook(below=9), colour=GREY))
        return rows

    def column_names(self) -> Flowable:
        """Give the name of each language above its column."""
        names = [
            Paragraph(self.typesetter, side.word("column"), self.style(side, SMALL, colour=GREY))
            for side in self.edition.sides
        ]
        return PairRow(names, self.columns, RowLook(above=2, below=3))

    def heading(self, key: str) -> Flowable:
        """Give a heading, kept with what follows."""
        look = RowLook(above=8, below=2)
        row = self._keyed(key, HEADING, look, role=Role.HEADING, bold=True, colour=ACCENT)
        row.keepWithNext = True
        return row

    def paragraphs(self, parts: Sequence[Part]) -> Iterator[Flowable]:
        """Give headings, texts and items; what introduces a list is kept with its first item."""
        roles = {"heading": self.heading, "text": self.text, "item": self.item}
        for part, following in zip(parts, [*parts[1:], None], strict=True):
            row = roles[part.role](part.key)
            if part.role == "text" and following is not None and following.role == "item":
                row.keepWithNext = True
            yield row

    def text(self, key: str) -> Flowable:
        """Give a paragraph."""
        return self._keyed(key, self.body, RowLook(above=1, below=4))

    def first(self, key: str, number: int) -> Flowable:
        """Give one of the numbered lines that a client must have read if nothing else."""
        numbers = [Span(f"{number}", bold=True)]
        marks = [
            Paragraph(self.typesetter, numbers, self.style(side, FIRST, colour=ACCENT))
            for side in self.edition.sides
        ]
        look = RowLook(above=4, below=4, indent=NUMBER_INDENT, tint=PALE, inset=6)
        return self._keyed(key, FIRST, look, marks)

    def item(self, key: str) -> Flowable:
        """Give an item of a list."""
        marks = [
            Paragraph(self.typesetter, "•", self.style(side, self.body, colour=ACCENT))
            for side in self.edition.sides
        ]
        return self._keyed(key, self.body, RowLook(below=2.5, indent=LIST_INDENT), marks, role=Role.LIST_ITEM)

    def option(self, key: str, *, ticked: bool = False) -> Flowable:
        """Give a statement with a box to tick beside the client's language."""
        marks = [Box(10.5, ticked=ticked)]
        return self._keyed(key, self.body, RowLook(below=4, indent=BOX_INDENT), marks, role=Role.FORM_FIELD)

    def choice(self, key: str, answer: bool | None) -> Flowable:
        """Give a statement with the boxes Yes and No at its end."""
        row = self._keyed(key, self.body, RowLook(below=0), columns=self._narrow())
        return AsideRow(row, self._yes_and_no(answer), TEXT_WIDTH - ASIDE)

    def named_choice(self, key: str, name: str, answer: bool | None) -> Flowable:
        """Give a name, or a line to write one on, with the boxes Yes and No at its end."""
        label = " / ".join(side.text[key] for side in self.edition.sides)
        colour = BLACK if name else GREY
        cell = self.plain(name or label, self.body, bold=bool(name), colour=colour)
        row = PairRow([cell], Columns(1, TEXT_WIDTH - ASIDE - GUTTER), RowLook(below=0))
        return AsideRow(row, self._yes_and_no(answer), TEXT_WIDTH - ASIDE)

    def line(self, key: str) -> Flowable:
        """Give a statement with a line to write on at its end."""
        row = self._keyed(key, self.body, RowLook(below=0), columns=self._narrow())
        return AsideRow(row, [WritingLine(ASIDE, 26)], TEXT_WIDTH - ASIDE, ruled=False)

    def _yes_and_no(self, answer: bool | None) -> list[Flowable]:
        return [
            PairRow(
                [self.plain(self.edition.words(word), self.body)],
                Columns(1, ASIDE),
                RowLook(below=1.5, indent=BOX_INDENT, divider=False),
                [Box(10.5, ticked=answer is told)],
                Role.FORM_FIELD,
            )
            for word, told in (("yes", True), ("no", False))
        ]

    def _narrow(self) -> Columns:
        return Columns(self.columns.count, TEXT_WIDTH - ASIDE - GUTTER, self.mirrored)

    def _keyed(
        self,
        key: str,
        measure: tuple[float, float],
        look: RowLook,
        marks: list[Paragraph] | list[Box] | None = None,
        *,
        columns: Columns | None = None,
        role: Role = Role.PARAGRAPH,
        bold: bool = False,
        colour: Colour = BLACK,
    ) -> PairRow:
        cells = [
            Paragraph(
                self.typesetter,
                side.spans(key),
                self.style(side, measure, bold=bold, colour=colour, role=role),
            )
            for side in self.edition.sides
        ]
        return PairRow(cells, columns or self.columns, look, marks or (), role)
