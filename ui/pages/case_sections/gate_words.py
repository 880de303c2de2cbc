"""Why a field or an entry waits: the gate in words."""

from __future__ import annotations

from app.domain.orders import is_written_anyway
from app.domain.schema import RecordType
from app.i18n import N_, _
from ui.pages.case_sections.case_data import CaseData

WAITS = {
    "sheet": N_("Waits until the information sheet has been given."),
    "consent": N_("Waits until the client has agreed."),
}


def why_locked(missing: str | None) -> str:
    """Give the sentence for what the gate waits for, none while it is open."""
    return _(WAITS[missing]) if missing else ""


def is_closed(record_type: RecordType, data: CaseData) -> bool:
    """Tell whether nothing of a type may be written for a reason that a banner above the page tells."""
    anyway = all(is_written_anyway(record_type, item.name) for item in record_type.registers)
    closed = data.read_only and not (data.assigns and anyway)
    return closed or (data.restricted and not anyway)


def locked_registers(record_type: RecordType, missing: str | None) -> frozenset[str]:
    """Give the registers that take nothing before the gate opens."""
    if missing is None:
        return frozenset()
    return frozenset(item.name for item in record_type.registers if not item.before_gate)
