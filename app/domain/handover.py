"""Handing a case file over: add-only steps, what they amount to, and who may take part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain import code_lists as lists
from app.domain.audience import CaseFacts, Member, Role
from app.domain.classes import RegisterClass
from app.domain.dots import Dot
from app.domain.errors import KimError
from app.domain.records import Record
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, Whom, code, date, flag, member, reference, register, text

STEP = lists.code_list(
    "handover_step",
    {
        "asked": "Asked",
        "accepted": "Accepted",
        "declined": "Declined",
        "withdrawn": "Withdrawn",
        "identity": "Identity data settled",
        "released": "Received completely",
    },
)
REASON = lists.code_list(
    "handover_reason",
    {
        "leaves": "Case manager leaves",
        "illness": "Illness",
        "area": "Other area or task",
        "caseload": "Too many case files",
        "client_wish": "Client's wish",
        "other": "Other",
    },
)
IDENTITY_DATA = lists.code_list(
    "identity_data",
    {"none": "There is none", "passed_on": "Passed on", "left": "Expressly left behind"},
)

HANDOVER = REGISTRY.declare(
    RecordType(
        "Handover",
        "Handover",
        "Handovers",
        (
            register(
                "handover",
                "Handover",
                RegisterClass.BASE,
                code("handover_step", "Step", STEP, required=True, listed=True),
                date("handover_on", "On", required=True, listed=True),
                member("handover_from", "From whom", required=True, listed=True, whom=Whom.MAY_HAVE_CASES),
                member("handover_to", "To whom", required=True, listed=True, whom=Whom.MAY_TAKE_OVER),
                member("handover_by", "By", required=True),
                code("handover_reason", "Reason", REASON),
                text("handover_note", "Note"),
                flag("client_present", "Client was present"),
                flag("client_agreed", "Client agreed"),
                code("identity_data", "Contact data and attachments", IDENTITY_DATA),
                reference("handover_asked", "Belongs to", "Handover", generated=True),
                before_gate=True,
            ),
        ),
        add_only=True,
        title=("handover_step",),
        newest_by="handover_on",
    )
)

RECEIPT = "HandoverReceipt"
OFFERED = frozenset({"number", "languages", "responsible", "supervision"})
"""What of a case file somebody who was asked to take it over is told besides: nothing about the person."""


class RecipientError(KimError):
    """This member cannot take case files over (`reason`: gone, role, same, immigration)."""

    error_id = "handover_recipient"


class AgreementMissingError(KimError):
    """The new case manager works for another employer, and the client has not agreed."""

    error_id = "handover_agreement"


class HandoverStateError(KimError):
    """A handover is not, or no longer, in the state that this step needs (`status`)."""

    error_id = "handover_state"


@dataclass(frozen=True)
class Handover:
    """One handover: its asking entry and all later steps; its status depends on the set, not on any order."""

    asked: Record
    steps: tuple[Record, ...] = ()

    @property
    def status(self) -> str:
        """Give "released", "accepted", "withdrawn", "declined" or "asked".

        Of an acceptance and a withdrawal that crossed, the acceptance counts: the
        case file has gone already, and a handover back is the next step.
        """
        taken = {step.text("handover_step") for step in self.steps}
        if "accepted" in taken:
            return "released" if "released" in taken else "accepted"
        return next((status for status in ("withdrawn", "declined") if status in taken), "asked")

    @property
    def is_taken(self) -> bool:
        """Tell whether the case file went over."""
        return self.status in ("accepted", "released")

    @property
    def giver(self) -> int:
        """Member id of who gives the case file up."""
        return self.asked.number("handover_from") or 0

    @property
    def recipient(self) -> int:
        """Member id of who is to take it over."""
        return self.asked.number("handover_to") or 0

    @property
    def identity_data(self) -> str:
        """What became of contact data and attachments: a code of IDENTITY_DATA, "" until the giver said.

        Nobody else can say it: they never travel, so only the giver has them.
        """
        own = (step for step in (*self.steps, self.asked) if step.number("handover_by") == self.giver)
        answers = (step.text("identity_data") for step in own)
        return next((answer for answer in answers if answer), "")

    def step(self, name: str) -> Record | None:
        """Give the newest step of that name."""
        return next((step for step in self.steps if step.text("handover_step") == name), None)


def handovers(entries: Iterable[Record]) -> tuple[Handover, ...]:
    """Give the handovers that the entries of one case file amount to, newest first."""
    known = tuple(entries)
    asked = [entry for entry in known if entry.text("handover_step") == "asked"]
    steps: dict[Dot | None, list[Record]] = {entry.id: [] for entry in asked}
    for entry in known:
        if entry.text("handover_step") != "asked":
            steps.get(entry.reference("handover_asked"), []).append(entry)
    found = [Handover(entry, tuple(sorted(steps[entry.id], key=_newest, reverse=True))) for entry in asked]
    return tuple(sorted(found, key=lambda item: _newest(item.asked), reverse=True))


def givers(found: Iterable[Handover], responsible: int | None, status: str) -> frozenset[int]:
    """Give who handed the case file over, does not have it again, and whose last handover stands so.

    Only the last one of each counts: an earlier one that was never seen to its end keeps nobody in.
    """
    last: dict[int, Handover] = {}
    for item in found:
        if item.is_taken and item.giver != responsible:
            last.setdefault(item.giver, item)
    return frozenset(member for member, item in last.items() if item.status == status)


def told_besides(record_type: str, register: str, facts: CaseFacts) -> frozenset[int]:
    """Give the members who are told of a change although the case file is not, or no longer, theirs."""
    if record_type == HANDOVER.name:
        return facts.asked | facts.answered
    if record_type == RECEIPT:
        return facts.released
    return facts.asked if record_type == "CaseFile" and register in OFFERED else frozenset()


def check_recipient(recipient: Member | None, giver: Member | None, *, agreed: bool) -> None:
    """Raise RecipientError or AgreementMissingError unless `recipient` may take over what `giver` has.

    Another employer's case manager only with the client's yes; nobody with duties in
    an immigration office (design: domain, Class; protection, Roles).
    """
    if recipient is None or not recipient.active:
        raise RecipientError(reason="gone")
    if recipient.role is not Role.CASE_MANAGER:
        raise RecipientError(reason="role")
    if giver is not None and recipient.id == giver.id:
        raise RecipientError(reason="same")
    if recipient.immigration_duties:
        raise RecipientError(reason="immigration")
    if not agreed and (giver is None or recipient.employer != giver.employer):
        raise AgreementMissingError


def _newest(entry: Record) -> tuple[int, Dot]:
    return (entry.updated_hlc, entry.id or Dot(0, 0, 0))
