"""The table has every row of the design, and bench.json the shape that others read."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import LATER
from tests.benchmarks.rows import WANTED, Measured, format_table, table, write_json

NAMES = [wanted.name for wanted in WANTED]


def test_limits_are_those_of_the_design() -> None:
    limits = {wanted.name: wanted.limit for wanted in WANTED}
    assert (limits["save"], limits["save.wal_pages"], limits["search.20000"]) == (2.0, 24, 30)
    assert (limits["apply.100000"], limits["apply.growth"], limits["start"]) == (4.0, 1.2, 1.5)
    assert (limits["outreach_day"], limits["twenty_changes.one_audience"]) == (1.35, 1500)
    assert limits["twenty_changes.each_further"] == 600


def test_rows_that_come_later_are_wanted_and_say_why() -> None:
    assert set(LATER) <= set(NAMES)
    assert all(LATER.values())


def test_bench_json_holds_a_row_for_each_wanted_one(tmp_path: Path) -> None:
    measured = [Measured(name, 1.0 if name == "save" else None, "why") for name in NAMES]
    rows = table(measured)
    write_json(rows, tmp_path / "build" / "bench.json")
    written = json.loads((tmp_path / "build" / "bench.json").read_text("utf-8"))
    assert [row["name"] for row in written] == NAMES
    assert written[0] == {"name": "save", "value": 1.0, "limit": 2.0, "unit": "×", "reference": "why"}
    assert {row["limit"] for row in written[1:]} == {None}
    assert len(format_table(rows).splitlines()) == len(NAMES) + 1


def test_row_that_nobody_spoke_of_is_noticed() -> None:
    with pytest.raises(KeyError):
        table([Measured("save", 1.0, "")])
    with pytest.raises(ValueError, match="no such rows"):
        table([*(Measured(name, None, "") for name in NAMES), Measured("speed", 1.0, "")])
