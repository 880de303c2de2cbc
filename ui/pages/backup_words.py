"""Backups in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from app.i18n import N_, _
from app.services.backups import BackupEntry, BackupState, BackupStatus, Debt
from ui.display import moment_text

HOLDS = N_(
    "Everything that is saved on this computer, encrypted: your passphrase or your recovery key opens it, "
    "nothing else. It holds no keys for parcels; a computer that was restored asks for new ones."
)
HOW_BACK = N_(
    "On the window in which you unlock, or on a new computer at its first start, choose “Bring back a "
    "backup”. What lies on this computer then is kept beside it."
)
OVERDUE = N_(
    "There has been no backup for seven days. Attachments, and what only you may read, exist on this "
    "computer alone until then."
)
_STATES = {
    BackupState.GOOD: N_("In order"),
    BackupState.CHECKED: N_("Checked, in order"),
    BackupState.DAMAGED: N_("Damaged"),
    BackupState.NEWER: N_("Made by a newer program"),
}


def last_text(status: BackupStatus) -> str:
    """Tell when the last one was made, and what is wrong."""
    parts = [_last(status)]
    if status.folder and not status.reachable:
        parts.append(_("The folder cannot be reached at the moment; plug in the stick or connect the drive."))
    return "\n".join(parts)


def state_text(entry: BackupEntry) -> str:
    """Tell what a file is."""
    if entry.state in (BackupState.GOOD, BackupState.CHECKED) and not entry.own:
        return _("Of another computer or person")
    return _(_STATES[entry.state])


def debt_text(debts: Sequence[Debt]) -> str:
    """Tell which folders still hold what was erased."""
    places = "\n".join(debt.place for debt in debts)
    told = _("Something was erased, and older backups that still hold it could not be reached yet:\n{places}")
    todo = _("Please connect them and back up once more; they are deleted then.")
    return f"{told.format(places=places)}\n{todo}"


def _last(status: BackupStatus) -> str:
    if not status.folder:
        return _("No folder for backups was chosen yet. A stick in the office safe is enough.")
    if status.last_ms is None:
        return _("No backup was made yet. From now on one is made each day when the folder is there.")
    return _("The last backup was made on {moment}.").format(moment=moment_text(status.last_ms))
