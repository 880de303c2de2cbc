"""The gate: nothing about a person is stored before the sheet and, where it is the basis, consent."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.consent import says_yes
from app.domain.errors import GateError
from app.domain.records import Record
from app.domain.schema import RecordType


def missing_for_gate(entries: Iterable[Record], legal_basis: str) -> str | None:
    """Give "sheet" or "consent" when that still has to be given, None when the gate is open.

    Source: GDPR Art. 13 and Art. 6(1)(a) or (e), by the employer's legal basis. A
    sheet once given stays given, whatever is withdrawn later.
    """
    known = tuple(entries)
    given = {entry.text("consent_kind") for entry in known if entry.type == "Consent"}
    if "sheet" not in given:
        return "sheet"
    if legal_basis == "consent" and not says_yes(known, "consent"):
        return "consent"
    return None


def check_gate(record_type: RecordType, registers: Iterable[str], missing: str | None) -> None:
    """Raise GateError when a register that speaks about a person would be written too early."""
    if missing is None:
        return
    if any(not record_type.register_by_name[name].before_gate for name in registers):
        raise GateError(missing=missing)
