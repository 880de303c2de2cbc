"""The folder carrier as the screen and the command line are given it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final

from app.services.folder import FolderReport, FolderStatus
from sync.carriers import Cancelled, Progress, never_cancelled, no_progress
from sync.engine import Engine
from sync.folder.exchanging import FolderExchange
from sync.rounds.exchange import Kind

_PATH: Final = "folder:path"
_AT: Final = "folder:at_ms"


class Folder:
    """Exchanges by a folder; `line` is held meanwhile, so that no round runs beside."""

    def __init__(
        self, engine: Engine, line: Lock, prepare: Callable[[], None], finish: Callable[[], None]
    ) -> None:
        """Work for an open workplace; `prepare` before an exchange, `finish` once others' lists were read."""
        self._engine, self._line, self._prepare, self._finish = engine, line, prepare, finish

    def exchange(
        self, path: Path, progress: Progress = no_progress, cancelled: Cancelled = never_cancelled
    ) -> FolderReport:
        """Take what lies in the folder for this device and put its own there.

        Raises FolderMissingError, FolderGoneError, FolderKeyMissingError and RoundCancelledError; what
        was taken before stays; NotAgreedError on a restored computer. A full or read-only folder is told in
        the report: it was read all the same.
        """
        with self._line:
            self._prepare()
            report = FolderExchange(self._engine, path, progress, cancelled).run()
            with self._engine.office.transaction() as post:
                post.records.put_setting(_PATH, str(path))
                post.records.put_setting(_AT, str(report.at_ms))
            if report.lists:
                self._finish()
        return report

    def status(self) -> FolderStatus:
        """Give the folder used last, and how many own parcels were put into folders and not read by all."""
        with self._engine.office.transaction() as post:
            path, at = post.records.setting(_PATH), post.records.setting(_AT)
            kept = {item.digest for item in post.out.kept()}
            placed = {item.digest for item in post.folder.known().values() if _is_own(item.kind, item.placed)}
        return FolderStatus(path or "", int(at) if at else None, len(kept & placed))


def _is_own(kind: int, placed: bool) -> bool:
    return kind == Kind.ENVELOPE and placed
