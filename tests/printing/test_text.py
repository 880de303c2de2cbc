from collections.abc import Sequence
from io import BytesIO

import pytest
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from app.printing.errors import MissingGlyphError
from app.printing.geometry import Columns
from app.printing.page_canvas import PageCanvas
from app.printing.rows import PairRow, RowLook
from app.printing.text import Paragraph, TextStyle
from app.printing.typesetter import Typesetter
from tests.support.papers import fonts_of, operators_of, pages_of, poppler_text, text_of

STYLE = TextStyle(10, 14, "de")
UKRAINIAN = TextStyle(10, 14, "uk")
WIDTH = 200.0


def paragraph(text: str, style: TextStyle = STYLE, typesetter: Typesetter | None = None) -> Paragraph:
    return Paragraph(typesetter or Typesetter("test"), text, style)


def render(story: Sequence[Flowable], height: float = 700) -> bytes:
    target = BytesIO()
    document = BaseDocTemplate(target, pagesize=(400, height + 40), invariant=1)
    document.addPageTemplates(PageTemplate("page", [Frame(20, 20, 360, height, 0, 0, 0, 0)]))

    def canvas(*arguments: object, **options: object) -> PageCanvas:
        return PageCanvas(*arguments, finish_page=lambda *_: None, **options)

    document.build(list(story), canvasmaker=canvas)
    return target.getvalue()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Öffentliche Stellen prüfen § 203 StGB: „Größe“, Straße, fünfzig, Auflage, Stoff, Café."),
        ("uk", "Її ґанок, їжак, єнот, щастя, п’ять об’єктів, об'єкт, Ґалаґан — «так»."),
        ("tr", "Şişli İğne ığdır çok güzel"),
        ("ro", "Știință și țară, învățământ, mâine"),
        ("ku", "Ez ê îro bêm, xwendekar û zarok"),
        ("bg", "Щъркел, ъгъл, фьорд"),
    ],
)
def test_paragraph_every_letter_is_found_again(language: str, text: str) -> None:
    pdf = render([paragraph(text, TextStyle(10, 14, language))])
    assert text_of(pdf) == text
    assert " ".join(poppler_text(pdf).split()) == text


def test_paragraph_missing_glyph_names_character_form_and_language() -> None:
    with pytest.raises(MissingGlyphError) as caught:
        Paragraph(Typesetter("consent"), "Haken ✓ fehlt", STYLE)
    assert caught.value.params == {
        "character": "✓",
        "code_point": "U+2713",
        "form": "consent",
        "language": "de",
    }


def test_paragraph_lines_stay_within_the_width() -> None:
    text = paragraph("Wir beraten Menschen, die zugewandert sind, und ihre Familien. " * 6)
    _, height = text.wrap(WIDTH, 700)
    assert height == 14 * 10
    assert text.text_width <= WIDTH


def test_paragraph_word_longer_than_the_line_is_cut_and_kept_whole() -> None:
    word = "Donaudampfschifffahrtsgesellschaft" * 4
    text = paragraph(word)
    text.wrap(WIDTH, 700)
    assert text.text_width <= WIDTH
    assert "".join(text_of(render([paragraph(word)])).split()) == word


def test_paragraph_line_feed_begins_a_line_and_an_empty_line_keeps_its_height() -> None:
    assert paragraph("eins\n\ndrei").wrap(WIDTH, 700) == (WIDTH, 14 * 3)


def test_paragraph_spaces_at_a_line_end_take_no_room() -> None:
    word = paragraph("Beratung")
    word.wrap(WIDTH, 700)
    narrow = word.text_width
    two = paragraph("Beratung  Beratung")
    assert two.wrap(narrow, 700) == (narrow, 28)


def test_paragraph_at_a_page_break_leaves_no_single_line() -> None:
    text = paragraph("Wort für Wort. " * 30)
    _, whole = text.wrap(WIDTH, 700)
    first, second = text.split(WIDTH, whole - 14)
    assert first.wrap(WIDTH, 700)[1] == whole - 28
    assert second.wrap(WIDTH, 700)[1] == 28
    assert text.split(WIDTH, 14) == []


def test_paragraph_alignment_moves_the_lines() -> None:
    def begins_at_the_left(style: TextStyle) -> bool:
        text = paragraph("kurz", style)
        text.wrap(WIDTH, 700)
        moves = operators_of(render([text]), "Tm")
        return moves[0][4] == 0

    assert begins_at_the_left(TextStyle(10, 14, "de"))
    assert not begins_at_the_left(TextStyle(10, 14, "de", align="end"))
    assert not begins_at_the_left(TextStyle(10, 14, "de", direction="rtl"))
    assert begins_at_the_left(TextStyle(10, 14, "de", direction="rtl", align="end"))


def test_row_very_long_paragraph_splits_across_pages_and_loses_nothing() -> None:
    german = " ".join(f"Satz{number} steht hier." for number in range(400))
    ukrainian = " ".join(f"Речення{number} стоїть тут." for number in range(300))
    setter = Typesetter("test")
    cells = [paragraph(ukrainian, UKRAINIAN, setter), paragraph(german, STYLE, setter)]
    pdf = render([PairRow(cells, Columns(2, 360), RowLook())], height=500)
    words = text_of(pdf).split()
    assert len(pages_of(pdf)) == 7
    for text in (german, ukrainian):
        own = text.split()
        assert [word for word in words if word in set(own)] == own


def test_row_short_paragraph_moves_to_the_next_page_as_a_whole() -> None:
    row = PairRow([paragraph("Wort für Wort. " * 10)], Columns(1, 200), RowLook())
    row.wrap(200, 700)
    assert row.split(200, row.height - 10) == []


def test_row_mirrored_puts_the_first_column_on_the_right() -> None:
    assert Columns(2, 360, mirrored=True).left(0) > Columns(2, 360, mirrored=True).left(1)
    assert Columns(2, 360).left(0) == 0


def test_document_embeds_every_font_and_names_no_other() -> None:
    setter = Typesetter("test")
    bold = TextStyle(10, 14, "de", bold=True)
    pdf = render([paragraph("kurz", STYLE, setter), paragraph("fett", bold, setter)])
    assert fonts_of(pdf) == {"NotoSans-Regular": True, "NotoSans-Bold": True}
    assert b"Helvetica" not in pdf
