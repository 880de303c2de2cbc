"""Taking a step with the roster from a page: in the network lane, and told how it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.i18n import _
from ui.context import ScreenContext
from ui.notice import Notice

if TYPE_CHECKING:
    from sync.workplace import Keepers

PROPOSED = "proposed"


class Steps:
    """Runs what keepers do; `done` is called after each that changed something."""

    def __init__(
        self, context: ScreenContext, notice: Notice, owner: QWidget, done: Callable[[], None]
    ) -> None:
        """Tell of the outcome in `notice`."""
        self._context, self._notice, self._owner, self._done = context, notice, owner, done

    def take(self, work: Callable[[Keepers], object], told: str = "") -> None:
        """Do `work`; say `told`, or that another keeper must sign too."""

        def finished(step: object) -> None:
            self._notice.say(_proposed_text() if str(step) == PROPOSED else told or _done_text(), "saved")
            self._done()

        self.ask(work, finished)

    def ask(self, work: Callable[[Keepers], object], then: Callable[..., None]) -> None:
        """Do `work` and hand its answer to `then`."""
        keepers = self._context.workplace.keepers
        self._context.lanes.network(
            lambda _progress, _cancelled: work(keepers), then, self._notice.explain, owner=self._owner
        )


def _proposed_text() -> str:
    return _("Proposed. It counts as soon as a second keeper has signed it; both sync once for that.")


def _done_text() -> str:
    return _("Done. Everybody is told of it with their next sync.")
