"""One exchange with a folder: look, take, seal, put, and write the own list last."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import Final

from app.services.folder import FolderItem, FolderReport
from app.services.mailbox import ParcelState
from sync.carriers import Cancelled, Progress
from sync.district.rosters import Rosters
from sync.engine import Engine
from sync.folder.errors import FolderError, FolderKeyMissingError
from sync.folder.files import FolderFiles, Listing
from sync.folder.intake import Intake
from sync.folder.keys import folder_keys
from sync.folder.lists import Found, Lists
from sync.folder.manifest import Manifest
from sync.folder.outgo import Outgo, holds_of, missing
from sync.roster import DeviceState
from sync.sending.dispatch import Dispatch
from sync.sending.own_prekeys import renew_prekey
from sync.taking.acknowledgements import free_read_copies
from sync.taking.asking import make_ask

_MARK_TAG: Final = b"kim-mobil/folder-aside/1"
_MARK_BYTES: Final = 4
_KEEP_MS: Final = 120 * 24 * 3600 * 1000
"""Others' files are remembered so long; then they are looked at once more."""
_MOST_LOOKS: Final = 4
"""A new folder key or roster may let more be understood; nothing needs more looks than this."""


class FolderExchange:
    """One exchange of one device with one folder; use it once."""

    def __init__(self, engine: Engine, folder: Path, progress: Progress, cancelled: Cancelled) -> None:
        """Use `folder`, which must exist; raises FolderKeyMissingError."""
        self._engine, self._cancelled = engine, cancelled
        self._progress, self._done, self._total = progress, 0, 0
        keys = self._keys()
        mark = hmac.digest(keys[0], _MARK_TAG + engine.index.to_bytes(_MARK_BYTES, "big"), "sha256")
        self._files = FolderFiles(folder, mark[:_MARK_BYTES].hex())
        self._rosters = Rosters(engine, None)
        self._intake = Intake(engine, self._files, self._rosters, self._step, cancelled)
        self._written = self._removed = self._left = 0

    def run(self) -> FolderReport:
        """Take and put all there is.

        Raises FolderMissingError, FolderGoneError and RoundCancelledError; what was taken before stays.
        What only stops the writing is told in the report.
        """
        with self._engine.office.transaction() as post:
            renew_prekey(self._engine, post)
            post.folder.forget_before(self._engine.now_ms() - _KEEP_MS)
        listing = self._files.listing()
        found, lists = self._take(listing)
        problem: FolderError | None = None
        try:
            self._put(listing, found, lists)
        except FolderError as error:
            problem = error
        self._progress(self._done, self._done)
        return self._report(listing, lists, problem)

    def _fresh(self, listing: Listing) -> int:
        """Give the bytes of what was not seen before: it is examined, and then read."""
        with self._engine.office.transaction() as post:
            known = post.folder.known().keys()
        return 2 * sum(size for name, size in listing.sizes.items() if name not in known)

    def _take(self, listing: Listing) -> tuple[dict[bytes, FolderItem], Found]:
        self._expect(self._fresh(listing))
        for _ in range(_MOST_LOOKS):
            keys, roster = self._keys(), self._engine.roster.version
            lists = Lists(self._engine, self._files, keys)
            self._intake.counts.reset()
            found = self._intake.look(listing, lists.names())
            self._intake.take(found)
            if (keys, roster) == (self._keys(), self._engine.roster.version):
                break
        read = lists.read(listing)
        lists.note_set_back(listing)
        self._intake.take_acks(ack for item in read.lists for ack in item.acks)
        return found, read

    def _put(self, listing: Listing, found: dict[bytes, FolderItem], read: Found) -> None:
        engine, keys = self._engine, self._keys()
        with engine.office.transaction() as post:
            free_read_copies(engine, post)
        Dispatch(engine).seal()
        outgo = Outgo(engine, self._files, keys[0], self._step, self._cancelled)
        with engine.office.transaction() as post:
            make_ask(engine, post)
            due = outgo.due(post, read.lists, everybody=self._is_complete(read.lists))
        self._expect(self._done + sum(due[name][0].size for name in missing(due, listing)))
        try:
            outgo.own(found, due)
            self._files.clear_asides()
            outgo.write(due, listing)
            outgo.clear(found, due, (gap for item in read.lists for gap in item.wants))
            Lists(engine, self._files, keys).write(holds_of(due), read.lists, listing)
        finally:
            self._written, self._removed = outgo.written, outgo.removed
            self._left = len(missing(due, listing)) - outgo.written

    def _is_complete(self, lists: list[Manifest]) -> bool:
        """Tell whether every other active device has a list there."""
        roster = self._engine.roster
        active = {device.index for device in roster.devices if device.state is DeviceState.ACTIVE}
        return active - {self._engine.index} <= {item.device for item in lists}

    def _keys(self) -> tuple[bytes, ...]:
        with self._engine.office.transaction() as post:
            keys = folder_keys(post.records)
        if not keys:
            raise FolderKeyMissingError
        return keys

    def _report(self, listing: Listing, lists: Found, problem: FolderError | None) -> FolderReport:
        with self._engine.office.transaction() as post:
            parcels, gaps = post.into.parcels(), post.into.gaps()
        counts, tally = self._intake.counts, self._intake.tally
        return FolderReport(
            self._engine.now_ms(),
            read=counts.read,
            written=self._written,
            removed=self._removed,
            lists=len(lists.lists),
            older=lists.older,
            missing=sum(gap.last - gap.first + 1 for gap in gaps),
            broken=counts.broken + lists.broken,
            foreign=counts.foreign + listing.others,
            applied=tally.applied,
            held=sum(item.state is ParcelState.HELD for item in parcels),
            quarantined=sum(item.state is ParcelState.QUARANTINED for item in parcels),
            left=self._left,
            problem=problem,
            changed=tally.changed,
        )

    def _expect(self, total: int) -> None:
        self._total = max(self._total, total)
        self._progress(self._done, self._total)

    def _step(self, size: int) -> None:
        self._done += size
        self._total = max(self._total, self._done)
        self._progress(self._done, self._total)
