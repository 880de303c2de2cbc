"""Consents and withdrawals: add-only entries, and the rule that says what they amount to."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain import code_lists as lists
from app.domain.classes import RegisterClass
from app.domain.records import Record
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, code, codes, date, register, text, texts

BASE = RegisterClass.BASE
ENTRY = "entry"
ITEMS = ("supervision", "stand_in", "contact_data", "special_categories")

CONSENT = REGISTRY.declare(
    RecordType(
        "Consent",
        "Consent",
        "Consents",
        (
            register(
                ENTRY,
                "Consent",
                BASE,
                code(
                    "consent_kind", "Kind", lists.CONSENT_KIND, required=True, listed=True, default="consent"
                ),
                date("given_on", "On", required=True, listed=True),
                code("given_by", "Given by", lists.GIVEN_BY, default="self"),
                code("own_agreement", "Young person's own agreement", lists.YES_NO),
                code("consent_form", "How", lists.CONSENT_FORM, required=True, listed=True),
                text("witness", "Witness (role, no name)"),
                text("text_version", "Version of the text"),
                code("text_language", "Language", lists.LANGUAGE, listed=True),
                text("read_out_by", "Read out by (role)"),
                code("supervision_item", "Supervision may read", lists.YES_NO),
                code("stand_in_item", "A stand-in may read", lists.YES_NO),
                code("contact_data_item", "Contact data may be stored", lists.YES_NO),
                code("special_categories_item", "Health and other special data may be stored", lists.YES_NO),
                texts("recipients", "May be told to"),
                date("valid_until", "Valid until"),
                text("form_code", "Form code"),
                before_gate=True,
            ),
        ),
        add_only=True,
        title=("consent_kind",),
        newest_by="given_on",
    )
)

WITHDRAWAL = REGISTRY.declare(
    RecordType(
        "Withdrawal",
        "Withdrawal",
        "Withdrawals",
        (
            register(
                ENTRY,
                "Withdrawal",
                BASE,
                date("withdrawn_on", "On", required=True, listed=True),
                codes("withdrawn", "What is withdrawn", lists.WITHDRAWN, required=True, listed=True),
                text("withdrawal_note", "Note"),
                before_gate=True,
            ),
        ),
        add_only=True,
        title=("withdrawn",),
        newest_by="withdrawn_on",
    )
)


def item_state(entries: Iterable[Record], item: str) -> str | None:
    """Give "yes", "no" or None for a consent item over all entries of a case file.

    An item is no while any entry or withdrawal says no that no yes has in its
    context (design: sync, Changes): a yes that did not know of a no never beats it.
    """
    known = tuple(entries)
    yes = [entry for entry in known if _says(entry, item) == "yes"]
    for entry in known:
        if _says(entry, item) == "no" and not any(_knew(agreed, entry) for agreed in yes):
            return "no"
    return "yes" if yes else None


def says_yes(entries: Iterable[Record], kind: str) -> bool:
    """Tell whether a consent of `kind` was given that no unanswered withdrawal of everything ended."""
    known = tuple(entries)
    given = [entry for entry in known if entry.type == "Consent" and entry.text("consent_kind") == kind]
    ended = [entry for entry in known if entry.type == "Withdrawal" and "all" in entry.items("withdrawn")]
    return any(all(_knew(agreed, end) for end in ended) for agreed in given)


def ended_by(entries: Iterable[Record]) -> tuple[Record, ...]:
    """Give the withdrawals of everything that no later consent has answered."""
    known = tuple(entries)
    given = [entry for entry in known if entry.type == "Consent" and entry.text("consent_kind") == "consent"]
    ended = [entry for entry in known if entry.type == "Withdrawal" and "all" in entry.items("withdrawn")]
    return tuple(end for end in ended if not any(_knew(agreed, end) for agreed in given))


def _says(entry: Record, item: str) -> str | None:
    if entry.type == "Withdrawal":
        return "no" if {item, "all"} & set(entry.items("withdrawn")) else None
    return entry.text(f"{item}_item") or None


def _knew(later: Record, earlier: Record) -> bool:
    context = later.shown.get(ENTRY)
    return earlier.id is not None and context is not None and earlier.id in context
