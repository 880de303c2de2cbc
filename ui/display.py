"""Values as a person reads them, by the declaration of their field and the language of the moment."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.domain.audience import Member
from app.domain.dots import Dot
from app.domain.schema import Field, Kind, Value
from app.i18n import _, format_date, format_datetime, sort_key
from app.services.ports import Members


def shown(field: Field, value: Value, members: Members) -> str:
    """Give the text of a value, empty when there is none; references are left to who knows the record."""
    if value is None or value in ("", b"", ()):
        return ""
    if field.kind is Kind.FLAG:
        return _("Yes") if value else _("No")
    if field.kind is Kind.MEMBER and isinstance(value, int):
        return member_name(members, value)
    if field.kind is Kind.MOMENT and isinstance(value, int):
        return moment_text(value)
    if isinstance(value, tuple) and not isinstance(value, Dot):
        return ", ".join(_one(field, str(item)) for item in value)
    return _size(value) if isinstance(value, bytes) else _one(field, str(value))


def member_name(members: Members, member_id: int | None) -> str:
    """Give a member's name, or a placeholder for one whom the roster does not know."""
    if member_id is None:
        return ""
    found = members.member(member_id)
    return found.name if found else _("Member {number}").format(number=member_id)


def known_name(member: Member) -> str:
    """Give a member's name; of who has left, that they have."""
    return member.name if member.active else _("{name} (has left)").format(name=member.name)


def moment_text(at_ms: int) -> str:
    """Give a moment (milliseconds since 1970, UTC) in this computer's zone."""
    return format_datetime(datetime.fromtimestamp(at_ms / 1000, UTC))


def clock_text(at_ms: int, *, wrong: bool) -> str:
    """Give a moment by its author's clock, and say when that clock was more than a day ahead."""
    time = moment_text(at_ms)
    return _("{time} ⚠ clock wrong").format(time=time) if wrong else time


def time_text(at_ms: int) -> str:
    """Give the time of day of a moment, with its date unless it was today."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone()
    today = datetime.now(UTC).astimezone().date()
    return f"{moment:%H:%M}" if moment.date() == today else moment_text(at_ms)


def sorted_codes(field: Field) -> list[tuple[str, str]]:
    """Give (code, label) of a field in the order of its list; languages by their name."""
    labels = field.codes.labels if field.codes else {}
    pairs = [(code, _(label)) for code, label in labels.items()]
    by_name = field.codes is not None and field.codes.name == "language"
    return sorted(pairs, key=lambda pair: sort_key(pair[1])) if by_name else pairs


def _size(value: bytes) -> str:
    return _("{size} bytes").format(size=len(value))


def _one(field: Field, text: str) -> str:
    if field.codes is not None:
        return _(field.codes.labels.get(text, text))
    return format_date(date.fromisoformat(text)) if field.kind is Kind.DATE else text
