"""`kim-mobil round`: one round with the relay, without a screen."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from app.i18n import _
from sync.carriers import never_cancelled, no_progress
from sync.commands.terminal import opened, say
from sync.workplace import SyncStatus

if TYPE_CHECKING:
    from sync.commands import Subparsers


def add(commands: Subparsers) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("round", help=_("send and fetch once"))
    parser.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Make one round and say what it did; raises what unlocking and the relay raise."""
    with opened(options) as place:
        report = place.run_round(no_progress, never_cancelled)
        status = place.status()
    sent, fetched = _("Sent: {count}"), _("Fetched: {count}")
    say(sent.format(count=report.envelopes_up))
    say(fetched.format(count=report.envelopes_down))
    _say_standing(status)
    return 0


def _say_standing(status: SyncStatus) -> None:
    delivery = status.delivery
    say(_("Waiting: {count}").format(count=delivery.waiting))
    say(_("At the relay: {count}").format(count=delivery.at_relay))
    say(_("With the KI: {count}").format(count=delivery.with_ki))
    held = sum(parcel.state == "held" for parcel in status.parcels)
    say(_("Held: {count}").format(count=held))
    say(_("Set aside: {count}").format(count=len(status.parcels) - held))
    say(_("Missing: {count}").format(count=sum(gap.missing for gap in status.gaps)))
