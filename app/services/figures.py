"""Keeping the derived figures of a case file in step with it."""

from __future__ import annotations

from app.domain.declarations import FIGURES
from app.domain.dots import Dot
from app.domain.figures import derive_facts
from app.domain.records import new_record
from app.domain.registry import REGISTRY
from app.services.ports import Session, UnitOfWork

SETTING = "figures:"
"""Prefix of the setting that links a case file to its figures; the link never leaves the device."""


def refresh_figures(session: Session, work: UnitOfWork, case: Dot) -> None:
    """Write the figures of a case file when its coded facts changed; only its case manager's device does."""
    head = work.record("CaseFile", case)
    if head is None or head.number("responsible") != session.me:
        return
    records = [head]
    for item in REGISTRY.in_case():
        records.extend(work.records(item.name, case))
    facts = derive_facts(records)
    link = work.setting(f"{SETTING}{case}")
    base = work.record(FIGURES.name, Dot.from_bytes(bytes.fromhex(link))) if link else None
    saved = work.save(base, (base or new_record(FIGURES)).edited(facts=facts))
    if base is None and saved.record.id is not None:
        work.put_setting(f"{SETTING}{case}", saved.record.id.to_bytes().hex())
