"""Gaps, held and refused parcels and rounds, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.error_messages import ENTRIES, explain_reason
from app.i18n import _, ngettext
from app.services.mailbox import RoundReport
from app.services.ports import Members
from ui.display import member_name, moment_text

if TYPE_CHECKING:
    from sync.rounds.status import CopiedDevice
    from sync.workplace import Gap, Parcel, SyncStatus

HELD = "held"


def last_round_text(status: SyncStatus) -> str:
    """Tell when the last round got through."""
    if status.last_round_ms is None:
        return _("Nothing has been synced yet. All you save stays here and goes out with the first sync.")
    return _("Last synced: {time}.").format(time=moment_text(status.last_round_ms))


def wanted_text(reason: str) -> str:
    """Tell why everything was asked for anew, and that the others answer with their next sync."""
    reasons = {
        "absent": _("This computer was away for long: the relay no longer holds all that came meanwhile."),
        "restored": _("This computer was set back to an older copy: what it lacks may be with others only."),
        "lifted": _("This computer was suspended: what came meanwhile was not sent to it."),
        "stuck": _("Something that came cannot be read: what it rests on may be with others."),
        "new": _("This computer is new: what was written before is with your other computer and the KI."),
    }
    told = _("It asked the others for the state of all case files; they answer with their next sync.")
    return f"{reasons.get(reason, reasons['absent'])} {told}"


def states_text(report: RoundReport) -> str:
    """Tell how many case files a sync brought up to date by their state."""
    text = ngettext(
        "The last sync brought {count} case file up to date by its state as others hold it.",
        "The last sync brought {count} case files up to date by their state as others hold it.",
        report.states,
    )
    return text.format(count=report.states)


def too_large_text(count: int) -> str:
    """Tell of entries that fit no parcel."""
    text = ngettext(
        "{count} entry is too large to be sent. It is saved here; please write it anew in smaller parts.",
        "{count} entries are too large to be sent. They are saved here; please write them in smaller parts.",
        count,
    )
    return text.format(count=count)


def gap_text(gap: Gap, members: Members) -> str:
    """Tell whose parcels have not come."""
    text = ngettext("{count} parcel missing from {name}", "{count} parcels missing from {name}", gap.missing)
    return text.format(count=gap.missing, name=member_name(members, gap.sender))


def parcel_text(parcel: Parcel, members: Members) -> str:
    """Tell what is wrong with a parcel that was set aside, or what it waits for."""
    name = member_name(members, parcel.sender) or _("an unknown computer")
    if parcel.state == HELD:
        text = _("A parcel from {name} waits ({time}): {reason}")
    else:
        text = _("A parcel from {name} was refused ({time}): {reason}")
    return text.format(name=name, time=moment_text(parcel.at_ms), reason=reason_text(parcel.reason))


def copied_text(copied: CopiedDevice, members: Members) -> str:
    """Raise the alarm about a device that there are two of."""
    text = _(
        "Computer {device} of {name} was copied, or set back while it worked: one number stands for several "
        "entries. Nothing is lost, all of them are kept. Please tell your KI: it has to be set up anew."
    )
    name = member_name(members, copied.member) or _("an unknown computer")
    return text.format(device="–" if copied.device is None else copied.device, name=name)


def other_self_text(since_ms: int) -> str:
    """Raise the alarm about another computer that syncs as this one."""
    text = _(
        "Another computer syncs as this one (last seen {time}): a copied disk, or the computer that a backup "
        "came from. Nothing is lost. Please stop one of the two for good and tell your KI."
    )
    return text.format(time=moment_text(since_ms))


def reason_text(reason: str) -> str:
    """Give a reason in plain words; its id only when nobody has written a sentence for it."""
    if reason not in ENTRIES:
        return _("it could not be read ({reason}).").format(reason=reason)
    return explain_reason(reason).what
