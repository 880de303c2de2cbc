"""A case file that one reads no more, in words: since when, why, what may be written, when the copy goes."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.i18n import N_, _, format_date
from app.services.ended_reading import SHUT_OUT, Ended, Why

_REASONS: Final = {
    Why.REFUSED: N_("The client has said no to your reading it."),
    Why.STAND_IN: N_("It is not your time as a stand-in."),
    Why.HANDED_OVER: N_("You have handed it over."),
    Why.FAMILY: N_("It was one family with a case file of yours, and is so no more."),
    Why.SUPERVISION: N_("Somebody else leads and supervises it now."),
    Why.DUTIES: N_("By the district's list of members, case files are not part of your duties."),
    Why.NOT_AGREED: N_("It is with another employer, and the client has not agreed to your reading it."),
}


def ended_text(ended: Ended) -> str:
    """Give what stands above a case file that the person here reads no more."""
    if ended.since:
        told = _("Since {day} you no longer read this case file: what others write in it does not reach you.")
    else:
        told = _("You no longer read this case file: what others write in it does not reach you.")
    parts = [told.format(day=_day(ended.since)) if ended.since else told, _(_REASONS[ended.why])]
    if ended.why in SHUT_OUT:
        parts.append(_("You can look at it here, but write nothing new in it; drafts can still be copied."))
    else:
        parts.append(_("What you still add goes to those who read it now."))
    return " ".join((*parts, leaving_text(ended))).strip()


def leaving_text(ended: Ended | None) -> str:
    """Give when the copy on this computer goes; empty where that is not known, or it stays."""
    if ended is None or not ended.goes:
        return ""
    text = _("It goes from this computer on {day}, or later: not before others have all that you wrote.")
    return " ".join((text.format(day=_day(ended.goes)), *_keeps(ended)))


def _keeps(ended: Ended) -> tuple[str, ...]:
    if ended.why not in (Why.FAMILY, Why.STAND_IN):
        return ()
    return (_("A draft or an attachment that lies here keeps it, until you discard or remove it."),)


def _day(day: str) -> str:
    return format_date(date.fromisoformat(day)) if day else ""
