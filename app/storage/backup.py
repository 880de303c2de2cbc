"""Backups: a copy of the store without prekeys and channel keys, written to a folder and read back."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import BinaryIO, Final, NoReturn

from app.domain.errors import KimError
from app.paths import flush_folder
from app.services.backups import FOLDER, GENERATION, KEPT_MS, BackupEntry, BackupState, Told
from app.storage.backup_copy import copy_store, strip_store
from app.storage.backup_file import (
    CHUNK,
    BackupHeader,
    encode_front,
    pieces,
    read_backup_header,
    read_front,
)
from app.storage.connection import Connection, open_copier, translating_errors
from app.storage.errors import (
    BackupDamagedError,
    BackupFolderMissingError,
    BackupNotWrittenError,
    BackupStoppedError,
    NewerBackupError,
)
from app.storage.migrate import migrations

SUFFIX: Final = ".kimbackup"
PUT_ASIDE: Final = "before-restore-"
"""How the folder of a store begins that a restored one replaced."""
_ASIDE: Final = ".part"
_LOCAL: Final = ".copy"
_STEPS: Final = 3
"""A backup is told as three passes over the same bytes: copied, written, read back."""
_BINARY: Final = getattr(os, "O_BINARY", 0)
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True)
class BackupSource:
    """The store of which backups are made, and what a header says of it.

    `vault`: the file with the wrapped data key, which is read anew for each backup; `key`: the store's
    raw key; `header_key`: 32 more bytes derived from the data key.
    """

    database: Path
    vault: Path
    key: bytes
    header_key: bytes
    district: bytes
    device: int
    code: str


class BackupFolders:
    """Implements `app.services.backups.BackupPlaces` for one store."""

    def __init__(self, source: BackupSource) -> None:
        """Make backups of `source`."""
        self._source = source

    def make(self, folder: Path, at_ms: int, generation: int, told: Told) -> BackupEntry:
        """Write a backup and read it back; on any failure the folder is as it was.

        Raises BackupFolderMissingError, BackupNotWrittenError, BackupStoppedError, and what `copy_store`
        raises.
        """
        if not self.is_there(folder):
            raise BackupFolderMissingError
        copy = _copy_path(self._source)
        try:
            _drop_leftovers(folder, self._source)
            schema = copy_store(self._source.database, copy, self._source.key, told.cancelled)
            header = self._header(copy, schema, at_ms, generation)
            front = encode_front(header, self._source.header_key)
            path = _write(folder / _name(self._source, at_ms), front, copy, header.size, told)
            return BackupEntry(path, BackupState.GOOD, path.stat().st_size, at_ms, True, generation)
        except OSError as error:
            _refuse(error)
        finally:
            copy.unlink(missing_ok=True)

    def entries(self, folder: Path) -> tuple[BackupEntry, ...]:
        """Give what lies in a folder, newest first; raises BackupFolderMissingError."""
        try:
            found = [self._entry(path) for path in sorted(folder.glob(f"*{SUFFIX}")) if path.is_file()]
        except OSError as error:
            raise BackupFolderMissingError from error
        if not self.is_there(folder):
            raise BackupFolderMissingError
        return tuple(sorted(found, key=lambda entry: (-entry.made_ms, entry.path.name)))

    def check(self, entry: BackupEntry, told: Told) -> BackupEntry:
        """Read all of a backup and tell what it is; raises BackupStoppedError."""
        found = self._entry(entry.path)
        if found.state is not BackupState.GOOD:
            return found
        try:
            _read_back(entry.path, read_backup_header(entry.path).header.size, told)
        except (BackupDamagedError, NewerBackupError, OSError):
            return replace(found, state=BackupState.DAMAGED)
        return replace(found, state=BackupState.CHECKED)

    def remove(self, entry: BackupEntry) -> None:
        """Delete an own backup; raises BackupNotWrittenError."""
        try:
            entry.path.unlink(missing_ok=True)
            flush_folder(entry.path.parent)
        except OSError as error:
            _refuse(error)

    def is_there(self, folder: Path) -> bool:
        """Tell whether a folder can be reached at the moment."""
        try:
            return folder.is_dir()
        except OSError:
            return False

    def put_beside(self, folder: Path, ending: str, data: bytes) -> None:
        """Keep a small file of this device beside its backups; raises BackupNotWrittenError."""
        path = folder / f"{_prefix(self._source)[:-1]}{ending}"
        aside = path.with_name(path.name + _ASIDE)
        try:
            with _new_file(aside) as out:
                out.write(data)
                _flush(out)
            os.replace(aside, path)
            flush_folder(folder)
        except OSError as error:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            _refuse(error)

    def drop_put_aside(self, now_ms: int | None) -> None:
        """Delete stores that a restore put aside 35 days ago (None: all); raises BackupNotWrittenError."""
        try:
            for path in self._source.database.parent.glob(f"{PUT_ASIDE}*"):
                if now_ms is None or now_ms - int(path.stat().st_ctime * 1000) > KEPT_MS:
                    shutil.rmtree(path)
        except OSError as error:
            _refuse(error)

    def strip_put_aside(self) -> None:
        """Take the short-lived keys out of stores that a restore put aside; one that opens no more stays."""
        for path in self._source.database.parent.glob(f"{PUT_ASIDE}*"):
            with suppress(KimError):
                strip_store(path / self._source.database.name, self._source.key)

    def _header(self, copy: Path, schema: int, at_ms: int, generation: int) -> BackupHeader:
        size, digest = _measured(copy)
        source = self._source
        vault = source.vault.read_bytes()
        return BackupHeader(at_ms, generation, source.district, source.device, schema, vault, size, digest)

    def _entry(self, path: Path) -> BackupEntry:
        size = 0
        try:
            size = path.stat().st_size
            with path.open("rb") as file:
                front = read_front(file)
        except NewerBackupError:
            return BackupEntry(path, BackupState.NEWER, size)
        except (BackupDamagedError, OSError):
            return BackupEntry(path, BackupState.DAMAGED, size)
        own, header = front.is_authentic(self._source.header_key), front.header
        whole = size == front.begins + header.size
        state = BackupState.GOOD if whole else BackupState.DAMAGED
        return BackupEntry(path, state, size, header.made_ms, own, header.generation)


def back_up_before_upgrade(source: BackupSource, local: Path, at_ms: int) -> None:
    """Back up a store that the next opening will migrate: to its folder, else to `local` beside it.

    Removes what a killed backup left beside the store, and does nothing more for one that is new or up to
    date. Raises as `BackupFolders.make`: without room for a
    copy nothing is upgraded.
    """
    _copy_path(source).unlink(missing_ok=True)
    if not source.database.exists():
        return
    with closing(open_copier(source.database, source.key)) as connection, translating_errors():
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if not 0 < found < len(migrations()):
            return
        folder, generation = _setting(connection, FOLDER), _setting(connection, GENERATION)
    folders, told = BackupFolders(source), Told(lambda _done, _total: None, lambda: False)
    number = int(generation or 0)
    if folder:
        with suppress(BackupFolderMissingError, BackupNotWrittenError):
            folders.make(Path(folder), at_ms, number, told)
            return
    local.mkdir(mode=0o700, exist_ok=True)
    folders.make(local, at_ms, number, told)


def _setting(connection: Connection, key: str) -> str | None:
    row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def _copy_path(source: BackupSource) -> Path:
    return source.database.with_name(source.database.name + _LOCAL)


def _drop_leftovers(folder: Path, source: BackupSource) -> None:
    """Remove what an own backup that was killed left half written."""
    for path in folder.glob(f"{_prefix(source)}*{SUFFIX}{_ASIDE}"):
        path.unlink(missing_ok=True)


def _prefix(source: BackupSource) -> str:
    return f"kim-mobil-{source.code}-{source.device:04}-"


def _name(source: BackupSource, at_ms: int) -> str:
    moment = datetime.fromtimestamp(at_ms // 1000, UTC)
    return f"{_prefix(source)}{moment:%Y%m%dT%H%M%S}Z{SUFFIX}"


def _free(path: Path) -> Path:
    """Give a name under which nothing lies: a clock that was set back names the same second again."""
    names = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(name for name in chain((path,), names) if not name.exists())


def _write(path: Path, front: bytes, copy: Path, size: int, told: Told) -> Path:
    """Write a backup as `path`, or beside what lies there; gives where."""
    aside = path.with_name(path.name + _ASIDE)
    try:
        with copy.open("rb") as database, _new_file(aside) as out:
            out.write(front)
            done = 0
            while piece := database.read(CHUNK):
                _go_on(told)
                out.write(piece)
                done += len(piece)
                told.progress(size + done, _STEPS * size)
            _flush(out)
        _read_back(aside, size, told)
        place = _free(path)
        os.replace(aside, place)
        flush_folder(path.parent)
        return place
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        _refuse(error)
    except BaseException:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def _read_back(path: Path, size: int, told: Told) -> None:
    with path.open("rb") as file:
        _forget_cached(file)
        done = 0
        for piece in pieces(file, read_front(file).header):
            _go_on(told)
            done += len(piece)
            told.progress(2 * size + done, _STEPS * size)


def _go_on(told: Told) -> None:
    if told.cancelled():
        raise BackupStoppedError


def _measured(path: Path) -> tuple[int, bytes]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        return file.tell(), digest


def _new_file(path: Path) -> BinaryIO:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, _OWNER_ONLY)
    return os.fdopen(handle, "wb")


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _forget_cached(file: BinaryIO) -> None:
    """Let the read go to the disk itself where the system can be asked to."""
    if sys.platform == "linux":
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _refuse(error: OSError) -> NoReturn:
    raise BackupNotWrittenError(reason=errno.errorcode.get(error.errno or 0, "EIO")) from error
