"""Openings and entries of the read log, as texts."""

from __future__ import annotations

from app.domain.read_log import EXPORT, PRINT, READ
from app.i18n import N_, _
from app.services.ports import Members
from app.services.read_log import LogLine, LogOpening
from ui.display import member_name, moment_text

ACTS = {READ: N_("opened"), PRINT: N_("printed from"), EXPORT: N_("saved outside")}


def agreed_text(opening: LogOpening, members: Members) -> str:
    """Tell who agreed, or that nobody did yet."""
    names = [member_name(members, member) for member in opening.agreed]
    names += [_("the key from the safe")] if opening.safe else []
    return ", ".join(names) or _("nobody yet")


def opening_texts(opening: LogOpening, members: Members) -> tuple[str, ...]:
    """Give a row: when, by whom, why, who was present, who agreed."""
    return (
        moment_text(opening.at_ms),
        member_name(members, opening.by),
        opening.reason,
        f"{opening.officer}, {opening.council}",
        agreed_text(opening, members),
    )


def line_texts(line: LogLine, members: Members) -> tuple[str, ...]:
    """Give a row: when, who, what, which case file."""
    act = ACTS.get(line.act)
    what = line.act if act is None else _(act)
    return (moment_text(line.at_ms), member_name(members, line.member), what, line.number)
