"""Taking what others left in a folder: each file once, in the order in which items need each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.services.folder import FolderItem
from app.services.mailbox import ParcelKind
from sync.carriers import Cancelled, RoundCancelledError
from sync.district.rosters import Rosters
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.errors import ReadingError
from sync.folder.files import FolderFiles, Listing
from sync.folder.items import ITEM_LIMIT, ROSTER, NotWholeError, examine, parcel_kind
from sync.folder.keys import folder_keys
from sync.ports import Post
from sync.rounds.exchange import Kind
from sync.signed.ack import read_ack
from sync.taking.reading import Reading, Tally

_ORDER: Final = (Kind.PREKEY, Kind.GRANT)
"""What others need comes first; then all else."""


@dataclass
class Counts:
    """What the looking and taking came to."""

    read: int = 0
    broken: int = 0
    foreign: int = 0

    def reset(self) -> None:
        """Count anew what is not ours: the folder is looked at once more."""
        self.broken = self.foreign = 0


class Intake:
    """Reads one folder for one device, within one exchange."""

    def __init__(
        self,
        engine: Engine,
        files: FolderFiles,
        rosters: Rosters,
        step: Callable[[int], None],
        cancelled: Cancelled,
    ) -> None:
        """Tell `step` of bytes read; ask `cancelled` before each file."""
        self._engine, self._files, self._rosters = engine, files, rosters
        self._step, self._cancelled = step, cancelled
        self._reading = Reading(engine)
        self.tally = Tally()
        self.counts = Counts()

    def look(self, listing: Listing, lists: Iterable[bytes]) -> dict[bytes, FolderItem]:
        """Examine every file that is not known yet; gives all known ones that lie there, by name."""
        with self._engine.office.transaction() as post:
            known = post.folder.known()
            keys = folder_keys(post.records)
        found: dict[bytes, FolderItem] = {}
        fresh: list[FolderItem] = []
        for name in sorted(listing.sizes.keys() - set(lists)):
            item = known.get(name) or self._examine(name, keys)
            if item is not None:
                found[name] = item
                fresh += [item] if name not in known else []
        now = self._engine.now_ms()
        with self._engine.office.transaction() as post:
            for item in fresh:
                post.folder.put(item, now)
        return found

    def take(self, found: Mapping[bytes, FolderItem]) -> None:
        """Take what is for this device and was not taken before; what comes may open the rest."""
        done = self._take_rosters([item for item in found.values() if item.kind == ROSTER])
        while due := self._due(found, done):
            for item in due:
                done.add(item.name)
                self._take_one(item)
            self._reading.read_again(self.tally)

    def take_acks(self, acks: Iterable[bytes]) -> None:
        """Take acknowledgements that others' lists hold for this device."""
        for sealed in acks:
            if _is_for(self._engine.index, sealed):
                self._reading.take(ParcelKind.ACK, sealed, self.tally)

    def _examine(self, name: bytes, keys: tuple[bytes, ...]) -> FolderItem | None:
        content = self._content(name)
        try:
            item = None if content is None else examine(name, content, keys, self._engine.roster.district)
        except NotWholeError as error:
            self.counts.foreign += error.reason == "foreign"
            self.counts.broken += error.reason != "foreign"
            return None
        self.counts.broken += item is None
        return item

    def _content(self, name: bytes) -> bytes | None:
        if self._cancelled():
            raise RoundCancelledError
        content = self._files.read(name, ITEM_LIMIT)
        self._step(len(content or b""))
        return content

    def _due(self, found: Mapping[bytes, FolderItem], done: set[bytes]) -> list[FolderItem]:
        left = [item for name, item in found.items() if not item.taken and name not in done]
        with self._engine.office.transaction() as post:
            openable = post.folder.openable({item.name for item in left})
            due = [item for item in left if self._is_for_me(post, item, openable)]
        return sorted(due, key=_rank)

    def _is_for_me(self, post: Post, item: FolderItem, openable: frozenset[bytes]) -> bool:
        me = self._engine.index
        if parcel_kind(item.kind) is None or (item.recipient is not None and item.recipient != me):
            return False
        if item.device != me:
            return item.stream is None or item.name in openable
        if item.kind != Kind.ENVELOPE or item.stream is None:
            return False
        # What this store put there and then voided must not come back; what it does not know was its own
        # before it was set back.
        session, channel, _epoch, n = item.stream
        known = post.out.envelope(session, channel, n)
        return not item.placed and (known is None or known.digest != item.digest)

    def _take_one(self, item: FolderItem) -> None:
        sealed, kind = self._sealed(item), parcel_kind(item.kind)
        if sealed is not None and kind is not None:
            self._reading.take(kind, sealed, self.tally)
            self._note_taken([item])

    def _take_rosters(self, items: list[FolderItem]) -> set[bytes]:
        """Take all at once: which of them counts depends on the set."""
        read = {item.name: self._sealed(item) for item in items if not item.taken}
        whole = {name: sealed for name, sealed in read.items() if sealed is not None}
        if self._rosters.take(whole.values()):
            self.tally.news = self.tally.reach = True
            self._reading.read_again(self.tally)
        self._note_taken([item for item in items if item.name in whole])
        return {item.name for item in items}

    def _sealed(self, item: FolderItem) -> bytes | None:
        """Read an item once more; what is no longer what it was is not taken."""
        content = self._content(item.name)
        if content is None or sha256(content[1:]) != item.digest:
            self.counts.broken += 1
            return None
        self.counts.read += 1
        return content[1:]

    def _note_taken(self, items: Iterable[FolderItem]) -> None:
        with self._engine.office.transaction() as post:
            for item in items:
                post.folder.put(replace(item, taken=True), self._engine.now_ms())


def _is_for(device: int, ack: bytes) -> bool:
    """Tell whether an acknowledgement is for a device; an unreadable one is for the reader to refuse."""
    try:
        return read_ack(ack).device == device
    except ReadingError:
        return True


def _rank(item: FolderItem) -> tuple[int, int, tuple[int, bytes, int, int]]:
    """Give an item's place in the order of taking; it follows from what it is, never from its file's name."""
    first = _ORDER.index(item.kind) if item.kind in _ORDER else len(_ORDER)
    return first, item.device, item.stream or (0, b"", 0, 0)
