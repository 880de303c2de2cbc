"""Folders of tests, and exchanges with them that nobody watches."""

from __future__ import annotations

from pathlib import Path

from app.services.folder import FolderReport
from sync.workplace import Workplace
from tests.support.district import District


def exchange(place: Workplace, folder: Path) -> FolderReport:
    """Let one device exchange with a folder; it must be possible to write."""
    report = place.folder.exchange(folder)
    assert report.problem is None
    return report


def pass_round(district: District, folder: Path, *names: str) -> FolderReport:
    """Carry the stick from one to the next; gives the last report."""
    report = None
    for name in names or tuple(district.people):
        report = exchange(district[name], folder)
    assert report is not None
    return report


def files_in(folder: Path) -> set[str]:
    """Give the names of what lies in a folder."""
    return {path.name for path in folder.iterdir()}
