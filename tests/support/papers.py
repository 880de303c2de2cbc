"""Builders for papers with valid defaults, and what a reader finds in the PDF."""

from __future__ import annotations

import subprocess
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
from pypdf import PdfReader

from app.printing.papers import Controller, ImmigrationPassage, LetterheadProfile, PaperRequest, Release

TODAY = date(2026, 11, 21)
CASE = "ABC-2026-7K2M-5"
EMPLOYER = Controller("Wohlfahrtsverband Musterkreis", ("Marktplatz 1", "12345 Musterstadt"))
DISTRICT = Controller("Kreis Musterkreis", ("Kreishaus 5", "12345 Musterstadt"))


def a_profile(**changes: Any) -> LetterheadProfile:
    """An employer of which everything is known and released."""
    known: dict[str, Any] = {
        "employer_name": EMPLOYER.name,
        "address": EMPLOYER.address,
        "controllers": (EMPLOYER, DISTRICT),
        "data_protection_officer": "Beauftragte Stelle, datenschutz@beispiel.invalid",
        "law": "DSGVO und DSG NRW",
        "retention": "3",
        "funding_period": "01.01.2026 bis 31.12.2026",
        "letterhead_release": Release("Leitung", TODAY),
        "immigration_passage": ImmigrationPassage("", "Beauftragte Stelle", TODAY),
    }
    return LetterheadProfile(**{**known, **changes})


def a_request(form: str, language: str, **changes: Any) -> PaperRequest:
    """A request for a valid paper of a case file."""
    known: dict[str, Any] = {
        "profile": a_profile(),
        "case_number": CASE,
        "legal_basis": "consent",
        "person_label": "Person 1",
        "consent_items": None,
        "recipients": (),
        "today": TODAY,
    }
    return PaperRequest(form, language, **{**known, **changes})


@cache  # the same request gives the same bytes, and reading them is dearer than printing
def pages_of(pdf: bytes) -> tuple[str, ...]:
    """Text of each page in the order of the file, white space made one space."""
    return tuple(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def text_of(pdf: bytes) -> str:
    """Text of all pages."""
    return " ".join(pages_of(pdf))


def poppler_text(pdf: bytes) -> str:
    """Text of all pages as poppler reads it, in the order of the file."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def letters(text: str) -> str:
    """A text without white space and hyphens: what no line break and no reader's guess changes."""
    return "".join(text.split()).replace("-", "")


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Every font that a file names, in use or not, without its subset's tag; True when its file is inside."""
    found: dict[str, bool] = {}
    with pikepdf.open(BytesIO(pdf)) as opened:
        for thing in opened.objects:
            if not isinstance(thing, pikepdf.Dictionary) or thing.get("/Type") != "/Font":
                continue
            own = thing.DescendantFonts[0] if "/DescendantFonts" in thing else thing
            descriptor = own.get("/FontDescriptor", pikepdf.Dictionary())
            found[str(thing.BaseFont).rpartition("+")[2].lstrip("/")] = "/FontFile2" in descriptor
    return found


def drawing_of(pdf: bytes) -> list[tuple[str, list[float]]]:
    """Every operator with numbers alone and its operands, in the order in which the pages are drawn."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return [
            (str(instruction.operator), [float(operand) for operand in instruction.operands])
            for page in opened.pages
            for instruction in pikepdf.parse_content_stream(page)
            if str(instruction.operator) in {"Tm", "cm", "re", "w", "m", "l"}
        ]


def operators_of(pdf: bytes, operator: str) -> list[list[float]]:
    """Operands of every use of a drawing operator, page after page."""
    return [operands for name, operands in drawing_of(pdf) if name == operator]
