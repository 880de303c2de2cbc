"""The row at the foot of a dialog: the step stands first, the way out last; what Enter does is said once."""

from __future__ import annotations

from PySide6.QtWidgets import QDialogButtonBox, QPushButton

ROLE = QDialogButtonBox.ButtonRole


def button_row(*steps: QPushButton, away: QPushButton, enter: QPushButton | None = None) -> QDialogButtonBox:
    """Give a row of `steps` and the way out; Enter in a field presses `enter`, or nothing.

    A step that cannot be taken back is never `enter` by itself: only once something was typed for it.
    """
    # Qt makes the first button that accepts the default one, unless another is: none of ours accepts.
    row = QDialogButtonBox()
    for step in steps:
        row.addButton(step, ROLE.ActionRole)
    row.addButton(away, ROLE.RejectRole)
    if enter is not None:
        enter.setDefault(True)
    return row
