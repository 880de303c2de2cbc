"""The type setting of one document: shapes runs, keeps what it shaped, and knows the fonts in use."""

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from app.printing.embedding import EmbeddedFont
from app.printing.errors import MissingGlyphError
from app.printing.itemise import Run
from app.printing.page_canvas import document_of
from app.printing.typefaces import Glyph, Typeface, face_for


@dataclass(frozen=True, slots=True)
class ShapedRun:
    """A run as glyphs; `width` in 1/1000 of the type size."""

    run: Run
    face: Typeface
    glyphs: tuple[Glyph, ...]
    width: float


class Typesetter:
    """Shapes the text of one document; what it holds ends with the document."""

    def __init__(self, form: str) -> None:
        """`form`: name of the paper, for the error that a missing glyph raises."""
        self._form = form
        self._shaped: dict[Run, ShapedRun] = {}
        self._fonts: dict[str, EmbeddedFont] = {}

    def shape(self, run: Run) -> ShapedRun:
        """Give a run as glyphs; raises MissingGlyphError."""
        known = self._shaped.get(run)
        if known is None:
            known = self._shaped[run] = self._shape(run)
        return known

    def _shape(self, run: Run) -> ShapedRun:
        face = face_for(run.script, bold=run.bold)
        glyphs = face.shape(run.text, run.script, run.language, run.direction)
        missing = next((glyph for glyph in glyphs if glyph.index == 0), None)
        if missing is not None:
            raise self._missing(missing.text or run.text, run.language)
        return ShapedRun(run, face, glyphs, sum(glyph.advance for glyph in glyphs))

    def _missing(self, text: str, language: str) -> MissingGlyphError:
        letter = text[0]
        return MissingGlyphError(
            character=letter, code_point=f"U+{ord(letter):04X}", form=self._form, language=language
        )

    def font(self, face: Typeface, canvas: Canvas) -> EmbeddedFont:
        """Give a typeface's place in the document being drawn, made at its first use."""
        known = self._fonts.get(face.name)
        if known is None:
            known = self._fonts[face.name] = EmbeddedFont(face, f"T{len(self._fonts) + 1}")
            document = document_of(canvas)
            document.fontMapping[face.name] = f"/{known.resource}"
            document.delayedFonts.append(known)
        return known
