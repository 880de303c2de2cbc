"""The command `kim-mobil`: with no argument the screen, with a subcommand the command line without Qt."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.application import Program


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; gives its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given:
        from sync.cli import main as run_command

        return run_command(given)
    return open_screen().run()


def open_screen() -> Program:
    """Load the program and show its first window; the caller runs it."""
    gc.disable()  # loading leaves no garbage to speak of; ui.collector collects from the first window on
    from ui.application import begin

    return begin()


if __name__ == "__main__":
    sys.exit(main())
