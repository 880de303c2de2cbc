"""The typefaces of the papers: static TrueType files that come with the program, shaped by HarfBuzz."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import uharfbuzz as hb

from app.paths import resources_dir

Direction = Literal["ltr", "rtl"]

# One family draws Latin, Cyrillic and Greek; scripts that need their own are added here.
_FAMILY_OF_SCRIPT: Final[dict[str, str]] = {}
_USUAL_FAMILY: Final = "noto-sans/NotoSans"


@dataclass(frozen=True, slots=True)
class Glyph:
    """A placed glyph and the text it stands for; lengths in 1/1000 of the type size."""

    index: int
    text: str
    advance: float
    right: float
    up: float


class Typeface:
    """One font file: measures and shapes text. Lengths are 1/1000 of the type size."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.face = hb.Face(hb.Blob(path.read_bytes()))
        self._font = hb.Font(self.face)
        self._scale = 1000 / self.face.upem
        extents = self._font.get_font_extents("ltr")
        self.ascent: float = extents.ascender * self._scale
        self.descent: float = -extents.descender * self._scale

    def advance(self, index: int) -> float:
        """Give a glyph's own width."""
        return float(self._font.get_glyph_h_advance(index) * self._scale)

    def shape(self, text: str, script: str, language: str, direction: Direction) -> tuple[Glyph, ...]:
        """Give the glyphs of a run in the order in which they are drawn."""
        buffer = hb.Buffer()
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.add_str(text)
        buffer.direction, buffer.script, buffer.language = direction, script, language
        hb.shape(self._font, buffer)
        infos, scale = buffer.glyph_infos, self._scale
        texts = _texts_of_clusters(text, [info.cluster for info in infos], direction)
        return tuple(
            Glyph(info.codepoint, piece, at.x_advance * scale, at.x_offset * scale, at.y_offset * scale)
            for info, at, piece in zip(infos, buffer.glyph_positions, texts, strict=True)
        )


def _texts_of_clusters(text: str, clusters: list[int], direction: Direction) -> list[str]:
    """Give each glyph its text; of several glyphs for one cluster the first in reading order has it."""
    starts = sorted(set(clusters))
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    texts = [""] * len(clusters)
    order = range(len(clusters)) if direction == "ltr" else range(len(clusters) - 1, -1, -1)
    for place in order:
        end = ends.pop(clusters[place], None)
        texts[place] = text[clusters[place] : end] if end is not None else ""
    return texts


@cache
def typeface(family: str, weight: str) -> Typeface:
    """Give a font file of `resources/fonts`, read once."""
    return Typeface(resources_dir() / "fonts" / f"{family}-{weight}.ttf")


def face_for(script: str, *, bold: bool = False) -> Typeface:
    """Give the typeface that draws a script (ISO 15924)."""
    return typeface(_FAMILY_OF_SCRIPT.get(script, _USUAL_FAMILY), "Bold" if bold else "Regular")
