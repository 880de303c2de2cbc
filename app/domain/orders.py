"""Orders: erase, redact, restrict, lift, end of access; and who must sign each.

A grow-only set, not registers: an order names case files or changes, never a person, applies whenever
those arrive, and beats every edit (design: sync, Orders; GDPR Art. 17 and 18).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.domain import code_lists as lists
from app.domain.audience import AT_THE_KI, Role
from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.errors import KimError
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, blob, code, integer, register

WAIT_MS: Final = int(timedelta(days=14).total_seconds() * 1000)
"""How long nobody erases what they gave up after the new holder has signed for all of it."""
REDACTED: Final = b"\xa0"
"""The value of a redacted change: a register without fields, in canonical CBOR."""

_WRITTEN_ANYWAY: Final = frozenset({"Withdrawal", "Handover", "HandoverReceipt", "StandIn"})
_ASSIGNING: Final = frozenset({"responsible", "supervision"})


def is_written_anyway(record_type: RecordType, register_name: str) -> bool:
    """Tell whether something may be written into a restricted case file: who looks after it, a withdrawal."""
    assigns = record_type.is_case and register_name in _ASSIGNING
    return record_type.derived or assigns or record_type.name in _WRITTEN_ANYWAY


class OrderKind(StrEnum):
    """What is ordered; the words are part of the signed document."""

    ERASE = "erase"
    REDACT = "redact"
    RESTRICT = "restrict"
    LIFT = "lift"
    END_ACCESS = "end_access"


KIND = lists.code_list(
    "order_kind",
    {
        OrderKind.ERASE: "Erase",
        OrderKind.REDACT: "Redact",
        OrderKind.RESTRICT: "Restrict",
        OrderKind.LIFT: "Lift the restriction",
        OrderKind.END_ACCESS: "End access",
    },
)
AGAINST_ADVICE: Final = "against_advice"
WITHDRAWAL: Final = "withdrawal"
CONSENT_NO: Final = "consent_no"
BASIS = lists.code_list(
    "order_basis",
    {
        "client_wish": "The client wishes it",
        WITHDRAWAL: "Consent was withdrawn",
        "retention": "The retention period is over",
        "wrong_value": "What was written is wrong",
        "disputed": "Correctness or lawfulness is disputed",
        "settled": "The reason for the restriction is gone",
        CONSENT_NO: "The client said no to this reader",
        "assignment_over": "The assignment is over",
        AGAINST_ADVICE: "Decided by the KI against the case manager's advice",
    },
)
BASES: Final = {
    OrderKind.ERASE: ("client_wish", WITHDRAWAL, "retention", AGAINST_ADVICE),
    OrderKind.REDACT: ("wrong_value", "client_wish", AGAINST_ADVICE),
    OrderKind.RESTRICT: ("client_wish", WITHDRAWAL, "disputed"),
    OrderKind.LIFT: ("settled", "client_wish"),
    OrderKind.END_ACCESS: (CONSENT_NO, WITHDRAWAL, "assignment_over"),
}
"""The legal bases that each kind may name."""
OUTCOME = lists.code_list("order_outcome", {"done": "Carried out", "nothing_here": "Nothing was here"})

ORDER = REGISTRY.declare(
    RecordType(
        "Order",
        "Order",
        "Orders",
        (
            register(
                "order",
                "Order",
                RegisterClass.DIRECTORY,
                blob("order_document", "Signed order", required=True, generated=True),
            ),
        ),
        in_case=False,
        add_only=True,
        by_all=True,
    )
)
ORDER_RECEIPT = REGISTRY.declare(
    RecordType(
        "OrderReceipt",
        "Confirmation",
        "Confirmations",
        (
            register(
                "receipt",
                "Confirmation",
                RegisterClass.KI,
                blob("receipt_order", "Order", required=True, generated=True),
                code("receipt_outcome", "Outcome", OUTCOME, required=True, generated=True),
                integer("receipt_gone", "Entries erased", generated=True),
                integer("receipt_refused", "Entries refused since", generated=True),
            ),
        ),
        in_case=False,
        add_only=True,
        by_all=True,
    )
)


class OrderBasisError(KimError):
    """An order of this kind cannot rest on this basis, or names nothing (`kind`, `basis`)."""

    error_id = "order_basis"


class CaseErasedError(KimError):
    """The case file was erased by an order; nothing more can be written into it."""

    error_id = "case_erased"


class CaseRestrictedError(KimError):
    """The case file is restricted: locked and kept, until the restriction is lifted."""

    error_id = "case_restricted"


@dataclass(frozen=True)
class Order:
    """What is ordered. `day`: days since 1970; `nonce` tells two orders of the same content apart.

    `records` are entries made in another case file that go too, `kept` entries made in these case
    files that belong to another one by now; `dots` are changes to be redacted; `lifts` names
    restrictions by their ids; `member` is whose access ends, and `records` are then the entries by
    which they stood in.
    """

    kind: OrderKind
    basis: str
    day: int
    nonce: bytes
    cases: frozenset[Dot]
    records: frozenset[Dot] = field(default_factory=frozenset)
    kept: frozenset[Dot] = field(default_factory=frozenset)
    dots: frozenset[Dot] = field(default_factory=frozenset)
    lifts: frozenset[bytes] = field(default_factory=frozenset)
    member: int | None = None

    @property
    def is_sound(self) -> bool:
        """Whether it names what its kind needs, and a basis that its kind may have."""
        named = {
            OrderKind.REDACT: bool(self.dots),
            OrderKind.LIFT: bool(self.lifts),
            OrderKind.END_ACCESS: self.member is not None,
        }
        return bool(self.cases) and self.basis in BASES[self.kind] and named.get(self.kind, True)


@dataclass(frozen=True)
class Signer:
    """A member who signed an order: every role ever held, and whether ever responsible for what it names."""

    member: int
    roles: frozenset[Role]
    responsible: bool


def missing_signatures(order: Order, signers: Iterable[Signer]) -> tuple[str, ...]:
    """Give whose signatures an order still needs: "responsible", "supervisor", "second" or "either".

    None missing: it counts.

    Erasure and redaction: the responsible and one supervisor, two different people; against the
    responsible's advice two at the KI, one of them a supervisor. Restriction and its lifting: the
    responsible or a supervisor. End of access: a supervisor, or where the client said no the responsible
    (design: protection, Art. 17 and 18).
    """
    given = {item.member: item for item in signers}.values()
    supervisors = {item.member for item in given if Role.SUPERVISOR in item.roles}
    responsible = {item.member for item in given if item.responsible}
    if order.kind in (OrderKind.ERASE, OrderKind.REDACT):
        if order.basis == AGAINST_ADVICE:
            others = {item.member for item in given if item.roles & AT_THE_KI}
            return _pair(supervisors, others, ("supervisor", "second"))
        return _pair(supervisors, responsible, ("supervisor", "responsible"))
    if order.kind is OrderKind.END_ACCESS and order.basis not in (CONSENT_NO, WITHDRAWAL):
        return () if supervisors else ("supervisor",)
    return () if supervisors | responsible else ("either",)


def has_waited(since_ms: tuple[int, int | None], now_ms: tuple[int, int | None]) -> bool:
    """Tell whether 14 days have passed between two moments; a wrong clock shortens nothing.

    Each moment: milliseconds by this device's clock, and by the newest word of a relay or None. Where a
    relay was ever heard, the time must have passed by both.
    """
    own, relay = now_ms
    since_own, since_relay = since_ms
    if relay is not None and relay - (relay if since_relay is None else since_relay) < WAIT_MS:
        return False
    return own - since_own >= WAIT_MS


@dataclass(frozen=True)
class GivingUp:
    """What is known when a device asks whether it may erase a case file that it gave up.

    `held`: every change here, unsent ones included; `receipts`: what the new holder has signed for
    (None: nothing yet). `since_ms`: the moment from which the receipts covered all, and `now_ms` the
    present one, each as (this device's clock, the newest word of a relay or None).
    """

    held: Context
    receipts: Context | None
    identity_settled: bool
    since_ms: tuple[int, int | None] | None
    now_ms: tuple[int, int | None]


def may_give_up(case: GivingUp) -> bool:
    """Tell whether nothing is lost when the case file is erased here; a wrong clock shortens nothing.

    The time must have passed by this device's clock and, where a relay was ever heard, by the relay's.
    """
    if case.receipts is None or not case.held <= case.receipts:
        return False
    if not case.identity_settled or case.since_ms is None:
        return False
    return has_waited(case.since_ms, case.now_ms)


def _pair(first: set[int], second: set[int], names: tuple[str, str]) -> tuple[str, ...]:
    """Name which of two signatures is missing; one person never gives both."""
    if len(first | second) > 1 and first and second:
        return ()
    if first:
        return (names[1],)
    return (names[0],) if second else names
