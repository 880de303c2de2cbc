"""Dates, months, moments and numbers as people type them."""

import pytest

from ui.widgets import typed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3.5.26", "2026-05-03"),
        ("03.05.2026", "2026-05-03"),
        (" 3. 5. 2026 ", "2026-05-03"),
        ("3/5/2026", "2026-05-03"),
        ("03052026", "2026-05-03"),
        ("2026-05-03", "2026-05-03"),
        ("3.5.87", "1987-05-03"),
        ("29.2.2024", "2024-02-29"),
        ("29.2.2026", None),
        ("31.13.2026", None),
        ("3.5.", None),
        ("gestern", None),
        ("", None),
    ],
)
def test_date_typed_is_read_tolerantly_or_not_at_all(text: str, value: str | None) -> None:
    assert typed.read_date(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("5.26", "2026-05"), ("05/2026", "2026-05"), ("13.2026", None), ("2026", None)]
)
def test_month_typed_is_read_tolerantly_or_not_at_all(text: str, value: str | None) -> None:
    assert typed.read_month(text) == value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3.5.26 14:30", "03.05.2026 14:30"),
        ("3.5.26 9", "03.05.2026 09:00"),
        ("3.5.26 9.15 Uhr", "03.05.2026 09:15"),
    ],
)
def test_moment_typed_is_shown_as_it_was_understood(text: str, shown: str) -> None:
    at_ms = typed.read_moment(text)
    assert at_ms is not None
    assert typed.write_moment(at_ms) == shown


@pytest.mark.parametrize("text", ["3.5.26", "14:30", "3.5.26 25:00", "3.5.26 12:60", ""])
def test_moment_without_day_or_time_is_not_guessed(text: str) -> None:
    assert typed.read_moment(text) is None


@pytest.mark.parametrize(("text", "value"), [("0", 0), (" 45 ", 45), ("-1", None), ("4,5", None), ("", None)])
def test_number_typed_is_whole_or_nothing(text: str, value: int | None) -> None:
    assert typed.read_number(text) == value
