"""The folder that holds one person's keys and store, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from sync.recovery.restoring import Restoring

VAULT: Final = "vault.kim"
DATABASE: Final = "store.db"
_STAGE: Final = "stage"
_MAKING: Final = "making"
_APPLIED: Final = "applied"
_PRIVATE: Final = 0o700
_KEPT_BESIDE: Final = (f"{VAULT}.attempts", VAULT, _STAGE)


class HomeState(StrEnum):
    """What a home folder holds."""

    EMPTY = "empty"
    APPLIED = "applied"
    """An application that waits for a keeper."""
    READY = "ready"


@dataclass(frozen=True)
class Home:
    """A home folder; `stage` is a small file that exists only until a person can work."""

    folder: Path

    @property
    def vault(self) -> Path:
        """The file with the wrapped data key."""
        return self.folder / VAULT

    @property
    def database(self) -> Path:
        """The encrypted store."""
        return self.folder / DATABASE

    @property
    def backups(self) -> Path:
        """The folder of backups that were made before an upgrade while no other could be reached."""
        return self.folder / "backups"

    @property
    def restoring(self) -> Restoring:
        """A backup that is being brought back into this folder."""
        return Restoring(self.folder, (f"{DATABASE}-wal", f"{DATABASE}-shm", DATABASE, *_KEPT_BESIDE))

    def state(self) -> HomeState:
        """Tell how far it has come; what a killed set-up left behind counts as nothing."""
        stage = self._stage()
        if self.restoring.is_decided:
            return HomeState.READY
        if stage[:1] == [_APPLIED]:
            return HomeState.APPLIED
        if stage or not (self.vault.exists() or self.database.exists()):
            return HomeState.EMPTY
        return HomeState.READY

    @property
    def has_lost_its_keys(self) -> bool:
        """Tell whether a finished store lies here without its key file, which a backup may still hold."""
        return not self._stage() and self.database.exists() and not self.vault.exists()

    def begin(self) -> None:
        """Make the folder ready for new keys: only what an unfinished set-up left is removed."""
        self.folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        if self._stage() == [_MAKING]:
            self.clear()
        if not self.vault.exists():
            self._write_stage(_MAKING)

    def clear(self) -> None:
        """Remove what an unfinished set-up made: nobody was given a key to it yet."""
        for name in (VAULT, f"{VAULT}.attempts", DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", _STAGE):
            (self.folder / name).unlink(missing_ok=True)

    def note_applied(self, fingerprint: str) -> None:
        """Note that an application waits, with the six words to compare."""
        self._write_stage(f"{_APPLIED}\n{fingerprint}")

    def fingerprint(self) -> str:
        """Give the six words of the application that waits; empty when none does."""
        stage = self._stage()
        return stage[1] if stage[:1] == [_APPLIED] and len(stage) > 1 else ""

    def note_ready(self) -> None:
        """Note that a person can work here."""
        (self.folder / _STAGE).unlink(missing_ok=True)

    def _stage(self) -> list[str]:
        try:
            return (self.folder / _STAGE).read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _write_stage(self, text: str) -> None:
        aside = self.folder / f"{_STAGE}.new"
        aside.write_text(text, "utf-8")
        aside.replace(self.folder / _STAGE)
