"""From marked-up text to runs and glyphs."""

import pytest

from app.printing.itemise import Run, itemise
from app.printing.spans import Span, fill_spans, parse_spans
from app.printing.typefaces import face_for
from app.printing.typography import tie_references


def test_parse_spans_gives_bold_parts() -> None:
    assert parse_spans("**Kurz** und gut") == (Span("Kurz", bold=True), Span(" und gut"))


def test_parse_spans_open_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="Kurz"):
        parse_spans("**Kurz und gut")


def test_fill_spans_value_cannot_make_text_bold() -> None:
    assert fill_spans((Span("Es gilt: {law}"),), {"law": "**DSGVO**"}) == (Span("Es gilt: **DSGVO**"),)


def test_fill_spans_missing_value_is_refused() -> None:
    with pytest.raises(KeyError, match="law"):
        fill_spans((Span("{law}"),), {})


def test_itemise_cuts_by_script_weight_and_space() -> None:
    runs = list(itemise((Span("KIM — це "), Span("так", bold=True)), "uk", "ltr"))
    assert runs == [
        Run("KIM", False, "Latn", "uk", "ltr"),
        Run(" ", False, "Latn", "uk", "ltr"),
        Run("—", False, "Latn", "uk", "ltr"),
        Run(" ", False, "Latn", "uk", "ltr"),
        Run("це", False, "Cyrl", "uk", "ltr"),
        Run(" ", False, "Cyrl", "uk", "ltr"),
        Run("так", True, "Cyrl", "uk", "ltr"),
    ]


def test_itemise_signs_before_the_first_letter_take_its_script() -> None:
    assert [run.script for run in itemise((Span("«так"),), "uk", "ltr")] == ["Cyrl"]


def test_shape_ligature_keeps_all_its_letters() -> None:
    glyphs = face_for("Latn").shape("Office", "Latn", "de", "ltr")
    assert "".join(glyph.text for glyph in glyphs) == "Office"


def test_shape_right_to_left_gives_texts_to_glyphs_in_drawing_order() -> None:
    glyphs = face_for("Latn").shape("abc", "Latn", "de", "rtl")
    assert [glyph.text for glyph in glyphs] == ["c", "b", "a"]


def test_shape_letter_without_a_code_point_of_its_own_keeps_base_and_mark() -> None:
    glyphs = face_for("Cyrl").shape("о\u0301", "Cyrl", "uk", "ltr")
    assert "".join(glyph.text for glyph in glyphs) == "о\u0301"


@pytest.mark.parametrize(
    ("written", "tied"),
    [
        ("Art. 6 Abs. 1 Buchst. a DSGVO", "Art.\u00a06 Abs.\u00a01 Buchst.\u00a0a DSGVO"),
        ("§ 9 des Gesetzes", "§\u00a09 des Gesetzes"),
        ("ст. 6 абз. 1 літ. a", "ст.\u00a06 абз.\u00a01 літ.\u00a0a"),
        ("KIM — це", "KIM\u00a0— це"),
        ("Start. 6 Tage", "Start. 6 Tage"),
    ],
)
def test_tie_references_keeps_word_and_number_together(written: str, tied: str) -> None:
    assert tie_references(written) == tied
