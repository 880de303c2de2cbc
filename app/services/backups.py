"""Backups as the services see them: what there is, when one is due, which are kept, what is still owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, Protocol

DAY_MS: Final = int(timedelta(days=1).total_seconds() * 1000)
WEEK_MS: Final = 7 * DAY_MS
KEPT_MS: Final = 35 * DAY_MS
"""Copies age out in 35 days (protection.md, *Erasing means*)."""

FOLDER: Final = "backup_folder"
"""Setting inside the store: where backups go."""
GENERATION: Final = "backup_generation"
"""Setting inside the store: how often backups were made anew because something was erased."""


class BackupState(StrEnum):
    """What lies in a backup folder under a backup's name."""

    GOOD = "good"
    """Whole as far as can be told without reading all of it."""
    CHECKED = "checked"
    """Whole: every byte was read and compared."""
    DAMAGED = "damaged"
    """Cut off, altered, or not from this program."""
    NEWER = "newer"
    """A newer program wrote it."""


@dataclass(frozen=True)
class BackupEntry:
    """One file of a backup folder; `made_ms` since 1970, `own`: of the store that asks.

    `generation` counts the times that backups were made anew because something was erased.
    """

    path: Path
    state: BackupState
    size: int
    made_ms: int = 0
    own: bool = False
    generation: int = 0


@dataclass(frozen=True)
class Debt:
    """Backups in `place` older than `generation` hold what was erased since: the folder was not there."""

    place: str
    generation: int


@dataclass(frozen=True)
class BackupStatus:
    """How backups stand; `folder` is empty when none was chosen."""

    folder: str
    reachable: bool
    last_ms: int | None
    overdue: bool
    """Seven days have passed without one."""
    debts: tuple[Debt, ...]


class Told(NamedTuple):
    """Where the work tells its progress and asks whether to stop."""

    progress: Progress
    cancelled: Cancelled


class Progress(Protocol):
    """Is told steps done and steps in all."""

    def __call__(self, done: int, total: int, /) -> object:
        """Take note."""
        ...


class Cancelled(Protocol):
    """Tells whether somebody asked to stop."""

    def __call__(self) -> bool:
        """Give the answer of the moment."""
        ...


class BackupPlaces(Protocol):
    """Makes backups of one store in folders, and looks after what lies there."""

    def make(self, folder: Path, at_ms: int, generation: int, told: Told) -> BackupEntry:
        """Write a backup and read it back; on any failure the folder is as it was.

        Raises BackupFolderMissingError, BackupNotWrittenError, BackupStoppedError, DiskFullError.
        """
        ...

    def entries(self, folder: Path) -> tuple[BackupEntry, ...]:
        """Give what lies in a folder, newest first; raises BackupFolderMissingError."""
        ...

    def check(self, entry: BackupEntry, told: Told) -> BackupEntry:
        """Read all of a backup and tell what it is; raises BackupStoppedError."""
        ...

    def remove(self, entry: BackupEntry) -> None:
        """Delete an own backup; raises BackupNotWrittenError."""
        ...

    def is_there(self, folder: Path) -> bool:
        """Tell whether a folder can be reached at the moment."""
        ...

    def put_beside(self, folder: Path, ending: str, data: bytes) -> None:
        """Keep a small file of this device beside its backups; raises BackupNotWrittenError."""
        ...

    def strip_put_aside(self) -> None:
        """Take prekeys and channel keys out of stores that a restore put aside, as backups hold none."""
        ...

    def drop_put_aside(self, now_ms: int | None) -> None:
        """Delete stores that a restore put aside 35 days ago (None: all); raises BackupNotWrittenError."""
        ...


def is_due(last_ms: int | None, now_ms: int) -> bool:
    """Tell whether a day has passed; a last one in the future (a clock set back) counts as none."""
    return last_ms is None or not 0 <= now_ms - last_ms < DAY_MS


def is_overdue(since_ms: int, now_ms: int) -> bool:
    """Tell whether a person must be warned: seven days without a backup, or a clock that was set back."""
    return abs(now_ms - since_ms) >= WEEK_MS


def surplus(entries: Sequence[BackupEntry], now_ms: int) -> tuple[BackupEntry, ...]:
    """Give the own backups to delete: one a day stays for a week, then one a week, none beyond 35 days.

    The newest always stays, and so does what cannot be read or comes from the future.
    """
    own = sorted(
        (entry for entry in entries if entry.own and entry.state is BackupState.GOOD),
        key=lambda entry: entry.made_ms,
        reverse=True,
    )
    taken: set[tuple[int, int]] = set()
    found = []
    for entry in own[1:]:
        age = now_ms - entry.made_ms
        step = DAY_MS if age < WEEK_MS else WEEK_MS
        slot = (step, entry.made_ms // step)
        if age >= 0 and (age > KEPT_MS or slot in taken or slot == (DAY_MS, own[0].made_ms // DAY_MS)):
            found.append(entry)
        taken.add(slot)
    return tuple(found + [entry for entry in entries if _is_old_and_damaged(entry, now_ms)])


def _is_old_and_damaged(entry: BackupEntry, now_ms: int) -> bool:
    damaged = entry.own and entry.state is BackupState.DAMAGED
    return damaged and now_ms - entry.made_ms > KEPT_MS
