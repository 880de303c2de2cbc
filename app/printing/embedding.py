"""Puts a typeface into a PDF: only the glyphs in use, each with the text it stands for.

Every pair of glyph and text gets a code of its own, so that copying and searching give back
the very text, ligatures included, whatever the typeface did with it.
"""

import hashlib
import string
import struct
from typing import Any, Final

import uharfbuzz as hb
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFStream,
    PDFString,
    PDFZCompress,
)

from app.printing.page_canvas import add_font, add_object
from app.printing.typefaces import Glyph, Typeface

# Tables that only shaping needs; the text in the file is shaped already.
_DROPPED: Final = ("GSUB", "GPOS", "GDEF", "DSIG", "STAT", "kern", "BASE", "meta")
_CMAP_BLOCK: Final = 100  # entries that one bfchar block may hold (PDF 32000-1, 9.10.3)
_SYMBOLIC: Final = 4
_CAP_HEIGHT: Final = 714
_STEM_WIDTH: Final = 80


class EmbeddedFont:
    """A typeface as one document uses it; reportlab calls `addObjects` when the file is written."""

    def __init__(self, face: Typeface, resource: str) -> None:
        self.face = face
        self.resource = resource
        self.fontName = face.name
        self._codes: dict[tuple[int, str], int] = {(0, ""): 0}

    def code(self, glyph: Glyph) -> int:
        """Give the two-byte code that draws this glyph for this text."""
        return self._codes.setdefault((glyph.index, glyph.text), len(self._codes))

    def addObjects(self, document: PDFDocument) -> None:  # noqa: N802 - reportlab's name
        """Write the font's objects into the document."""
        data, renumbered = self._subset()
        base = PDFName(f"{_subset_tag(data)}+{self.face.name}")
        descendant = self._descendant(document, base, data, renumbered)
        unicode_map = self._stream(document, "unicode", self._unicode_map())
        font = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("Type0"),
                "BaseFont": base,
                "Encoding": PDFName("Identity-H"),
                "DescendantFonts": PDFArray([descendant]),
                "ToUnicode": unicode_map,
            }
        )
        add_font(document, self.resource, add_object(document, font, self._key("font")))

    def _subset(self) -> tuple[bytes, dict[int, int]]:
        wanted = hb.SubsetInput()
        wanted.glyph_set.update({index for index, _ in self._codes})
        wanted.flags = hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NOTDEF_OUTLINE
        wanted.drop_table_tag_set.update(int.from_bytes(tag.encode("ascii"), "big") for tag in _DROPPED)
        plan = hb.SubsetPlan(self.face.face, wanted)
        return bytes(plan.execute().blob.data), dict(plan.old_to_new_glyph_mapping)

    # Names and references have no type in reportlab.
    def _descendant(self, document: PDFDocument, base: Any, data: bytes, renumbered: dict[int, int]) -> Any:
        glyphs = b"".join(struct.pack(">H", renumbered.get(index, 0)) for index, _ in self._codes)
        widths = [round(self.face.advance(index), 3) for index, _ in self._codes]
        identity = {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
        font = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("CIDFontType2"),
                "BaseFont": base,
                "CIDSystemInfo": PDFDictionary(identity),
                "FontDescriptor": self._descriptor(document, base, data),
                "CIDToGIDMap": self._stream(document, "glyphs", glyphs),
                "DW": 1000,
                "W": PDFArray([0, PDFArray(widths)]),
            }
        )
        return add_object(document, font, self._key("descendant"))

    def _descriptor(self, document: PDFDocument, base: Any, data: bytes) -> Any:
        head = self.face.face.reference_table("head").data
        scale = 1000 / self.face.face.upem
        box = [round(value * scale) for value in struct.unpack(">4h", head[36:44])]
        descriptor = PDFDictionary(
            {
                "Type": PDFName("FontDescriptor"),
                "FontName": base,
                "Flags": _SYMBOLIC,
                "FontBBox": PDFArray(box),
                "ItalicAngle": 0,
                "Ascent": round(self.face.ascent),
                "Descent": -round(self.face.descent),
                "CapHeight": _CAP_HEIGHT,
                "StemV": _STEM_WIDTH,
                "FontFile2": self._stream(document, "file", data, Length1=len(data)),
            }
        )
        return add_object(document, descriptor, self._key("descriptor"))

    def _unicode_map(self) -> bytes:
        entries = [
            f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>"
            for (_, text), code in self._codes.items()
            if text
        ]
        lines = [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
        ]
        for start in range(0, len(entries), _CMAP_BLOCK):
            block = entries[start : start + _CMAP_BLOCK]
            lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
        lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
        return "\n".join(lines).encode("ascii")

    def _stream(self, document: PDFDocument, part: str, content: bytes, **entries: int) -> Any:
        stream = PDFStream(content=content, filters=[PDFZCompress])
        stream.dictionary.dict.update(entries)
        return add_object(document, stream, self._key(part))

    def _key(self, part: str) -> str:
        return f"{self.resource}.{part}"


def _subset_tag(data: bytes) -> str:
    """Give the six capitals that PDF wants before the name of a subset; the same for the same glyphs."""
    return "".join(string.ascii_uppercase[byte % 26] for byte in hashlib.sha256(data).digest()[:6])
