"""Typed dates, months, moments and numbers, read as people write them ("3.5.26")."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_DATE = re.compile(r"(\d{1,2})\s*[.,/ -]\s*(\d{1,2})\s*[.,/ -]\s*(\d{4}|\d{2})\.?")
_TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH = re.compile(r"(\d{1,2})\s*[.,/ -]\s*(\d{4}|\d{2})")
_TIME = re.compile(r"(\d{1,2})(?:\s*[:.]\s*(\d{2}))?\s*(?:Uhr|h)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,12}")
_AHEAD = 20
"""Two figures of a year name this century up to so many years ahead, else the last one."""


def read_date(typed: str) -> str | None:
    """Give ISO text for day, month and year; None when that is no day."""
    text = typed.strip()
    iso = _ISO.fullmatch(text)
    if iso:
        return _iso_date(*(int(part) for part in iso.groups()))
    match = _DATE.fullmatch(text) or _TOGETHER.fullmatch(text)
    if match is None:
        return None
    day, month, year = match.groups()
    return _iso_date(_full_year(year), int(month), int(day))


def read_month(typed: str) -> str | None:
    """Give ISO text for month and year, None when that is no month."""
    match = _MONTH.fullmatch(typed.strip())
    if match is None or not 1 <= int(match.group(1)) <= 12:
        return None
    return f"{_full_year(match.group(2)):04d}-{int(match.group(1)):02d}"


def read_moment(typed: str) -> int | None:
    """Give milliseconds since 1970 (UTC) for a day and a time in this computer's zone, None for neither."""
    words = typed.strip().split(maxsplit=1)
    day = read_date(words[0]) if words else None
    clock = _TIME.fullmatch(words[1].strip()) if len(words) > 1 else None
    if day is None or clock is None:
        return None
    hour, minute = int(clock.group(1)), int(clock.group(2) or 0)
    if hour > 23 or minute > 59:
        return None
    at = datetime.combine(date.fromisoformat(day), datetime.min.time()).replace(hour=hour, minute=minute)
    return round(at.astimezone().timestamp() * 1000)


def read_number(typed: str) -> int | None:
    """Give a whole number from 0, None for anything else."""
    text = typed.strip()
    return int(text) if _NUMBER.fullmatch(text) else None


def write_date(value: str) -> str:
    """Give dd.MM.yyyy for ISO text."""
    return f"{date.fromisoformat(value):%d.%m.%Y}"


def write_month(value: str) -> str:
    """Give MM.yyyy for ISO text."""
    return f"{value[5:]}.{value[:4]}"


def write_moment(at_ms: int) -> str:
    """Give dd.MM.yyyy HH:mm in this computer's zone."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC).astimezone():%d.%m.%Y %H:%M}"


def _full_year(typed: str) -> int:
    if len(typed) == 4:
        return int(typed)
    this_year = datetime.now(UTC).year
    year = this_year // 100 * 100 + int(typed)
    return year - 100 if year > this_year + _AHEAD else year


def _iso_date(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
