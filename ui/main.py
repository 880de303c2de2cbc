"""The command `kim-mobil`: with no argument the screen, with a subcommand the command line without Qt."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; gives its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given:
        from sync.cli import main as run_command

        return run_command(given)
    from ui.application import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
