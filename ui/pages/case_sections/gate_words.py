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


def why_no_entry(record_type: RecordType, data: CaseData) -> str:
    """Give the sentence for why there can be no new entry of a type, none while there can."""
    if data.read_only:
        return _("You can read this case file, but no longer write in it: another case manager has it.")
    if data.restricted and not all(
        is_written_anyway(record_type, item.name) for item in record_type.registers
    ):
        return _("Restricted: this case file is kept and hidden; nothing may be written into it.")
    return why_locked(data.missing) if locked_registers(record_type, data.missing) else ""


def locked_registers(record_type: RecordType, missing: str | None) -> frozenset[str]:
    """Give the registers that take nothing before the gate opens."""
    if missing is None:
        return frozenset()
    return frozenset(item.name for item in record_type.registers if not item.before_gate)
