"""The rows of the table: what is measured, and the limits of the design (quality, "Speed, size, scale")."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Wanted:
    """One row of the design: `limit` is an upper bound (an "at least" is written as its inverse)."""

    name: str
    limit: float
    unit: str


@dataclass(frozen=True)
class Measured:
    """What came of a row; `reference` says against what, with the absolute figures, or why there is none."""

    name: str
    value: float | None
    reference: str


@dataclass(frozen=True)
class Row:
    """One line of the table and of bench.json."""

    name: str
    value: float | None
    limit: float | None
    unit: str
    reference: str

    @property
    def within(self) -> bool:
        """Whether the limit is kept; what was not measured breaks none."""
        return self.value is None or self.limit is None or self.value <= self.limit


WANTED: tuple[Wanted, ...] = (
    Wanted("save", 2.0, "×"),
    Wanted("save.commits", 1, "commits"),
    Wanted("save.wal_pages", 24, "pages"),
    Wanted("save.growth", 1.5, "×"),
    Wanted("search.20000", 30, "ms"),
    Wanted("search.100000", 30, "ms"),
    Wanted("search.without_prefix_index", 0, "queries"),
    Wanted("case_list", 1.5, "×"),
    Wanted("case_list.without_limit", 0, "statements"),
    Wanted("apply.10000", 4.0, "×"),
    Wanted("apply.100000", 4.0, "×"),
    Wanted("apply.1000000", 4.0, "×"),
    Wanted("apply.growth", 1.2, "×"),
    Wanted("apply.memory", 20, "MB"),
    Wanted("outreach_day", 1.35, "×"),
    Wanted("twenty_changes.one_audience", 1500, "bytes"),
    Wanted("twenty_changes.each_further", 600, "bytes"),
    Wanted("twenty_changes.exchanges", 1, "exchanges"),
    Wanted("twenty_changes.headers", 1000, "bytes"),
    Wanted("line.capacity", 1.25, "×"),
    Wanted("line.with_loss", 1.12, "×"),
    Wanted("line.sent_twice", 1, "envelopes"),
    Wanted("line.twenty_changes", 12, "s"),
    Wanted("new_supervisor.state", 1_500_000, "bytes"),
    Wanted("new_supervisor.time", 300, "s"),
    Wanted("morning.time", 3.0, "×"),
    Wanted("morning.errors", 0, "errors"),
    Wanted("consent_form.weasyprint", 0.2, "×"),
    Wanted("consent_form.typst", 2.0, "×"),
    Wanted("consent_form.size", 90_000, "bytes"),
    Wanted("start", 1.5, "×"),
    Wanted("unlock", 300, "ms"),
    Wanted("memory", 120, "MB"),
    Wanted("screen.p99", 16, "ms"),
    Wanted("screen.longest", 50, "ms"),
)


def table(measured: Iterable[Measured]) -> tuple[Row, ...]:
    """Give every wanted row; raises KeyError when one was not spoken of, ValueError for one nobody wants."""
    found = {item.name: item for item in measured}
    surplus = found.keys() - {item.name for item in WANTED}
    if surplus:
        raise ValueError(f"no such rows: {sorted(surplus)}")
    return tuple(_row(wanted, found[wanted.name]) for wanted in WANTED)


def write_json(rows: Sequence[Row], path: Path) -> None:
    """Write bench.json: a list of rows of name, value, limit, unit, reference."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([vars(row) for row in rows], ensure_ascii=False, indent=1)
    path.write_text(text + "\n", "utf-8")


def format_table(rows: Sequence[Row]) -> str:
    """Give the table for a terminal."""
    width = max(len(row.name) for row in rows)
    lines = [f"{'':2}{'what':<{width}}  {'value':>10}  {'limit':>10}  unit        reference"]
    lines += [
        f"{_mark(row)} {row.name:<{width}}  {_number(row.value):>10}  {_number(row.limit):>10}  "
        f"{row.unit:<10}  {row.reference}"
        for row in rows
    ]
    return "\n".join(lines)


def _row(wanted: Wanted, found: Measured) -> Row:
    value = None if found.value is None else round(found.value, 4)
    limit = None if value is None else wanted.limit
    return Row(wanted.name, value, limit, wanted.unit, found.reference)


def _mark(row: Row) -> str:
    if row.value is None:
        return "–"
    return " " if row.within else "!"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:.3g}"
