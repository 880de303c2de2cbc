"""The command line of `kim-mobil`, without a screen."""

from __future__ import annotations

import locale
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from app import log
from app.domain.errors import KimError
from app.i18n import LANGUAGES, _, set_language
from sync.commands import doctor, folder, paper, round_once
from sync.commands.terminal import tell

_INTERRUPTED = 130
_OUR_FAULT = 70


class UnexpectedError(KimError):
    """A failure that nobody foresaw; the log says where."""

    error_id = "unexpected"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; failures are told in sentences on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    set_language(_language(given))
    options = _parser().parse_args(given)
    sys.excepthook = _tell_unexpected
    try:
        code: int = options.run(options)
    except KimError as error:
        tell(error)
        return error.exit_code
    except (KeyboardInterrupt, EOFError):
        return _INTERRUPTED
    return code


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="kim-mobil", description=_("Case files for integration management (KIM)."))
    parser.add_argument("--home", type=Path, metavar="DIR", help=_("folder of keys and database"))
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help=_("language of these texts"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (paper, doctor, round_once, folder):
        module.add(commands)
    return parser


def _language(arguments: Sequence[str]) -> str:
    """Give the language asked for, else that of the system, before the parser's own texts are made."""
    early = ArgumentParser(add_help=False, exit_on_error=False)
    early.add_argument("--lang")
    asked = early.parse_known_args(arguments)[0].lang
    if asked in LANGUAGES:
        return str(asked)
    return "de" if (locale.getlocale()[0] or "").startswith("de") else "en"


def _tell_unexpected(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    log.failure(error)
    tell(UnexpectedError(kind=kind.__name__))


if __name__ == "__main__":
    sys.exit(main())
