"""`kim-mobil folder`: one exchange with a stick or a shared drive, without a screen."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from app.i18n import _
from app.services.folder import FolderReport
from sync.commands.terminal import opened, say, tell

if TYPE_CHECKING:
    from sync.commands import Subparsers


def add(commands: Subparsers) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("folder", help=_("exchange once by a folder: a stick or a shared drive"))
    parser.add_argument("path", type=Path, metavar="PATH", help=_("the folder"))
    parser.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Exchange once and say what it did; raises what unlocking and the folder raise."""
    with opened(options) as place:
        report = place.folder.exchange(options.path)
    _say_report(report)
    if report.problem is None:
        return 0
    tell(report.problem)
    return report.problem.exit_code


def _say_report(report: FolderReport) -> None:
    say(_("Put into the folder: {count}").format(count=report.written))
    say(_("Taken from the folder: {count}").format(count=report.read))
    say(_("Left to be written: {count}").format(count=report.left))
    say(_("Held: {count}").format(count=report.held))
    say(_("Set aside: {count}").format(count=report.quarantined))
    say(_("Missing: {count}").format(count=report.missing))
    say(_("Damaged files: {count}").format(count=report.broken))
    say(_("Other files: {count}").format(count=report.foreign))
