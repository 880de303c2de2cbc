"""The devices' lists in a folder: others' are read and believed as far as signed; the own is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.services.mailbox import Place, Stream
from app.services.restored import note_disk_set_back
from sync.engine import Engine
from sync.errors import ReadingError
from sync.folder.files import FolderFiles, Listing
from sync.folder.manifest import (
    FILE_LIMIT,
    MOST_ACKS,
    MOST_RUNS,
    MOST_WANTED,
    Manifest,
    Run,
    manifest_name,
    seal_manifest,
    unseal_manifest,
    verify_manifest,
)
from sync.ports import Post
from sync.roster import Device, DeviceState
from sync.rounds.exchange import Gap
from sync.rounds.offer import sign_due
from sync.taking.absence import want_restored
from sync.taking.asking import state_wanted

_ALL = 1 << 31


@dataclass
class Found:
    """The lists of other active devices, and how many are older than one seen before or cannot be read."""

    lists: list[Manifest]
    older: int = 0
    broken: int = 0


class Lists:
    """Reads and writes lists in one folder."""

    def __init__(self, engine: Engine, files: FolderFiles, keys: tuple[bytes, ...]) -> None:
        """Open with any of `keys`, write under the last."""
        self._engine, self._files, self._keys = engine, files, keys

    def names(self) -> frozenset[bytes]:
        """Give the names that lists may have here, whether or not they lie there."""
        return frozenset(manifest_name(key, item.index) for key in self._keys for item in self._devices())

    def read(self, listing: Listing) -> Found:
        """Read the other devices' lists; of a device that has several the newest counts."""
        found = Found([])
        for device in self._devices():
            own = device.index == self._engine.index
            if device.state is DeviceState.ACTIVE and not own:
                theirs = sorted(self._lists_of(device, listing, found), key=lambda item: item.counter)
                found.lists += theirs[-1:]
        with self._engine.office.transaction() as post:
            for manifest in found.lists:
                found.older += manifest.counter < post.folder.counter(manifest.device)
                post.folder.put_list(manifest.device, manifest.counter, manifest.at_ms)
                self._witness(post, manifest)
        return found

    def note_set_back(self, listing: Listing) -> None:
        """Want the state of everything when the own list there is newer than any that this disk wrote."""
        there = self._own_counter(listing)
        with self._engine.office.transaction() as post:
            if there > post.folder.counter(self._engine.index):
                post.folder.put_list(self._engine.index, there, self._engine.now_ms())
                if state_wanted(post) is None:
                    want_restored(self._engine, post)
                    note_disk_set_back(post.records, self._engine.now_ms())

    def write(self, holds: tuple[Run, ...], others: Iterable[Manifest], listing: Listing) -> None:
        """Put the own list in place of the older one; raises what `FolderFiles.write` raises."""
        engine = self._engine
        with engine.office.transaction() as post:
            counter = post.folder.counter(engine.index) + 1
            post.folder.put_list(engine.index, counter, engine.now_ms())
            manifest = Manifest(
                district=engine.roster.district,
                device=engine.index,
                roster_version=engine.roster.version,
                counter=counter,
                at_ms=engine.now_ms(),
                holds=holds[:MOST_RUNS],
                wants=_wants(post),
                acks=self._acks(post, others),
            )
        content = seal_manifest(manifest, self._keys[-1], engine.sign, engine.entropy)
        self._files.write(manifest_name(self._keys[-1], engine.index), content)
        self._files.flush()
        for key in self._keys[:-1]:
            if manifest_name(key, engine.index) in listing.sizes:
                self._files.remove(manifest_name(key, engine.index))

    def _devices(self) -> tuple[Device, ...]:
        return self._engine.roster.devices

    def _lists_of(self, device: Device, listing: Listing, found: Found) -> Iterable[Manifest]:
        for key in self._keys:
            name = manifest_name(key, device.index)
            if name not in listing.sizes:
                continue
            try:
                manifest = unseal_manifest(self._files.read(name, FILE_LIMIT) or b"", (key,))
                if verify_manifest(manifest, self._engine.roster).index == device.index:
                    yield manifest
            except ReadingError:
                found.broken += 1

    def _own_counter(self, listing: Listing) -> int:
        """Give the counter of the own list there, 0 where there is none."""
        own = self._engine.roster.device(self._engine.index)
        lists = self._lists_of(own, listing, Found([])) if own is not None else ()
        return max((item.counter for item in lists), default=0)

    def _witness(self, post: Post, manifest: Manifest) -> None:
        """Note how far others say that their streams reach: a file that somebody took away is missed."""
        for run in manifest.holds:
            post.into.witness(Place(Stream(manifest.device, run.session, run.channel), run.last))

    def _acks(self, post: Post, others: Iterable[Manifest]) -> tuple[bytes, ...]:
        """Sign for what was read of streams of which somebody still keeps something."""
        open_streams = {(item.device, run.session, run.channel) for item in others for run in item.holds}
        heads = post.into.moved_heads(0, _ALL)
        due = [
            head
            for head in heads
            if (head.stream.device, head.stream.session, head.stream.channel) in open_streams
        ]
        return tuple(sign_due(self._engine, head) for head in due[:MOST_ACKS])


def _wants(post: Post) -> tuple[Gap, ...]:
    gaps = [gap for gap in post.into.gaps() if gap.first > 0][:MOST_WANTED]
    return tuple(
        Gap(gap.stream.device, gap.stream.session, gap.stream.channel, gap.first, gap.last) for gap in gaps
    )
