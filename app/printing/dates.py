"""Dates on papers: one form for every language, so that nobody reads the month as the day."""

from datetime import date


def printed_date(day: date) -> str:
    """Give a day as dd.MM.yyyy."""
    return f"{day:%d.%m.%Y}"
