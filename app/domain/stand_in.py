"""A stand-in: who may work in a case file beside its case manager."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain import code_lists as lists
from app.domain.classes import RegisterClass
from app.domain.errors import KimError
from app.domain.records import Record
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, Whom, code, date, member, register

STAND_IN = REGISTRY.declare(
    RecordType(
        "StandIn",
        "Stand-in",
        "Stand-ins",
        (
            register(
                "stand_in",
                "Stand-in",
                RegisterClass.BASE,
                member("stand_in", "Stand-in", required=True, listed=True, whom=Whom.MAY_STAND_IN),
                date("stand_in_since", "Since", listed=True),
                date("stand_in_until", "Until", listed=True),
                code("stand_in_reason", "Reason", lists.STAND_IN_REASON, listed=True),
                before_gate=True,
            ),
        ),
        title=("stand_in",),
        newest_by="stand_in_since",
    )
)


@dataclass(frozen=True)
class Today:
    """The day, as far as a device can know it: ISO dates, the same unless a clock is wrong.

    What begins counts from the earlier one, what ends from the later one, so that a
    wrong clock never gives anybody a case file for longer.
    """

    earliest: str
    latest: str


class StandInTimeError(KimError):
    """A stand-in wrote before their time, or after it (`until`: the last day, empty before it began)."""

    error_id = "stand_in_time"


class StandInMemberError(KimError):
    """A member was named who reads no case files, by their role, their duties, or since they left."""

    error_id = "stand_in_member"


def stands_in(entry: Record, today: Today) -> bool:
    """Tell whether it is the time of this stand-in; both days belong to it."""
    since, until = entry.text("stand_in_since"), entry.text("stand_in_until")
    return (not since or since <= today.earliest) and (not until or today.latest <= until)


def is_over(entry: Record, today: Today) -> bool:
    """Tell whether the last day of this stand-in has passed."""
    until = entry.text("stand_in_until")
    return bool(until) and until < today.latest


def stand_ins_of(entries: Iterable[Record], today: Today) -> frozenset[int]:
    """Give the member ids of those whose time it is."""
    named = (entry.number("stand_in") for entry in entries if stands_in(entry, today))
    return frozenset(member_id for member_id in named if member_id is not None)
