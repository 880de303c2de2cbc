"""A step against a safety rule stops until it is confirmed with a reason."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.i18n import N_, _
from ui.dialogs.reason import ReasonDialog

PHRASES = (
    N_("The client asks for it"),
    N_("The paper stays with us"),
    N_("It is handed over in person"),
)


def safety_stop(rule: str, parent: QWidget | None = None) -> ReasonDialog:
    """Give the dialog that stops a step; `rule` says what to do, not why."""
    text = _("A safety rule stands against this step.\n\n{rule}\n\nGo on only with a reason.").format(
        rule=rule
    )
    return ReasonDialog(_("Stop: safety rule"), text, N_("Go on all the same"), PHRASES, parent)
