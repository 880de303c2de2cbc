"""Putting this device's own items into a folder, and taking away its own that everybody has read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from app.services.folder import FolderItem
from sync.carriers import Cancelled, RoundCancelledError
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.folder.files import FolderFiles, Listing
from sync.folder.items import NOBODY, ROSTER, file_content, file_name
from sync.folder.manifest import Manifest, Run
from sync.ports import Post
from sync.rounds.exchange import Gap, Kind
from sync.signed.purge import Purge, read_purge
from sync.taking.asking import standing_ask

Outgoing = dict[bytes, tuple[FolderItem, bytes]]
"""What should lie in the folder, by name, in the order of writing; with each its sealed bytes."""


class Outgo:
    """Writes one device's items into one folder, within one exchange."""

    def __init__(
        self,
        engine: Engine,
        files: FolderFiles,
        key: bytes,
        step: Callable[[int], None],
        cancelled: Cancelled,
    ) -> None:
        """Name files under `key`; tell `step` of bytes written, ask `cancelled` before each file."""
        self._engine, self._files, self._key = engine, files, key
        self._step, self._cancelled = step, cancelled
        self.written = self.removed = 0

    def due(self, post: Post, lists: Iterable[Manifest], *, everybody: bool) -> Outgoing:
        """Give what should lie there; rosters where a list is behind, or not `everybody` has a list."""
        oldest = min((item.roster_version for item in lists), default=0) if everybody else 0
        found: Outgoing = {}
        for item, sealed in self._items(post, oldest):
            found[item.name] = (item, sealed)
        return found

    def write(self, due: Outgoing, listing: Listing) -> None:
        """Write what is not there whole; raises RoundCancelledError and what `FolderFiles.write` raises.

        What is written is noted at once: stopped anywhere, the next exchange goes on.
        """
        for name in missing(due, listing):
            if self._cancelled():
                raise RoundCancelledError
            item, sealed = due[name]
            content = file_content(item.kind, sealed)
            self._files.write(name, content)
            with self._engine.office.transaction() as post:
                post.folder.put(replace(item, size=len(content)), self._engine.now_ms())
            self.written += 1
            self._step(len(content))
        if self.written:
            self._files.flush()

    def own(self, found: Mapping[bytes, FolderItem], due: Outgoing) -> None:
        """Note what lies there already as put there: an older disk of this device had written it."""
        with self._engine.office.transaction() as post:
            for name in found.keys() & due.keys():
                if found[name].placed != due[name][0].placed:
                    post.folder.put(due[name][0], self._engine.now_ms())

    def clear(self, found: Mapping[bytes, FolderItem], due: Outgoing, wants: Iterable[Gap]) -> None:
        """Take away own files that nobody needs any more; what a list asks for stays, others' always."""
        wanted = list(wants)
        for name, item in found.items():
            own = item.device == self._engine.index and item.placed
            if own and name not in due and not _is_wanted(item, wanted):
                self._files.remove(name)
                self.removed += 1

    def _items(self, post: Post, oldest_roster: int) -> Iterator[tuple[FolderItem, bytes]]:
        versions = enumerate(post.keys.rosters(), start=1)
        for sealed in (roster for version, roster in versions if version > oldest_roster):
            yield self._own(ROSTER, sealed, NOBODY), sealed
        for prekey in post.keys.own_prekeys()[:1]:
            yield self._own(Kind.PREKEY, prekey.signed), prekey.signed
        for grant in post.folder.grants():
            yield replace(self._own(Kind.GRANT, grant.sealed), recipient=grant.recipient), grant.sealed
        for envelope in post.folder.kept():
            if envelope.sealed is not None:
                stream = (envelope.session, envelope.channel, envelope.epoch, envelope.n)
                yield replace(self._own(Kind.ENVELOPE, envelope.sealed), stream=stream), envelope.sealed
        for voided in post.orders.purges():
            purge = read_purge(voided.sealed)
            if not _is_read(self._engine, post, purge):
                yield self._own(Kind.PURGE, voided.sealed), voided.sealed
        ask = standing_ask(post)
        if ask is not None:
            yield self._own(Kind.ASK, ask), ask

    def _own(self, kind: int, sealed: bytes, device: int | None = None) -> FolderItem:
        digest = sha256(sealed)
        sender = self._engine.index if device is None else device
        return FolderItem(
            file_name(self._key, kind, digest),
            kind,
            digest,
            len(sealed) + 1,
            sender,
            taken=True,
            placed=sender != NOBODY,
        )


def missing(due: Outgoing, listing: Listing) -> list[bytes]:
    """Give the names of what does not lie there in its whole length."""
    return [name for name, (item, _sealed) in due.items() if listing.sizes.get(name) != item.size]


def holds_of(due: Outgoing) -> tuple[Run, ...]:
    """Give the places of the envelopes and purges among these, as runs."""
    runs: list[Run] = []
    for session, channel, n in sorted(place for item in due.values() for place in _places(*item)):
        last = runs[-1] if runs else None
        if last is not None and (last.session, last.channel, last.last) == (session, channel, n - 1):
            runs[-1] = replace(last, last=n)
        else:
            runs.append(Run(session, channel, n, n))
    return tuple(runs)


def _places(item: FolderItem, sealed: bytes) -> Iterator[tuple[int, bytes, int]]:
    if item.kind == Kind.PURGE:
        purge = read_purge(sealed)
        yield from ((place.session, purge.channel, place.n) for place in purge.places)
    elif item.stream is not None:
        session, channel, _epoch, n = item.stream
        yield session, channel, n


def _is_read(engine: Engine, post: Post, purge: Purge) -> bool:
    """Tell whether every recipient has signed for all places of a purge."""
    key = post.keys.channel_key(engine.index, purge.channel, purge.epoch)
    devices = engine.roster.devices_of_all(key.audience if key is not None else ())
    others = [device.index for device in devices if device.index != engine.index]
    for place in purge.places:
        acks = post.out.acks(place.session, purge.channel)
        if any(acks.get(index, 0) < place.n for index in others):
            return False
    return True


def _is_wanted(item: FolderItem, wants: Iterable[Gap]) -> bool:
    if item.stream is None:
        return False
    session, channel, _epoch, n = item.stream
    stream = (item.device, session, channel)
    return any(
        (gap.device, gap.session, gap.channel) == stream and gap.first <= n <= gap.last for gap in wants
    )
