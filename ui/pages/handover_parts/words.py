"""How a handover or a stand-in stands, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.error_messages import explain
from app.i18n import _, format_date, ngettext
from app.services.caseload import Caseload
from app.services.ports import Members
from ui.display import member_name

if TYPE_CHECKING:
    from sync.handing.handovers import StandIn, Standing


def standing_text(found: Standing, me: int, members: Members) -> str:
    """Give where a handover stands, for who reads it, and what it waits for."""
    handover = found.handover
    recipient = member_name(members, handover.recipient)
    if handover.status == "asked":
        if handover.recipient == me:
            return _("You are asked to take this case file over.")
        return _("Waits for the answer of {name}.").format(name=recipient)
    if handover.status == "declined":
        return _("{name} declined.").format(name=recipient)
    if handover.status == "withdrawn":
        return _("The request was withdrawn.")
    return _taken_text(found, me, member_name(members, found.holder))


def stand_in_text(found: StandIn, today: str) -> str:
    """Give whether it is a stand-in's time."""
    if found.stands:
        return _("Stands in now")
    since = found.entry.text("stand_in_since")
    return _("Not begun yet") if since > today else _("Over")


def caseload_text(result: Caseload) -> str:
    """Give how many case files a step was taken with, and which were refused and why."""
    done = ngettext("{count} case file done.", "{count} case files done.", len(result.done))
    lines = [done.format(count=len(result.done))]
    for item in result.refused:
        reason = explain(item.error).what
        lines.append(_("{number} was refused: {reason}").format(number=item.number, reason=reason))
    return "\n".join(lines)


def _taken_text(found: Standing, me: int, holder: str) -> str:
    if found.handover.giver != me:
        return _("Accepted.")
    parts = []
    if "receipt" in found.lacks:
        text = _("{name}’s computers have {arrived} of {held} entries.")
        parts.append(text.format(name=holder, arrived=found.arrived, held=found.held))
        if found.uncleared:
            hint = ngettext(
                "{count} is sensitive and arrives only when {name} is cleared.",
                "{count} are sensitive and arrive only when {name} is cleared.",
                found.uncleared,
            )
            parts.append(hint.format(count=found.uncleared, name=holder))
    if "identity" in found.lacks:
        parts.append(_("Please say what becomes of contact data and attachments."))
    if not parts and found.gives_up_ms is None:
        parts.append(_("All of it arrived; the next sync tells everybody."))
    elif not parts:
        text = _("All of it arrived. The copy on this computer is erased from {date} on.")
        parts.append(text.format(date=_day(found.gives_up_ms or 0)))
    return " ".join(parts)


def _day(at_ms: int) -> str:
    return format_date(datetime.fromtimestamp(at_ms / 1000, UTC).astimezone().date())
