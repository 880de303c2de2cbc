"""A lone computer whose store is backed up, and what tests do to its backups."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from app.services.backups import BackupEntry
from app.storage.backup_file import encode_front, read_front
from sync import compose
from sync.compose import DistrictSetUp
from sync.workplace import Workplace
from tests.support.district import CHEAP, PASSPHRASE, MovingClock
from tests.support.ports import SeededEntropy

__all__ = [
    "CHEAP",
    "PASSPHRASE",
    "Alone",
    "back_up",
    "decrypted",
    "decrypted_log",
    "forged",
    "lone_computer",
    "quietly",
]

PAGE, RESERVED, IV, SALT, LOG_HEADER, FRAME_HEADER = 4096, 80, 16, 16, 32, 24
"""SQLCipher 4: each page ends with its IV and an HMAC-SHA-512; the first begins with the salt."""


@dataclass
class Alone:
    """A district of one, without a relay, and the stick in it."""

    home: Path
    stick: Path
    clock: MovingClock
    entropy: SeededEntropy
    place: Workplace
    recovery_key: str

    def reopen(self) -> Workplace:
        """Close and unlock again."""
        self.place.close()
        self.place = compose.unlock(self.home, PASSPHRASE, clock=self.clock, entropy=self.entropy)
        return self.place


@contextmanager
def lone_computer(folder: Path, seed: str = "alone") -> Iterator[Alone]:
    """Give an open store whose backups go to a folder."""
    clock, entropy = MovingClock(), SeededEntropy(seed)
    home, stick = folder / "home", folder / "stick"
    stick.mkdir(parents=True)
    setup = DistrictSetUp("Musterkreis", "MUS", "kreis", "Sina Vogt", "")
    place, key = compose.set_up_district(home, PASSPHRASE, setup, clock=clock, entropy=entropy, cost=CHEAP)
    place.backups.set_folder(stick)
    alone = Alone(home, stick, clock, entropy, place, key.text)
    yield alone
    alone.place.close()


def quietly(_done: int, _total: int) -> None:
    """Watch no progress."""


def back_up(alone: Alone) -> BackupEntry:
    """Make a backup that nobody stops."""
    return alone.place.backups.make(quietly, lambda: False)


def forged(data: bytes) -> bytes:
    """Give the backup with another date in its header, by somebody who does not know the key."""
    file = BytesIO(data)
    front = read_front(file)
    header = replace(front.header, made_ms=front.header.made_ms + 1)
    return encode_front(header, bytes(32)) + file.read()


def decrypted(path: Path, key: bytes) -> bytes:
    """Give the decrypted pages of a database file, free ones included."""
    data = path.read_bytes()
    pages = (data[at : at + PAGE] for at in range(0, len(data), PAGE))
    return b"".join(_open_page(page, key, SALT if at == 0 else 0) for at, page in enumerate(pages))


def decrypted_log(path: Path, key: bytes) -> bytes:
    """Give the decrypted pages of a write-ahead log, those of earlier transactions too."""
    data = path.read_bytes() if path.exists() else b""
    found = b""
    for at in range(LOG_HEADER, len(data) - PAGE, FRAME_HEADER + PAGE):
        first = int.from_bytes(data[at : at + 4], "big") == 1
        begins = at + FRAME_HEADER
        found += _open_page(data[begins : begins + PAGE], key, SALT if first else 0)
    return found


def _open_page(page: bytes, key: bytes, begins: int) -> bytes:
    tail = page[-RESERVED:]
    opened = Cipher(AES(key), CBC(tail[:IV])).decryptor()
    return opened.update(page[begins:-RESERVED]) + opened.finalize()
