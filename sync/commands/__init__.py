"""The subcommands of `kim-mobil`: each module adds its options and runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, _SubParsersAction

    Subparsers = _SubParsersAction[ArgumentParser]
