"""What stands above a case file, in the order that it must be seen; a safety rule is the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from app.domain.declarations import CASE_FILE, STAND_IN
from app.domain.records import Record
from app.domain.stand_in import StandInTimeError
from app.i18n import _, format_date, ngettext
from app.services.assignments import AccessEndedError
from app.services.ports import Members
from ui.display import member_name
from ui.field_text import Names, value_text
from ui.pages.case_sections.case_data import CaseData
from ui.pages.case_sections.ended_words import ended_text, leaving_text

SAFETY = "safety"
"""The register that holds the safety rule."""


class Matter(Enum):
    """What a banner is about; the page knows its actions by it."""

    SAFETY = "safety"
    RESTRICTED = "restricted"
    MERGED = "merged"
    READ_ONLY = "read_only"
    NOT_READ = "not_read"
    SHEET = "sheet"
    CONSENT = "consent"
    PROVISIONAL = "provisional"
    STAND_IN = "stand_in"


@dataclass(frozen=True)
class Banner:
    """A matter and its sentence; `acts`: who works here may do the one thing about it."""

    matter: Matter
    text: str
    acts: bool = True


def banners(data: CaseData, members: Members) -> tuple[Banner, ...]:
    """Give the banners of a case file, the most urgent first."""
    return tuple(_walk(data, members))


def safety_text(record: Record, members: Members) -> str:
    """Give what to do by the safety rule, not why; empty where there is none."""
    names = Names(members)
    parts = [*_contact(record, names), *_paper(record, names)]
    for name, text in (
        ("not_before", _("Not in front of: {who}.")),
        ("never_interpreter", _("Never this interpreter: {who}.")),
    ):
        if record.text(name):
            parts.append(text.format(who=record.text(name)))
    if parts and record.text("recognition_word"):
        parts.append(
            _("On the phone, first ask for the word “{word}”.").format(word=record.text("recognition_word"))
        )
    if parts and SAFETY in record.conflicts:
        parts.append(_("Two rules were written; keep to both until it is decided."))
    return " ".join(parts)


def paper_rule(record: Record) -> str:
    """Give the code of the rule for paper at home where it forbids some or all, else nothing."""
    rule = record.text("paper_home")
    return rule if rule in ("none", "neutral") else ""


def strict_record(data: CaseData) -> Record:
    """Give the case file, of those that are one, whose rule for paper at home forbids most."""
    ranks = ("", "neutral", "none")
    return max(data.heads, key=lambda record: ranks.index(paper_rule(record)))


def _walk(data: CaseData, members: Members) -> Iterator[Banner]:
    for safety in dict.fromkeys(safety_text(record, members) for record in data.heads):
        if safety:
            yield Banner(Matter.SAFETY, safety)
    writes = not data.read_only and not data.restricted
    yield from _closed(data, members)
    if data.merged:
        numbers = ", ".join(record.text("number") for record in data.merged)
        text = _("Same family: {numbers} is read here too. Number on new papers: {number}.")
        yield Banner(
            Matter.MERGED, text.format(numbers=numbers, number=data.record.text("number")), acts=writes
        )
    yield from _gate(data, acts=writes)
    count = len(data.provisional())
    if count:
        text = ngettext(
            "{count} value is provisional: two people wrote different things.",
            "{count} values are provisional: two people wrote different things.",
            count,
        )
        yield Banner(Matter.PROVISIONAL, text.format(count=count), acts=writes)
    for entry in data.entries.get(STAND_IN.name, ()):
        if _is_open(entry, data.today):
            yield Banner(Matter.STAND_IN, _stand_in_text(entry, members))


def _closed(data: CaseData, members: Members) -> Iterator[Banner]:
    if data.restricted:
        text = _(
            "Restricted: this case file is kept and hidden. You can read it; of new entries only a"
            " withdrawal can be noted until the restriction is lifted."
        )
        yield Banner(Matter.RESTRICTED, text, acts=not data.read_only)
    if data.read_only:
        yield Banner(Matter.READ_ONLY, _read_only_text(data, members))
    elif data.ended is not None:
        yield Banner(Matter.NOT_READ, ended_text(data.ended))


def _gate(data: CaseData, *, acts: bool) -> Iterator[Banner]:
    if data.missing == "sheet":
        text = _("The information sheet has not been given yet: nothing about the person can be stored.")
        yield Banner(Matter.SHEET, text, acts)
    if data.missing == "consent":
        text = _("There is no consent yet: nothing about the person can be stored.")
        yield Banner(Matter.CONSENT, text, acts)


def _read_only_text(data: CaseData, members: Members) -> str:
    if isinstance(data.closed_by, AccessEndedError) and data.ended is not None:
        return ended_text(data.ended)
    return f"{_closed_text(data, members)} {leaving_text(data.ended)}".strip()


def _closed_text(data: CaseData, members: Members) -> str:
    if isinstance(data.closed_by, StandInTimeError):
        return _stand_in_over_text(str(data.closed_by.params["until"]), data.today)
    text = _(
        "You can read this case file, but not write in it: {name} has it now. Tell {name} what should"
        " still go in, or have it handed back."
    )
    return text.format(name=member_name(members, data.record.number("responsible")))


def _stand_in_over_text(until: str, today: str) -> str:
    if not until or until >= today:
        return _(
            "You can read this case file, but not write in it yet: your time as a stand-in has not begun."
            " If you are needed before, ask the supervisor to change the day."
        )
    text = _(
        "You can read this case file, but no longer write in it: your time as a stand-in ended on {day}."
        " If you still stand in, ask the supervisor to name you for these days."
    )
    return text.format(day=format_date(date.fromisoformat(until)))


def _contact(record: Record, names: Names) -> Iterator[str]:
    rule = record.text("contact_rule")
    if rule and rule != "free":
        text = value_text(CASE_FILE.fields["contact_rule"], rule, names)
        yield _("Contact: {rule}.").format(rule=text)


def _paper(record: Record, names: Names) -> Iterator[str]:
    rule = paper_rule(record)
    if rule:
        text = value_text(CASE_FILE.fields["paper_home"], rule, names)
        yield _("Paper: {rule}.").format(rule=text)


def _is_open(entry: Record, today: str) -> bool:
    return not entry.text("stand_in_until") or entry.text("stand_in_until") >= today


def _stand_in_text(entry: Record, members: Members) -> str:
    names = Names(members)
    who = member_name(members, entry.number("stand_in"))
    since, until = (
        value_text(STAND_IN.fields[name], entry.get(name), names)
        for name in ("stand_in_since", "stand_in_until")
    )
    if until:
        return _("Stand-in from {since} until {until}: {who}.").format(since=since, until=until, who=who)
    return _("Stand-in from {since}: {who}.").format(since=since, who=who)
