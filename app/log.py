"""The program's log: what happened where, never what was written about whom.

Only three things of a failure reach the file: its type, its error id, and the places it came
through as file and line. Messages and values of exceptions, arguments of log calls and local
variables do not: any of them may hold a client's name. Libraries' own records are reduced to
logger and place for the same reason.
"""

import logging
import traceback
from pathlib import Path
from types import TracebackType
from typing import Final

from app.paths import log_dir

LOGGER_NAME: Final = "kim_mobil"
_BYTES: Final = 512 * 1024
_KEPT: Final = 3
_OWN_FOLDERS: Final = ("app", "sync", "ui")
_ROOT: Final = Path(__file__).resolve().parent.parent


def event(name: str, **counts: int) -> None:
    """Log that something happened, with numbers at most: `event("round_finished", sent=3)`."""
    numbers = "".join(f" {key}={int(value)}" for key, value in counts.items())
    logging.getLogger(LOGGER_NAME).info("%s", Plain(name + numbers))


def failure(error: BaseException) -> None:
    """Log a failure by type, id and places; nothing of its message."""
    logging.getLogger(LOGGER_NAME).error("%s", Plain(redacted(error)))


class Plain(str):
    """A text that this module made and that therefore may reach the log as it is."""

    __slots__ = ()


def redacted(error: BaseException) -> str:
    """A failure and what caused it without any value: fit for a log and for a report by mail."""
    chain = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        chain.append(_one(current))
        current = current.__cause__ or current.__context__
    return "\ncaused by ".join(chain)


def _one(error: BaseException) -> str:
    identity = getattr(error, "error_id", None)
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    head = f"{name} [{identity}]" if isinstance(identity, str) else name
    return "\n".join([head, *_places(error.__traceback__)])


def _places(trace: TracebackType | None) -> list[str]:
    return [
        f"  {_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(trace)
    ]


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _OWN_FOLDERS:
        return path.relative_to(_ROOT).as_posix()
    # A folder name may be a user's name; the last two parts name the library well enough.
    return "/".join(path.parts[-2:])


class Redactor(logging.Filter):
    """Reduces every record to what cannot hold client data; keeps the texts of this module."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; lets every record through."""
        parts = record.args if isinstance(record.args, tuple) else ()
        own = len(parts) == 1 and isinstance(parts[0], Plain)
        text = str(parts[0]) if own else f"record at {_short(record.pathname)}:{record.lineno}"
        error = record.exc_info[1] if record.exc_info else None
        record.msg = text if error is None else f"{text}\n{redacted(error)}"
        record.args = record.exc_info = record.exc_text = record.stack_info = None
        return True


def start(folder: Path | None = None) -> Path:
    """Begin to log into a rotating file and give its path; a second call changes nothing."""
    from app.log_file import LogFile

    path = (folder or log_dir()) / "kim-mobil.log"
    root = logging.getLogger()
    if any(isinstance(handler, LogFile) and Path(handler.baseFilename) == path for handler in root.handlers):
        return path
    handler = LogFile(path, maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True)
    handler.addFilter(Redactor())
    handler.setFormatter(logging.Formatter("{asctime} {levelname} {name} {message}", style="{"))
    root.addHandler(handler)
    logging.getLogger(LOGGER_NAME).setLevel(logging.INFO)
    return path
