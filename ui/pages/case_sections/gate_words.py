"""Why a field or an entry waits: the gate in words."""

from __future__ import annotations

from app.domain.schema import RecordType
from app.i18n import N_, _

WAITS = {
    "sheet": N_("Waits until the information sheet has been given."),
    "consent": N_("Waits until the client has agreed."),
}


def why_locked(missing: str | None) -> str:
    """Give the sentence for what the gate waits for, none while it is open."""
    return _(WAITS[missing]) if missing else ""


def locked_registers(record_type: RecordType, missing: str | None) -> frozenset[str]:
    """Give the registers that take nothing before the gate opens."""
    if missing is None:
        return frozenset()
    return frozenset(item.name for item in record_type.registers if not item.before_gate)
