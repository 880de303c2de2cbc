from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uniseg.linebreak import line_break_boundaries

from app.printing.line_breaking import break_positions

CONFORMANCE = Path("/usr/share/unicode/auxiliary/LineBreakTest.txt")
# Where the rules in use (Unicode 16) decide otherwise than the file of Unicode 15 on purpose.
CHANGED_SINCE_15: dict[str, Callable[[list[str]], bool]] = {
    "LB20a: no break after a hyphen that begins a word": lambda points: points[0] == "002D",
    "LB25: no break between a leading comma or stop and a digit": lambda points: points[0] == "002C",
    "LB15: a quotation mark no longer holds a bracket across spaces": lambda points: points[0] == "0022",
    "LB15c: a break before a stop that begins a number": lambda points: "002E" in points,
    "LB21a: a hyphen between Hebrew letters may end a line": lambda points: (
        points == ["05D0", "002D", "05D0"]
    ),
    "LB15a, LB19a: quotation marks by direction": lambda points: bool({"00AB", "00BB", "201C"} & set(points)),
}


def parts(text: str) -> list[str]:
    places = [0, *break_positions(text)]
    return [text[start:end] for start, end in pairwise(places)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ein Wort", ["ein ", "Wort"]),
        ("Nordrhein-Westfalen", ["Nordrhein-", "Westfalen"]),
        ("Ja, nein.", ["Ja, ", "nein."]),
        ("Art.\u00a06 DSGVO", ["Art.\u00a06 ", "DSGVO"]),
        ("п’ять об’єктів", ["п’ять ", "об’єктів"]),
        ("ein\nzwei", ["ein\n", "zwei"]),
        ("« так »", ["« так »"]),
        ("5 000 €", ["5 ", "000 ", "€"]),
        ("", []),
    ],
)
def test_break_positions_cut_where_a_line_may_end(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@given(st.text(alphabet="ab1 ,.-–(«»„“\n’§/і", max_size=40))
def test_break_positions_by_phrase_equal_the_rules_over_the_whole_text(text: str) -> None:
    assert break_positions(text) == [place for place in line_break_boundaries(text) if place > 0]


def has_conformance_file() -> bool:
    return CONFORMANCE.exists() and "15.0.0" in CONFORMANCE.read_text(encoding="utf-8")[:40]


@pytest.mark.skipif(not has_conformance_file(), reason="unicode-data 15.0 is not installed")
def test_break_positions_pass_the_conformance_file_but_for_what_unicode_16_changed() -> None:
    different: list[list[str]] = []
    for line in CONFORMANCE.read_text(encoding="utf-8").splitlines():
        signs = line.partition("#")[0].split()
        points, marks = signs[1::2], signs[2::2]
        text = "".join(chr(int(point, 16)) for point in points)
        expected = [place for place, mark in enumerate(marks, start=1) if mark == "÷"]
        if break_positions(text) != expected:
            different.append(points)
    unexplained = [
        points for points in different if not any(explains(points) for explains in CHANGED_SINCE_15.values())
    ]
    assert unexplained == []
    assert len(different) == 31
