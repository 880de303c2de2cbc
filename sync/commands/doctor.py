"""`kim-mobil doctor`: versions, and whether keys and database are sound."""

from __future__ import annotations

import platform
from argparse import Namespace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from app.i18n import _
from sync import compose
from sync.commands.terminal import ask_passphrase, home_of, say
from sync.home import HomeState
from sync.system import SystemClock

if TYPE_CHECKING:
    from sync.commands import Subparsers


def add(commands: Subparsers) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("doctor", help=_("show versions and check keys and database"))
    parser.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Show versions; check keys and database where there are any. Raises what is wrong with them."""
    home = home_of(options)
    for name, number in (("kim-mobil", _own_version()), ("Python", platform.python_version())):
        say(f"{name:<14} {number}")
    for name in ("sqlcipher3", "cryptography"):
        say(f"{name:<14} {version(name)}")
    state = compose.home_state(home)
    say(_("Folder: {state}").format(state=_words(state)))
    if state is HomeState.READY:
        compose.examine(home, ask_passphrase(), clock=SystemClock())
        say(_("Keys and database are sound."))
    return 0


def _own_version() -> str:
    try:
        return version("kim-mobil")
    except PackageNotFoundError:
        return _("not installed")


def _words(state: HomeState) -> str:
    return {
        HomeState.EMPTY: _("nothing is set up here yet"),
        HomeState.APPLIED: _("an application waits for the keeper"),
        HomeState.READY: _("set up"),
    }[state]
