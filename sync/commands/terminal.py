"""What the subcommands share: the open workplace, files written whole, sentences for errors."""

from __future__ import annotations

import errno
import getpass
import os
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.errors import KimError
from app.error_messages import explain
from app.i18n import _
from app.paths import data_dir
from sync import compose
from sync.system import SystemClock, SystemEntropy
from sync.workplace import Workplace


class FileNotWrittenError(KimError):
    """A file could not be written (`reason`: errno name)."""

    error_id = "file_not_written"


def home_of(options: Namespace) -> Path:
    """Give the home folder that the command works on."""
    given: Path | None = options.home
    return given or data_dir()


def ask_passphrase() -> str:
    """Ask on the terminal, without showing what is typed."""
    return getpass.getpass(_("Passphrase: "))


@contextmanager
def opened(options: Namespace) -> Iterator[Workplace]:
    """Unlock the home's workplace for a block; raises what `compose.unlock` raises."""
    place = compose.unlock(home_of(options), ask_passphrase(), clock=SystemClock(), entropy=SystemEntropy())
    try:
        yield place
    finally:
        place.close()


def say(text: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(f"{text}\n")


def tell(error: KimError) -> None:
    """Write what happened, what is safe and what to do to standard error."""
    told = explain(error)
    sys.stderr.write(f"{told.what}\n{told.safe}\n{told.todo}\n")


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; raises FileNotWrittenError."""
    try:
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise FileNotWrittenError(reason=_errno(error)) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(aside).replace(path)
    except OSError as error:
        Path(aside).unlink(missing_ok=True)
        raise FileNotWrittenError(reason=_errno(error)) from error


def _errno(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "")
