"""What the page of a new case file asks of the store, in the lanes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.records import Record
from app.domain.schema import Value
from app.i18n import sort_key
from app.services import cases
from app.services.first_talk import AGREED, SHEET, open_after_first_talk
from app.services.ports import Draft, Queries, Saved, Session

DRAFT = "new_case"
DRAFTS = (DRAFT, f"{DRAFT}/{SHEET}", f"{DRAFT}/{AGREED}")
KNOWN_FROM = 200
"""Newest case files whose municipalities are offered."""


@dataclass(frozen=True)
class Prepared:
    """What the form begins with."""

    basis: str
    municipalities: tuple[str, ...]
    drafts: Mapping[str, Draft]


def prepare(session: Session) -> Prepared:
    """Give the legal basis, known municipalities, and drafts that were left."""
    queries = session.store.queries
    found = {key: queries.draft(key) for key in DRAFTS}
    return Prepared(
        cases.legal_basis(queries, session.employer_key),
        known_municipalities(queries),
        {key: draft for key, draft in found.items() if draft is not None},
    )


def known_municipalities(queries: Queries) -> tuple[str, ...]:
    """Give the municipalities of the newest case files, sorted."""
    rows = queries.case_page(None, KNOWN_FROM).rows
    return tuple(sorted({row.text("municipality") for row in rows} - {""}, key=sort_key))


def keep(session: Session, drafts: Sequence[Draft]) -> None:
    """Keep these drafts, and forget the others of the form."""
    kept = {draft.key for draft in drafts}
    with session.store.unit_of_work() as work:
        for draft in drafts:
            work.put_draft(draft)
        for key in set(DRAFTS) - kept:
            work.drop_draft(key)


def drop(session: Session) -> None:
    """Forget the drafts of the form."""
    keep(session, ())


def save(session: Session, form: Record, entries: Sequence[Record], concern: str) -> Saved:
    """Save all of it and forget the drafts, or nothing."""
    with session.store.unit_of_work():
        saved = open_after_first_talk(session, form, entries, concern)
        drop(session)
        return saved


def given_values(record: Record, names: Sequence[str]) -> dict[str, Value]:
    """Give the fields of `names` that are not empty."""
    return {name: value for name in names if (value := record.get(name)) not in (None, "", ())}
